//! How a tag is kept fresh: `real_time`, `every 15m`, `cron "0 8 * * *"` or `by_hand`.

mod cron;
mod mistake;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use self::cron::Cron;
use self::mistake::Mistake;
use crate::{Error, Span, Time, Zone, nearest};

/// When a tag is computed again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RefreshPolicy {
    /// As soon as something has changed, for those whom it concerns.
    RealTime,
    /// So long after it was computed last.
    Every(Span),
    /// At the times of a cron expression, on the clock of the tag's zone.
    Cron(Cron),
    /// When somebody asks for it.
    ByHand,
}

/// The shortest time between two computations: what is wanted sooner is `real_time`.
const SHORTEST: Span = Span::MINUTE;
/// The longest: a year.
const LONGEST: Span = Span::from_millis(366 * Span::DAY.millis());

const REAL_TIME: &str = "real_time";
const EVERY: &str = "every";
const CRON: &str = "cron";
const BY_HAND: &str = "by_hand";

impl RefreshPolicy {
    /// The first instant after `last` at which the schedule wants the tag computed; `None` where no
    /// schedule says so: for what is done by hand, and for what waits for changes.
    #[must_use]
    pub fn next_after(&self, last: Time, zone: &Zone) -> Option<Time> {
        match self {
            Self::RealTime | Self::ByHand => None,
            Self::Every(span) => last.checked_add(*span),
            Self::Cron(cron) => cron.next_after(last, zone),
        }
    }
}

impl FromStr for RefreshPolicy {
    type Err = Error;

    /// # Errors
    /// [`Error::InvalidRefresh`], with what to write instead.
    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let (word, rest) = match text.split_once(char::is_whitespace) {
            Some((word, rest)) => (word, rest.trim()),
            None => (text, ""),
        };
        match (word, rest) {
            (REAL_TIME, "") => Ok(Self::RealTime),
            (BY_HAND, "") => Ok(Self::ByHand),
            (EVERY, span) => every(span),
            (CRON, quoted) => match unquoted(quoted) {
                Some(fields) => fields.parse().map(Self::Cron),
                None => Err(Mistake::of_cron_without_quotes(quoted).into()),
            },
            _ => Err(unknown(text).into()),
        }
    }
}

fn every(text: &str) -> Result<RefreshPolicy, Error> {
    match Span::parse(text) {
        Some(span) if span < SHORTEST => Err(Mistake::TooOften {
            text: text.to_owned(),
        }
        .into()),
        Some(span) if span > LONGEST => Err(Mistake::TooSeldom {
            text: text.to_owned(),
        }
        .into()),
        Some(span) => Ok(RefreshPolicy::Every(span)),
        None => Err(Mistake::of_span(text).into()),
    }
}

fn unquoted(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inside.contains('"')).then_some(inside)
}

/// What no policy begins with: what was meant, where that can be seen.
fn unknown(text: &str) -> Mistake {
    let meant = if Span::parse(text).is_some_and(|span| (SHORTEST..=LONGEST).contains(&span)) {
        Some(format!("{EVERY} {text}"))
    } else if text.parse::<Cron>().is_ok() {
        Some(format!("{CRON} \"{text}\""))
    } else {
        let spelt = text.to_lowercase().replace(['-', ' '], "_");
        nearest(&spelt, [REAL_TIME, BY_HAND]).map(str::to_owned)
    };
    let text = text.chars().take(80).collect();
    match meant {
        Some(meant) => Mistake::Misspelt { text, meant },
        None => Mistake::Unknown { text },
    }
}

impl fmt::Display for RefreshPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RealTime => formatter.write_str(REAL_TIME),
            Self::Every(span) => write!(formatter, "{EVERY} {span}"),
            Self::Cron(cron) => write!(formatter, "{CRON} \"{cron}\""),
            Self::ByHand => formatter.write_str(BY_HAND),
        }
    }
}

impl TryFrom<String> for RefreshPolicy {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<RefreshPolicy> for String {
    fn from(policy: RefreshPolicy) -> Self {
        policy.to_string()
    }
}
