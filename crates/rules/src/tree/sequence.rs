//! Events in an order: `sequence(A -> not D -> B within 1d, same p, last 30d)`, and the gaps
//! between two.

use serde::{Deserialize, Serialize};

use super::{AggregateName, EventPattern, Expression, Window, is_false};
use crate::located::Located;

/// Steps in their order, and what holds of all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// In their order; at least one.
    pub steps: Vec<Step>,
    /// Which properties are equal in all steps, or in some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same: Vec<Same>,
    /// Within which time all steps lie that happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Box<Located<Window>>>,
}

/// `A where C as x within 1d after y`, `not D`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// `not`: there is no such event.
    #[serde(default, skip_serializing_if = "is_false")]
    pub not: bool,
    /// Which events; at least one.
    pub events: Vec<Located<EventPattern>>,
    /// Which of them.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Expression>>,
    /// What other parts of the sequence call the step.
    #[serde(rename = "as", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Located<String>>,
    /// How far it lies at most from another step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Located<Within>>,
}

/// `within 1d`, `within 1d after x`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// How far at most.
    pub span: String,
    /// After which step; left out, the nearest one before that happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Located<String>>,
}

/// What is equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Same {
    /// `same p`: in all steps.
    Everywhere(Expression),
    /// `same a.p = b.q`: at least two.
    Between(Vec<OfStep>),
}

/// `a.p`: a value of the event of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfStep {
    /// The step's name.
    pub step: Located<String>,
    /// A property of its event, or an expression over it.
    pub value: Expression,
}

/// `avg(gap(A -> B, same p, last 30d))`: the durations from an A to the next B.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// What is measured of the durations.
    pub function: AggregateName,
    /// From what to what: two steps.
    pub between: Sequence,
}

impl Sequence {
    /// The expressions directly below.
    pub(super) fn children(&self) -> Vec<&Expression> {
        let filters = self.steps.iter().filter_map(|step| step.filter.as_deref());
        let same = self.same.iter().flat_map(Same::children);
        let window = self.window.iter().flat_map(|window| window.node.children());
        filters.chain(same).chain(window).collect()
    }
}

impl Same {
    fn children(&self) -> Vec<&Expression> {
        match self {
            Self::Everywhere(value) => vec![value],
            Self::Between(of) => of.iter().map(|of| &of.value).collect(),
        }
    }
}
