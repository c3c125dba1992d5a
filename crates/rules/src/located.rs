//! Where something stands in the text of a rule; two things are equal wherever they stand.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A stretch of the rule's text, in bytes; both ends lie between two letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct TextRange {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl TextRange {
    /// From the start of this to the end of the other.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The text that lies in the range; empty if it is not of this text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        let start = usize::try_from(self.start).unwrap_or(usize::MAX);
        let end = usize::try_from(self.end).unwrap_or(usize::MAX);
        text.get(start..end).unwrap_or_default()
    }
}

/// Something with its place in the text. What came from JSON has the empty place.
#[derive(Clone, Debug, Default)]
pub struct Located<T> {
    /// The thing.
    pub node: T,
    /// Where it stands; equality ignores it.
    pub range: TextRange,
}

impl<T> Located<T> {
    /// The thing at that place.
    pub fn new(node: T, range: TextRange) -> Self {
        Self { node, range }
    }
}

impl<T> From<T> for Located<T> {
    fn from(node: T) -> Self {
        Self {
            node,
            range: TextRange::default(),
        }
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<T: Eq> Eq for Located<T> {}

impl<T: Serialize> Serialize for Located<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.node.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}
