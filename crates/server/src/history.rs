//! The past of tags, as runs recorded it: who had a tag on a day, what changed between two, how its count went.
//!
//! The members after an earlier run are those of now with the changes of later runs taken back. Whoever was merged into
//! one user since is shown as the user that they are now: that user had the tag if any of its identities had it. This is
//! also what `tag(k) at t` means in a rule.

mod between;
mod members;
mod trend;

use std::sync::Arc;

use anyhow::Result;
use domain::{TagKey, Time, UserNumber, UserSet, When, Zone, nearest};
use identity::Identities;
use tags::{Past, TagResults};
use thiserror::Error;
use warehouse::RecordedRun;

pub use self::between::{Difference, Move};
pub use self::trend::{Delta, Point, Trend};
use crate::engine::Engine;
use crate::platform::now;

/// Why the record cannot answer a question; the question has to be another one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unanswerable {
    /// There is no such tag, and none was recorded.
    #[error("{0}")]
    NotFound(String),
    /// The record does not have what is asked for, in words with what to do.
    #[error("{0}")]
    Unknown(String),
}

/// What runs recorded up to the latest results of an engine.
pub struct History<'e> {
    engine: &'e Engine,
    latest: Arc<TagResults>,
    /// The oldest first.
    runs: Vec<RecordedRun>,
    identities: Arc<Identities>,
    /// The numbers that belong to other users now.
    absorbed: UserSet,
}

impl<'e> History<'e> {
    /// Reads which runs there are.
    ///
    /// # Errors
    /// [`Unanswerable`] where nothing was computed yet; the store's.
    pub fn of(engine: &'e Engine) -> Result<Self> {
        let Some(latest) = &engine.results else {
            let message = "no tags are computed yet: `muster compute` computes and records them";
            return Err(Unanswerable::Unknown(message.to_owned()).into());
        };
        let store = &engine.platform.store;
        let mut runs = store.recorded_runs()?;
        runs.retain(|run| run.run <= latest.run());
        let identities = store.identities();
        let absorbed = identities.absorbed().map(|(identity, _)| identity);
        Ok(Self {
            engine,
            latest: Arc::clone(latest),
            runs,
            absorbed: absorbed.collect(),
            identities,
        })
    }

    /// The last run up to the end of a day or up to an instant.
    ///
    /// # Errors
    /// [`Unanswerable`] before the first recorded run, and for what is still to come.
    pub fn run_at(&self, when: When, zone: &Zone) -> Result<RecordedRun> {
        let is_to_come = |run: &RecordedRun| when.start(zone) > run.at.max(now());
        if self.runs.last().is_none_or(is_to_come) {
            let message = format!("`{when}` is still to come: nothing is recorded of it");
            return Err(Unanswerable::Unknown(message).into());
        }
        let end = when.end(zone);
        let run = self.runs.iter().rev().find(|run| run.at <= end);
        run.copied()
            .ok_or_else(|| self.too_early(&format!("`{when}`")))
    }

    /// Says since when members are known.
    fn too_early(&self, what: &str) -> anyhow::Error {
        let since = self
            .since()
            .map(|since| format!(" since {since}"))
            .unwrap_or_default();
        let message = format!(
            "who had which tag is recorded{since}, and {what} is before that: ask for a later day or instant"
        );
        Unanswerable::Unknown(message).into()
    }

    /// The instant since which members are known.
    #[must_use]
    pub fn since(&self) -> Option<Time> {
        self.runs.first().map(|run| run.at)
    }

    /// The members of some tags after a run.
    fn members_after(&self, tags: &[TagKey], run: RecordedRun) -> Result<Past> {
        let mut past = Past::of(&self.latest, tags);
        let store = &self.engine.platform.store;
        let changes = store.changes_between(tags, run.run, self.latest.run())?;
        let changes = changes.ok_or_else(|| self.too_early(&run.at.to_string()))?;
        for later in &changes {
            past.take_back(&later.change);
        }
        Ok(self.of_today(past))
    }

    /// The users who were known in a run.
    fn known_in(&self, run: RecordedRun) -> Result<Arc<UserSet>> {
        let known = self.engine.platform.store.known_in_run(run.run)?;
        let known = known.ok_or_else(|| self.too_early(&run.at.to_string()))?;
        Ok(self.users_of_today(&Arc::new(known)))
    }

    /// Members as the users that they are now.
    fn of_today(&self, past: Past) -> Past {
        if self.absorbed.is_empty() {
            return past;
        }
        past.map(|members| self.users_of_today(members))
    }

    fn users_of_today(&self, users: &Arc<UserSet>) -> Arc<UserSet> {
        let moved = users.and(&self.absorbed);
        if moved.is_empty() {
            return Arc::clone(users);
        }
        let owners = moved.iter().map(|identity| self.identities.owner(identity));
        let owners: UserSet = sorted(owners).into_iter().collect();
        Arc::new(users.minus(&self.absorbed).or(&owners))
    }

    /// The zone in which days of some tags are meant: theirs, where they have the same, else the workspace's.
    fn zone_of(&self, tags: &[TagKey]) -> Result<Zone> {
        let mut names = tags.iter().map(|tag| {
            let tag = self.engine.definition(tag)?;
            tag.timezone.clone()
        });
        let first = names.next().flatten();
        match first.filter(|first| names.all(|other| other.as_ref() == Some(first))) {
            Some(name) => Ok(Zone::named(&name)?),
            None => Ok(self.engine.platform.zone.clone()),
        }
    }

    /// Refuses a tag that is neither defined nor recorded.
    fn require(&self, tag: &TagKey) -> Result<()> {
        let is_defined = self.engine.definition(tag).is_some();
        if is_defined || self.engine.platform.store.is_recorded(tag)? {
            return Ok(());
        }
        let tags = self.engine.definitions.tags.iter();
        let hint = nearest(tag.as_str(), tags.map(|tag| tag.definition.key.as_str()));
        let hint = hint.map(|near| format!(": did you mean `{near}`?"));
        let message = format!(
            "there is no tag `{tag}`, and none was recorded{}",
            hint.unwrap_or_default()
        );
        Err(Unanswerable::NotFound(message).into())
    }
}

fn sorted(users: impl Iterator<Item = UserNumber>) -> Vec<UserNumber> {
    let mut users: Vec<UserNumber> = users.collect();
    users.sort_unstable();
    users
}
