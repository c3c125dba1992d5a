//! Matching sequences in one pass, without backtracking.
//!
//! Of all matches of the first n steps the only one that matters is the latest in every step.
//! There is such a one: of two matches, take for each step the later of both events. Still each
//! is later than the one before; an event that was not too long after another is so all the more
//! after a later one; what lies between two of them lay between them before; and whatever is
//! demanded of one event alone (its window, nothing before the first) is demanded of one that had
//! it. And what can follow any of them can follow the latest. So for each value of what is equal
//! in all steps, one moment is kept for each number of steps done, and with it those of earlier
//! steps from which a later limit counts.
//!
//! Where an equality concerns some of the steps only, matches of different values cannot be mixed
//! so; each value has moments of its own, and those of values not yet met are kept once.
//!
//! Events of one time and position are no later than one another. They are taken together, what
//! they do to later steps before what they do to earlier ones: thus each sees what was before.

mod gaps;
mod matcher;
mod moments;
mod table;

pub(crate) use self::gaps::Gaps;
pub(crate) use self::matcher::Matcher;
pub(crate) use self::table::{NO_VALUE, ValueTable};
