//! What rules measure: one program, one fold over each user's history. No I/O.

mod accumulate;
#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod block;
mod calendar;
pub mod evaluate;
mod evidence;
pub mod feature;
mod fold;
pub mod history;
pub mod holdings;
pub mod identity;
pub mod membership;
pub mod number_range;
pub mod place;
pub mod population;
pub mod program;
pub mod reference;
mod sequence;
pub mod sql;
pub mod window;

pub use block::{BLOCK_USERS, FeatureBlock, FeatureColumn, NumberMeaning};
pub use evidence::{Evidence, EvidenceEvent, MOST_EVENTS, WatchedUser};
pub use feature::{Feature, FeatureSet};
pub use history::{Arrivals, Column, HistoryBlock, Table, Wanted, WantedColumn, WantedForm};
pub use identity::IdentityEvent;
pub use membership::{Membership, Recorded};
pub use program::{Program, ValueLists};
