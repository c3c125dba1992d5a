//! Points for conditions.

use super::speaker::{Points, Speaker, say};
use crate::tree::Weighted;

impl Speaker<'_> {
    /// `points(1 when a, 2 when b)`: what each condition is worth.
    pub(super) fn points(&self, of: &[Weighted]) -> String {
        if self.points == Points::Sum {
            return say!(self, "得分之和", "the sum of points");
        }
        let said = |Weighted { weight, when }: &Weighted| {
            let (points, when) = (self.number(&weight.node), self.clause(when));
            say!(self, "{when} 计 {points} 分", "{points} if {when}")
        };
        let parts: Vec<String> = of.iter().map(said).collect();
        let parts = parts.join(&say!(self, "；", "; "));
        say!(self, "得分之和（{parts}）", "the sum of points ({parts})")
    }
}
