//! What is measured over the elements of a list.

use super::{Aggregate, Measure};

/// An aggregate over the elements of a list that is known of the user, as known at `now`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Collection {
    /// The list; a value that is none is a list of one, and nothing is an empty one.
    pub of: Measure,
    /// What is measured of its elements: its arguments and its filter read [`Measure::Member`].
    /// It takes no events, and has no window.
    pub aggregate: Aggregate,
}
