//! What is due, and what of it can have changed.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use catalog::Success;
use domain::{TagKey, Time};
use tags::Users;
use warehouse::{BatchNumber, News};

use super::reads::Reads;
use super::{AllFreshness, TagState, fingerprints, freshness};
use crate::config::Retention;
use crate::engine::Engine;
use crate::sql_tags::query_of;

/// What is to be done at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// The tags to be computed, and why their members can be others.
    pub changed: BTreeMap<TagKey, Reason>,
    /// Tags that are due, but whose members are those that they have.
    pub unchanged: Vec<TagKey>,
    /// For whom.
    pub users: Users,
    /// Where it is for some: as of when tags stay true that time alone changes.
    pub true_as_of: BTreeMap<TagKey, Time>,
}

/// Why the members of a tag can be others than those that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It has none yet.
    New,
    /// The last attempt failed.
    Failed,
    /// Its definition has changed, or that of something it names.
    Definition,
    /// Time has passed.
    Time,
    /// Rows have come that it reads.
    Rows,
}

/// Which tags are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// Those whose time has come, and those in real time.
    Due,
    /// Those in real time.
    RealTime,
}

impl Due {
    /// What is due at an instant.
    ///
    /// # Errors
    /// The store's.
    pub fn at(engine: &Engine, now: Time) -> Result<Self> {
        Self::among(engine, now, Which::Due)
    }

    /// What of the tags in real time is due because something has changed.
    ///
    /// # Errors
    /// The store's.
    pub fn to_changes(engine: &Engine, now: Time) -> Result<Self> {
        Self::among(engine, now, Which::RealTime)
    }

    /// Whether there is nothing to do.
    pub fn is_nothing(&self) -> bool {
        self.changed.is_empty() && self.unchanged.is_empty()
    }

    fn among(engine: &Engine, now: Time, which: Which) -> Result<Self> {
        let freshness = freshness(&engine.platform)?;
        let mut judge = Judge::new(engine, &freshness, now)?;
        let (mut changed, mut unchanged) = (BTreeMap::new(), Vec::new());
        let (mut only_some, mut true_as_of) = (true, BTreeMap::new());
        let mut oldest = engine.batch;
        for state in TagState::all(&engine.definitions, &freshness, &engine.platform) {
            let is_over = state.is_due(now);
            let is_looked_at = state.follows_changes() || (which == Which::Due && is_over);
            // Between failures there is a pause.
            let is_paused = !is_over && state.freshness.is_some_and(|fresh| fresh.failures > 0);
            if !is_looked_at || is_paused {
                continue;
            }
            let key = state.key();
            match judge.reason(&state)? {
                // Between its checks a tag in real time follows changes only.
                Some(Reason::Time) if !is_over => {}
                Some(reason) => {
                    // A query is about everyone.
                    let is_query = query_of(&state.definition.definition).is_some();
                    only_some &= reason == Reason::Rows && !is_over && !is_query;
                    let seen = state.freshness.and_then(|fresh| fresh.success);
                    oldest = oldest.min(BatchNumber(seen.map_or(0, |seen| seen.members.batch)));
                    if let Some(seen) = seen.filter(|seen| judge.moves(key, seen.members.as_of)) {
                        true_as_of.insert(key.clone(), seen.members.as_of);
                    }
                    changed.insert(key.clone(), reason);
                }
                None if is_over => unchanged.push(key.clone()),
                None => {}
            }
        }
        let users = match only_some && !changed.is_empty() {
            true => Users::These(engine.platform.store.users_since(oldest)?),
            false => Users::All,
        };
        Ok(Self {
            changed,
            unchanged,
            true_as_of: match &users {
                Users::These(_) => true_as_of,
                Users::All => BTreeMap::new(),
            },
            users,
        })
    }
}

/// Judges whether tags can have changed.
struct Judge<'e> {
    engine: &'e Engine,
    now: Time,
    fingerprints: HashMap<TagKey, u64>,
    reads: HashMap<TagKey, Reads>,
    /// What has come since batches.
    news: BTreeMap<u64, News>,
    latest_row: Option<Time>,
}

impl<'e> Judge<'e> {
    fn new(engine: &'e Engine, freshness: &AllFreshness, now: Time) -> Result<Self> {
        let Retention(kept) = engine.platform.config.store.event_retention;
        let latest_row = match freshness.is_empty() {
            true => None,
            false => Some(engine.platform.store.latest_row()?),
        };
        Ok(Self {
            engine,
            now,
            fingerprints: fingerprints(engine),
            reads: Reads::of_all(&engine.book, kept.is_some()),
            news: BTreeMap::new(),
            latest_row,
        })
    }

    /// Why the members of a tag can be others; `None` where they cannot.
    fn reason(&mut self, state: &TagState<'_>) -> Result<Option<Reason>> {
        let key = state.key();
        let Some(fresh) = state.freshness else {
            return Ok(Some(Reason::New));
        };
        if fresh.failures > 0 {
            return Ok(Some(Reason::Failed));
        }
        let Some(success) = fresh.success else {
            return Ok(Some(Reason::New));
        };
        let is_stored = |results: &std::sync::Arc<tags::TagResults>| results.members(key).is_some();
        if !self.engine.results.as_ref().is_some_and(is_stored) {
            return Ok(Some(Reason::New));
        }
        let number = self.fingerprints.get(key);
        if number != Some(&success.members.fingerprint) {
            return Ok(Some(Reason::Definition));
        }
        if self.has_news(key, &success)? {
            return Ok(Some(Reason::Rows));
        }
        let passed = success.members.as_of != self.now && self.moves(key, success.members.as_of);
        Ok(passed.then_some(Reason::Time))
    }

    fn has_news(&mut self, key: &TagKey, success: &Success) -> Result<bool> {
        let batch = success.members.batch;
        if !self.news.contains_key(&batch) {
            let store = &self.engine.platform.store;
            self.news
                .insert(batch, store.news_since(BatchNumber(batch))?);
        }
        let (news, reads) = (self.news.get(&batch), self.reads.get(key));
        Ok(news
            .zip(reads)
            .is_some_and(|(news, reads)| reads.is_concerned(news)))
    }

    /// Whether time alone can have made other members since an instant: by the rule, or since rows
    /// with a later time have become visible.
    fn moves(&self, key: &TagKey, since: Time) -> bool {
        let Some(reads) = self.reads.get(key) else {
            return true;
        };
        let comes = self
            .latest_row
            .is_some_and(|latest| latest > since.min(self.now));
        reads.moves_with_time || (comes && reads.reads_rows())
    }
}
