//! What is wrong with definitions rather than with the text of one rule.

use super::{Path, mistakes};

mistakes! {
    pub(crate) enum Definitions {
        Cycle { path: Path } => Error(Cycle),
            "它们互相依赖：{path}：去掉其中一环",
            "these depend on one another: {path}: take one step out";
        CasesOfCase => Error(Syntax),
            "分支的规则是一个条件：它自己不能再有分支",
            "the rule of a case is a condition: it has no cases of its own";
    }
}
