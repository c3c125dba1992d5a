//! The stages of a user's life: new, active, at risk, lost, returned.

use serde::{Deserialize, Serialize};

/// What makes a user active, and how long without it makes the next stage. The durations are
/// texts such as `14d`; `rules` says which cases they stand for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// The events that show activity, as `did(…)` takes them: `*`, `login`, `(swap, bridge)`.
    pub active: String,
    /// How long after the first of them a user is new.
    pub new: String,
    /// After how long without any a user is at risk.
    pub at_risk: String,
    /// After how long without any a user is lost.
    pub lost: String,
    /// How long one who was lost and came back counts as returned; `None`: as long as `new`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<String>,
}
