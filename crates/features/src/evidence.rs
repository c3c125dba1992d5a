//! Evidence: which events and changes of one user a feature's value comes from.

use std::sync::Arc;

use domain::{Time, Value};
use rules::checked::Path;

use crate::block::FeatureBlock;

/// How many events are shown of those that counted.
pub const MOST_EVENTS: usize = 5;

/// What the walk over one user's history leaves where the evidence is kept.
#[derive(Clone, Debug)]
pub struct WatchedUser {
    /// Whether the user is known at `now`.
    pub is_known: bool,
    /// The features, of that user only.
    pub block: FeatureBlock,
    /// What each of them was measured from.
    pub evidence: Vec<Evidence>,
}

/// What a feature of one user was measured from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// How many events counted, or how often the attribute was touched.
    pub counted: usize,
    /// The event that gives the value, where it is one; else the newest ones that counted, the
    /// newest first.
    pub events: Vec<EvidenceEvent>,
    /// When the attribute was last touched.
    pub touched_at: Option<Time>,
}

/// An event as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceEvent {
    /// When it happened.
    pub time: Time,
    /// Its name.
    pub name: Arc<str>,
    /// The properties that the rule looks at, as far as the event has them.
    pub properties: Vec<(Path, Value)>,
}
