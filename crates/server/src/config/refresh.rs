//! How tags are kept fresh where their definitions do not say.

use domain::{RefreshPolicy, Span};
use serde::{Deserialize, Serialize};

/// How tags are kept fresh.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RefreshConfig {
    /// The policy of tags that name none.
    pub default: RefreshPolicy,
    /// How often real-time tags are looked at as a whole.
    pub real_time_check: Length,
    /// How long after the first failure a tag is tried again.
    pub retry_first: Length,
    /// How long after a failure a tag is tried again at most.
    pub retry_longest: Length,
    /// How long one computation may take.
    pub longest_run: Length,
}

/// A length of time, written `15m`.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(try_from = "String", into = "String")]
pub struct Length(pub Span);

impl TryFrom<String> for Length {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let span = Span::parse(&text).filter(|span| *span >= Span::SECOND);
        span.map(Self).ok_or_else(|| {
            format!("`{text}` is no length of time: write a second or more with s, m, h or d, like `15m`")
        })
    }
}

impl From<Length> for String {
    fn from(length: Length) -> Self {
        length.0.to_string()
    }
}

impl RefreshConfig {
    /// How long after so many failures in a row, at least one, a tag is tried again: the pause
    /// doubles until it is the longest.
    pub fn pause(&self, failures: u32) -> Span {
        let (first, longest) = (self.retry_first.0.millis(), self.retry_longest.0.millis());
        let doubled = 1_i64
            .checked_shl(failures.saturating_sub(1))
            .filter(|factor| *factor > 0);
        let pause = doubled.and_then(|factor| first.checked_mul(factor));
        Span::from_millis(pause.map_or(longest, |pause| pause.min(longest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> Length {
        Length::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn the_pause_after_failures_doubles_until_it_is_the_longest() {
        let config = RefreshConfig {
            default: RefreshPolicy::ByHand,
            real_time_check: length("10m"),
            retry_first: length("1m"),
            retry_longest: length("1h"),
            longest_run: length("30m"),
        };
        let pauses = [1, 2, 3, 4, 5, 6, 7, 8, 63, 64, 65, u32::MAX]
            .map(|failures| config.pause(failures).to_string());
        assert_eq!(
            pauses,
            [
                "1m", "2m", "4m", "8m", "16m", "32m", "1h", "1h", "1h", "1h", "1h", "1h"
            ]
        );
    }

    #[test]
    fn what_is_no_length_is_refused_with_an_example() {
        for text in ["", "15", "0s", "-1m", "soon"] {
            let refused = Length::try_from(text.to_owned()).unwrap_err();
            assert!(refused.contains("like `15m`"), "{refused}");
        }
    }
}
