//! Which tags people and programs ask for, noted once a day and tag, so that asking costs nothing.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use domain::{Date, TagKey, Zone};

use crate::platform::{Platform, now};

/// What was noted by this process already.
#[derive(Debug, Default)]
pub struct Noted(Mutex<Today>);

#[derive(Debug, Default)]
struct Today {
    day: Option<Date>,
    tags: HashSet<TagKey>,
}

impl Noted {
    /// Those of some tags that were not noted on that day yet; from now on they are.
    fn news(&self, tags: impl IntoIterator<Item = TagKey>, day: Date) -> Vec<TagKey> {
        let mut today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if today.day != Some(day) {
            *today = Today {
                day: Some(day),
                tags: HashSet::new(),
            };
        }
        let tags = tags.into_iter();
        tags.filter(|tag| today.tags.insert(tag.clone())).collect()
    }
}

/// Notes that somebody asked for tags: for their members, their count, their past, or why somebody has them. That this
/// cannot be noted is told in the log; the answer is given all the same.
pub fn note(platform: &Platform, tags: impl IntoIterator<Item = TagKey>) {
    let day = Zone::utc().date(now());
    let news = platform.noted.news(tags, day);
    if news.is_empty() {
        return;
    }
    if let Err(error) = platform.wait(platform.catalog.note_asked(&news, day)) {
        tracing::warn!(
            error = format!("{error:#}"),
            "it could not be noted which tags are asked for"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_noted_once_a_day() {
        let noted = Noted::default();
        let tags = || ["a", "b"].map(|key| TagKey::new(key).unwrap());
        let day = |day| Date::from_days(day);
        assert_eq!(noted.news(tags(), day(5)).len(), 2);
        assert_eq!(noted.news(tags(), day(5)).len(), 0);
        assert_eq!(noted.news(tags(), day(6)).len(), 2);
    }
}
