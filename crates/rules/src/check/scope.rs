//! Where a name stands: among the user's attributes, or among an event's properties.

use std::collections::BTreeSet;

use crate::checked::Path;

/// What names mean.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'s> {
    /// Names are attributes of the user.
    User,
    /// Names are properties of an event; there are no tags, aggregates and `now`.
    Event(&'s EventScope),
}

/// The events whose properties names are.
#[derive(Debug, Default)]
pub(super) struct EventScope {
    /// The events as they were written.
    pub written: String,
    /// All properties that one of them is known to have.
    pub properties: BTreeSet<Path>,
    /// Whether some of the events are unknown, so that nothing can be said of their properties.
    pub is_unknown: bool,
}
