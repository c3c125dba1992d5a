//! Recency, frequency and money: one tag that groups users by all three.

use std::fmt;

use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// What is measured of each user, and into which groups the three scores put them. The measures
/// are texts of rules; `rules` says which cases they stand for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rfm {
    /// The events whose last one counts, `swap where usd > 1`; or a time, `last_time(swap)`.
    pub recency: String,
    /// How often, `count(swap)`.
    pub frequency: String,
    /// How much, `sum(swap.usd)`.
    pub monetary: String,
    /// Within which time all three are measured: a duration back from now, or a window of rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Where a score ends and the next one begins; `None`: at the quintiles of the users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<RfmBounds>,
    /// Which groups there are.
    #[serde(default, skip_serializing_if = "RfmGroups::is_default")]
    pub groups: RfmGroups,
}

/// The least value of each score above the lowest: one bound for `eight`, which tells high from
/// low, four for five scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RfmBounds {
    /// Durations back from now, the longest first.
    pub recency: Bounds,
    /// Numbers, the least first.
    pub frequency: Bounds,
    /// Numbers, the least first.
    pub monetary: Bounds,
}

/// Into which groups three scores put a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RfmGroups {
    /// By high and low of each: the eight groups from `important_value` to `general_win_back`.
    #[default]
    Eight,
    /// By recency, and frequency and money together: the eleven segments from `champions` to
    /// `lost`.
    Eleven,
}

impl RfmGroups {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Constants as they are written, in their order: one, or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds(pub Vec<String>);

impl Serialize for Bounds {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            all => all.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Bounds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BoundsVisitor)
    }
}

struct BoundsVisitor;

impl<'de> Visitor<'de> for BoundsVisitor {
    type Value = Bounds;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number or a duration, or a list of them")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Bounds, E> {
        Ok(Bounds(vec![text.to_owned()]))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Bounds, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Bounds, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Bounds, E> {
        let text = number.to_string();
        if text.bytes().filter(u8::is_ascii_digit).count() > EXACT_DIGITS {
            return Err(E::custom(format!(
                "write `{text}` in quotes, so that no digit of it is lost"
            )));
        }
        self.visit_str(&text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Bounds, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element()? {
            texts.push(text);
        }
        Ok(Bounds(texts))
    }
}

/// So many digits a binary float keeps of any decimal.
const EXACT_DIGITS: usize = 15;
