//! Tags that no rule uses and nobody asks for.

use std::collections::BTreeMap;

use anyhow::Result;
use domain::{Date, TagKey, Time, Zone};

use super::{Kind, Lineage, Thing};
use crate::engine::Engine;

/// A tag that no rule uses, and when it was asked for last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// The tag.
    pub tag: TagKey,
    /// The day on which somebody last asked for it; `None`: nobody ever did.
    pub asked_on: Option<Date>,
}

/// The tags that no rule uses and that nobody has asked for in the last so many days.
///
/// # Errors
/// The store's.
pub fn unused_for(engine: &Engine, lineage: &Lineage, days: u32, now: Time) -> Result<Vec<Unused>> {
    let platform = &engine.platform;
    let asked = platform.wait(platform.catalog.asked_for())?;
    let back = i32::try_from(days).unwrap_or(i32::MAX);
    let today = Zone::utc().date(now);
    let since = today.checked_add_days(-back).unwrap_or(today);
    Ok(unused(engine, lineage, &asked, since))
}

/// The tags that no rule uses and that nobody has asked for since a day, as far as they were defined before it.
fn unused(
    engine: &Engine,
    lineage: &Lineage,
    asked: &BTreeMap<TagKey, Date>,
    since: Date,
) -> Vec<Unused> {
    let tags = engine.definitions.tags.iter();
    let old = tags.filter(|tag| Zone::utc().date(tag.created_at) < since);
    let unused = old.filter_map(|tag| {
        let key = &tag.definition.key;
        let asked_on = asked.get(key).copied();
        let is_asked_for = asked_on.is_some_and(|day| day >= since);
        let is_used = lineage.is_used(&Thing::new(Kind::Tag, key));
        (!is_asked_for && !is_used).then(|| Unused {
            tag: key.clone(),
            asked_on,
        })
    });
    unused.collect()
}
