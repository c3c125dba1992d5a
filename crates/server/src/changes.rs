//! What files would change, with its effect: mistakes of rules, users who would enter and leave.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use catalog::{Change, Definitions, Versioned};
use domain::{ListKey, TagKey};
use tags::TagResults;

use crate::concerns::Concerns;
use crate::definitions::{self, Plan, Planned, PlannedAction, Prune, Sort};
use crate::engine::Engine;
use crate::mistakes::{Mistakes, Problems};
use crate::platform::{Platform, now};

/// A plan, and the engine as it would be after it.
pub struct Proposed {
    /// What would change.
    pub plan: Plan,
    /// Definitions and rules as they would be.
    pub engine: Engine,
}

/// How many users a tag would gain and lose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Users who would enter.
    pub entered: u64,
    /// Users who would leave.
    pub left: u64,
}

/// Reads definition files and compares them with what is stored.
///
/// # Errors
/// The files' mistakes, all of them; the store's.
pub fn propose(platform: &Arc<Platform>, paths: &[PathBuf], prune: Prune) -> Result<Proposed> {
    let wanted = definitions::read(paths)?;
    propose_wanted(platform, &wanted, prune)
}

/// Compares what is wanted with what is stored.
///
/// # Errors
/// The store's.
pub fn propose_wanted(
    platform: &Arc<Platform>,
    wanted: &definitions::Wanted,
    prune: Prune,
) -> Result<Proposed> {
    let stored = platform.wait(platform.catalog.definitions())?;
    let known: BTreeSet<&ListKey> = stored
        .lists
        .iter()
        .map(|list| &list.definition.key)
        .collect();
    let mut members = BTreeMap::new();
    for key in wanted
        .lists_with_members()
        .filter(|key| known.contains(key))
    {
        let texts: BTreeSet<String> = platform
            .wait(platform.catalog.members(key))?
            .into_iter()
            .collect();
        members.insert(key.clone(), texts);
    }
    let plan = definitions::plan(wanted, &stored, &members, prune);
    let (after, given) = applied(stored, &plan.changes());
    let mut engine = Engine::with(platform, after, &given)?;
    for problems in &mut engine.book.problems {
        let place = wanted.place_of_rule(problems.kind, &problems.key);
        problems.place = place.cloned();
    }
    Ok(Proposed { plan, engine })
}

impl Proposed {
    /// What is wrong with rules that would change, or that a change would break.
    pub fn mistakes(&self) -> impl Iterator<Item = &Problems> {
        self.engine
            .book
            .problems
            .iter()
            .filter(|problems| problems.is_fatal())
    }

    /// What is doubtful about rules that would change.
    pub fn doubts(&self) -> impl Iterator<Item = &Problems> {
        let changed: BTreeSet<(&str, &str)> = self
            .plan
            .planned
            .iter()
            .map(|planned| (planned.sort.name(), planned.key.as_str()))
            .collect();
        self.engine.book.problems.iter().filter(move |problems| {
            !problems.is_fatal() && changed.contains(&(problems.kind, problems.key.as_str()))
        })
    }

    /// How the changed tags would grow and shrink, against the last results; notes also how many
    /// users each hint is about.
    ///
    /// # Errors
    /// The store's.
    pub fn effects(&mut self) -> Result<BTreeMap<TagKey, Effect>> {
        let changed = match &self.engine.results {
            Some(_) => self.changed_tags(),
            None => Vec::new(),
        };
        let after = self.counted(&changed)?;
        let (Some(before), Some(after)) = (&self.engine.results, after) else {
            return Ok(BTreeMap::new());
        };
        let effect = |key: TagKey| {
            let (old, new) = (
                before.members(&key).unwrap_or_default(),
                after.members(&key).unwrap_or_default(),
            );
            let effect = Effect {
                entered: new.minus(&old).len(),
                left: old.minus(&new).len(),
            };
            (key, effect)
        };
        Ok(changed.into_iter().map(effect).collect())
    }

    /// Notes how many users each hint is about.
    ///
    /// # Errors
    /// The store's.
    pub fn count_concerns(&mut self) -> Result<()> {
        self.counted(&[]).map(|_| ())
    }

    /// How many rows a tag that would be added or changed reads, about.
    pub fn rows_of(&self, planned: &Planned) -> Option<u64> {
        if planned.sort != Sort::Tag || planned.action == PlannedAction::Removed {
            return None;
        }
        let tag = self.engine.book.tag(&TagKey::new(&planned.key).ok()?)?;
        Some(self.engine.rows.rows_of(&tag.rule.dependencies()))
    }

    /// The tags that would be added or changed.
    fn changed_tags(&self) -> Vec<TagKey> {
        let planned = self.plan.planned.iter();
        let tags = planned.filter(|planned| {
            planned.sort == Sort::Tag && planned.action != PlannedAction::Removed
        });
        tags.filter_map(|planned| TagKey::new(&planned.key).ok())
            .collect()
    }

    /// Computes some tags, and in the same walk whom the hints are about; nothing where nothing
    /// is asked.
    fn counted(&mut self, tags: &[TagKey]) -> Result<Option<Arc<TagResults>>> {
        let concerns = Concerns::of(self.doubts().flat_map(|problems| &problems.diagnostics));
        if tags.is_empty() && concerns.is_empty() {
            return Ok(None);
        }
        let mut sources = self.engine.sources_of(tags)?;
        sources.extend(concerns.sources()?);
        let program = self.engine.compile(&sources, now())?;
        let results = crate::ask::evaluate(&self.engine, &program)?;
        let problems = &mut self.engine.book.problems;
        let problems = problems.iter_mut();
        concerns.note(
            &results,
            problems.flat_map(|problems| &mut problems.diagnostics),
        )?;
        Ok(Some(results))
    }

    /// Makes the changes, if no rule has a mistake.
    ///
    /// # Errors
    /// The mistakes; the store's.
    pub fn apply(&self) -> Result<()> {
        let mistakes: Vec<Problems> = self.mistakes().cloned().collect();
        if !mistakes.is_empty() {
            bail!(Mistakes::Definitions(mistakes));
        }
        let platform = &self.engine.platform;
        let changes = self.plan.changes();
        if !changes.is_empty() {
            platform.wait(platform.catalog.apply(&changes, now()))?;
        }
        Ok(())
    }
}

/// The definitions as they are after changes, and the members of lists that changes set.
fn applied(
    mut stored: Definitions,
    changes: &[Change],
) -> (Definitions, BTreeMap<ListKey, Vec<String>>) {
    let mut members = BTreeMap::new();
    for change in changes {
        match change {
            Change::PutTag(tag) => put(&mut stored.tags, tag, |known| known.key == tag.key),
            Change::PutAudience(audience) => {
                put(&mut stored.audiences, audience, |known| {
                    known.key == audience.key
                });
            }
            Change::PutList(list) => put(&mut stored.lists, list, |known| known.key == list.key),
            Change::SetMembers(list, texts) => {
                members.insert(list.clone(), texts.clone());
            }
            Change::PutTable(table) => {
                put(&mut stored.tables, table, |known| known.key == table.key);
            }
            Change::PutEvent(event) => {
                put(&mut stored.events, event, |known| known.key == event.key);
            }
            Change::RemoveEvent(key) => stored.events.retain(|event| event.definition.key != *key),
            Change::RemoveTable(key) => stored.tables.retain(|table| table.definition.key != *key),
            Change::RemoveTag(key) => stored.tags.retain(|tag| tag.definition.key != *key),
            Change::RemoveAudience(key) => {
                stored
                    .audiences
                    .retain(|audience| audience.definition.key != *key);
            }
            Change::RemoveList(key) => stored.lists.retain(|list| list.definition.key != *key),
        }
    }
    (stored, members)
}

/// Replaces a definition, or adds it with version 0: it is not stored yet.
fn put<T: Clone>(stored: &mut Vec<Versioned<T>>, definition: &T, is_same: impl Fn(&T) -> bool) {
    match stored.iter_mut().find(|known| is_same(&known.definition)) {
        Some(known) => known.definition = definition.clone(),
        None => stored.push(Versioned {
            definition: definition.clone(),
            version: 0,
            created_at: now(),
            updated_at: now(),
        }),
    }
}
