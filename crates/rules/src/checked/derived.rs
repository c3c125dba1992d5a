//! Changes that the engine itself makes events of, so that rules can ask for them as for any other.

use std::fmt;

use domain::TagKey;

use super::{IdentitySort, Path};

/// An event that nobody sent: it follows from the history. It has properties `old` and `new`, and
/// those of tags with values the `value` that was got or lost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DerivedEvent {
    /// `changed(attr)`: a touch after which the attribute's value is another one than before.
    Changed(Path),
    /// `linked(wallet)`: an identity of that sort became the user's.
    Linked(IdentitySort),
    /// `unlinked(wallet)`: an identity of that sort was taken from the user.
    Unlinked(IdentitySort),
    /// `entered(k)`: a run recorded that the user got the tag, or one of its values.
    Entered(TagKey),
    /// `left(k)`: a run recorded that the user lost it.
    Left(TagKey),
}

/// As a rule writes it, but for backticks; this is also the event's name.
impl fmt::Display for DerivedEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(path) => write!(formatter, "changed({path})"),
            Self::Entered(tag) => write!(formatter, "entered({tag})"),
            Self::Left(tag) => write!(formatter, "left({tag})"),
            Self::Linked(sort) => write!(formatter, "linked({sort})"),
            Self::Unlinked(sort) => write!(formatter, "unlinked({sort})"),
        }
    }
}
