//! What changes of definitions would do: mistakes of rules, users who would enter and leave.

mod after;
mod effects;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use domain::{ListKey, Signature, TagDefinition, TagKey, TagStatus};

use self::after::After;
use crate::definitions::{self, Plan, Planned, PlannedAction, Prune, Sort, Wanted};
use crate::engine::Engine;
use crate::lineage::{Removed, hint_at_duplicates, still_used};
use crate::mistakes::{Mistakes, Problems};
use crate::platform::Platform;
use crate::rulebook::Rulebook;

pub use self::effects::Effect;

/// A plan, and the engine as it would be after it.
pub struct Proposed {
    /// What would change.
    pub plan: Plan,
    /// Definitions and rules as they would be, drafts of the plan published.
    pub engine: Engine,
    /// What is wrong with rules that would be in force, or in review.
    mistakes: Vec<Problems>,
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
pub fn propose_wanted(platform: &Arc<Platform>, wanted: &Wanted, prune: Prune) -> Result<Proposed> {
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
    let mut proposed = propose_plan(platform, stored, plan)?;
    let problems = proposed.engine.book.problems.iter_mut();
    for problems in problems.chain(&mut proposed.mistakes) {
        problems.find_origin(wanted);
    }
    Ok(proposed)
}

/// What a plan would make of what is stored.
///
/// # Errors
/// The store's.
pub fn propose_plan(
    platform: &Arc<Platform>,
    stored: Arc<catalog::Definitions>,
    plan: Plan,
) -> Result<Proposed> {
    let before = Removed::from(&stored);
    let mut after = After::new((*stored).clone(), &plan.changes());
    let in_force = after.definitions.tags.clone();
    let removed = before.without(&after.definitions);
    let drafts = after.publish_drafts();
    let mut engine = Engine::with(platform, Arc::new(after.definitions), &after.members)?;
    hint_at_duplicates(&mut engine.book, &plan);
    let mut found = still_used(&removed, &engine.definitions, &engine.book);
    found.extend(mistakes(&engine, &in_force, &drafts));
    Ok(Proposed {
        plan,
        engine,
        mistakes: found,
    })
}

/// What is wrong with the rules in force, and with drafts that are to be reviewed.
fn mistakes(
    engine: &Engine,
    in_force: &[catalog::Versioned<TagDefinition>],
    drafts: &BTreeMap<TagKey, TagStatus>,
) -> Vec<Problems> {
    let all = engine.book.problems.iter().filter(|one| one.is_fatal());
    if drafts.is_empty() {
        return all.cloned().collect();
    }
    let is_reviewed = |problems: &&Problems| {
        let status = drafts.get(problems.key.as_str());
        problems.kind == "tag" && status == Some(&TagStatus::InReview)
    };
    let mut vocabulary = engine.book.vocabulary.clone();
    vocabulary.tags.clear();
    let tags: Vec<TagDefinition> = in_force.iter().map(|tag| tag.definition.clone()).collect();
    let audiences = engine.definitions.audiences.iter();
    let audiences: Vec<_> = audiences.map(|one| one.definition.clone()).collect();
    let assumed = engine.platform.assumed();
    let queries = engine.platform.queries();
    let book = Rulebook::read(&tags, &audiences, vocabulary, &assumed, &queries);
    let of_force = book.problems.into_iter().filter(Problems::is_fatal);
    all.filter(is_reviewed).cloned().chain(of_force).collect()
}

impl Proposed {
    /// What is wrong with rules that would change, or that a change would break. A draft may have mistakes.
    pub fn mistakes(&self) -> impl Iterator<Item = &Problems> {
        self.mistakes.iter()
    }

    /// What is doubtful about rules that would change, and what is wrong with drafts.
    pub fn doubts(&self) -> impl Iterator<Item = &Problems> {
        let changed: BTreeSet<(&str, &str)> = self
            .plan
            .planned
            .iter()
            .map(|planned| (planned.sort.name(), planned.key.as_str()))
            .collect();
        let is_mistake = |problems: &Problems| {
            let mut mistakes = self.mistakes.iter();
            mistakes.any(|one| (one.kind, &one.key) == (problems.kind, &problems.key))
        };
        self.engine.book.problems.iter().filter(move |problems| {
            changed.contains(&(problems.kind, problems.key.as_str())) && !is_mistake(problems)
        })
    }

    /// How many rows a tag that would be added or changed reads, about.
    pub fn rows_of(&self, planned: &Planned) -> Option<u64> {
        if planned.sort != Sort::Tag || planned.action == PlannedAction::Removed {
            return None;
        }
        let tag = self.engine.book.tag(&TagKey::new(&planned.key).ok()?)?;
        let dependencies = tag.rule()?.dependencies();
        Some(self.engine.rows.rows_of(dependencies))
    }

    /// Makes the changes, if no rule has a mistake.
    ///
    /// # Errors
    /// The mistakes; the store's.
    pub fn apply(&self, signature: Signature) -> Result<()> {
        if !self.mistakes.is_empty() {
            bail!(Mistakes::Definitions(self.mistakes.clone()));
        }
        let platform = &self.engine.platform;
        let changes = self.plan.changes();
        if !changes.is_empty() {
            platform.wait(platform.catalog.apply(&changes, signature))?;
        }
        Ok(())
    }
}
