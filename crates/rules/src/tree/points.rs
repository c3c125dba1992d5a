//! Points for conditions that hold.

use serde::{Deserialize, Serialize};

use super::Expression;
use crate::located::Located;

/// `2 when C`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// A number as written; it may be negative.
    pub weight: Located<String>,
    /// When it is added.
    pub when: Expression,
}
