//! Entries that stand for several events: `times: 10, every: 1h`.

use domain::{Decimal, Span, Time};

use super::Ingest;
use crate::scenario::exact::{Exact, Lines};

/// The most events that one entry may stand for.
const MOST: u32 = 10_000;

impl Ingest {
    /// The entries that this one stands for: itself, or itself so many `times`, each `every` so
    /// long after the one before. A time that is left out is `now`.
    ///
    /// # Errors
    /// In words, what is wrong with the repetition.
    pub fn repeated(&self, lines: &Lines<'_>, now: Time) -> Result<Vec<Self>, String> {
        let (times, every) = match (self.times, &self.every) {
            (None, None) => return Ok(vec![self.clone()]),
            (Some(times), Some(every)) => (times, every),
            _ => return Err("`times` and `every` go together: `times: 10, every: 1h`".to_owned()),
        };
        if times > MOST || self.message_id.is_some() {
            return Err(format!(
                "an entry is repeated at most {MOST} times, and without `message_id`, which names one event"
            ));
        }
        let span = Span::parse(every)
            .ok_or_else(|| format!("`{every}` is no duration such as `10m`, `1h` or `1d`"))?;
        let first = self.instant(lines)?.unwrap_or(now);
        let nth = |number: u32| {
            let later = span.times(&Decimal::from(i64::from(number)));
            let at = later.and_then(|later| first.checked_add(later));
            let at = at.ok_or_else(|| format!("`{every}` {times} times is too long"))?;
            Ok(Self {
                at: Some(Exact::text(&at.to_string())),
                times: None,
                every: None,
                ..self.clone()
            })
        };
        (0..times).map(nth).collect()
    }
}
