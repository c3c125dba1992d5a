//! What if: who would enter and leave, computed as it will be once it is published.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use catalog::Change;
use domain::{AudienceKey, ListKey, TableKey, TagKey, TagStatus, Time, UserSet};
use rules::{CheckedRule, Dependencies};
use tags::TagResults;

use super::Proposed;
use crate::concerns::Concerns;
use crate::definitions::Planned;
use crate::lookalike;
use crate::rulebook::Rulebook;

/// Who would enter and leave a tag.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The tag.
    pub tag: TagKey,
    /// Who would have it, and has not.
    pub entered: UserSet,
    /// Who has it, and would not.
    pub left: UserSet,
    /// The same of each of its values that would change, of a layered tag; users who move from one to another are in
    /// these only.
    pub values: Vec<tags::Change>,
    /// Whether the tag itself would change; otherwise it uses what would.
    pub is_direct: bool,
}

impl Effect {
    /// Whether nobody would enter or leave, not even a value.
    pub fn is_nothing(&self) -> bool {
        self.entered.is_empty() && self.left.is_empty() && self.values.is_empty()
    }
}

impl Proposed {
    /// How changed tags would grow and shrink at an instant, and those that use what changes, against the last results;
    /// notes also how many users each hint is about. Drafts count as published. Nothing where nothing was computed yet.
    ///
    /// # Errors
    /// The store's.
    pub fn effects(&mut self, as_of: Time) -> Result<Vec<Effect>> {
        let Some(before) = self.engine.results.clone() else {
            self.counted(&[], as_of)?;
            return Ok(Vec::new());
        };
        let direct = self.changed_tags();
        let computed: Vec<TagKey> = self.affected_tags(&direct);
        let after = self.counted(&computed, as_of)?;
        let gone = self.gone_tags();
        let threads = self.engine.config().threads;
        let changes = match &after {
            Some(after) => tags::difference(Some(&before), after, threads)?.changes,
            None => Vec::new(),
        };
        let effect = |key: &TagKey| {
            let is_gone = gone.contains(key);
            let old = before.members(key).unwrap_or_default();
            let after = after.as_ref().filter(|_| !is_gone);
            let new = after.and_then(|after| after.members(key));
            let new = new.unwrap_or_default();
            let of_values = changes.iter().filter(|change| {
                !is_gone && change.slot.tag == *key && change.slot.value.is_some()
            });
            Effect {
                tag: key.clone(),
                entered: new.minus(&old),
                left: old.minus(&new),
                values: of_values.cloned().collect(),
                is_direct: is_gone || direct.contains(key),
            }
        };
        let effects = computed.iter().chain(&gone).map(effect);
        Ok(effects
            .filter(|effect| effect.is_direct || !effect.is_nothing())
            .collect())
    }

    /// Notes how many users each hint is about.
    ///
    /// # Errors
    /// The store's.
    pub fn count_concerns(&mut self, as_of: Time) -> Result<()> {
        self.counted(&[], as_of).map(|_| ())
    }

    /// The tags that would be added or changed, and can be computed.
    fn changed_tags(&self) -> BTreeSet<TagKey> {
        let keys = self.changed(|change| match change {
            Change::PutTag(tag) if tag.state() != TagStatus::Paused => Some(&tag.key),
            _ => None,
        });
        let can_be_computed = |key: &TagKey| self.engine.book.tag(key).is_some();
        keys.into_iter().filter(can_be_computed).collect()
    }

    /// The tags that would have no members any more.
    fn gone_tags(&self) -> BTreeSet<TagKey> {
        self.changed(|change| match change {
            Change::PutTag(tag) if tag.state() == TagStatus::Archived => Some(&tag.key),
            Change::RemoveTag(key) => Some(key),
            _ => None,
        })
    }

    fn changed(&self, of: impl Fn(&Change) -> Option<&TagKey>) -> BTreeSet<TagKey> {
        let planned = self.plan.planned.iter();
        let changes = planned.flat_map(|planned: &Planned| &planned.changes);
        changes.filter_map(of).cloned().collect()
    }

    /// These tags, and those that use them or anything else that would change, in the order of computation.
    fn affected_tags(&self, direct: &BTreeSet<TagKey>) -> Vec<TagKey> {
        let mut affected = direct.clone();
        let others = ChangedNames::of(self);
        let book = &self.engine.book;
        let uses = |rule: &CheckedRule, affected: &BTreeSet<TagKey>| {
            let mut reads = reads(book, rule).into_iter();
            reads.any(|reads| !reads.tags.is_disjoint(affected) || others.are_in(reads))
        };
        let mut tags = Vec::new();
        for tag in &book.tags {
            let key = &tag.definition.key;
            let is_paused = tag.definition.state() == TagStatus::Paused;
            if !is_paused
                && (affected.contains(key) || tag.rule().is_some_and(|rule| uses(rule, &affected)))
            {
                affected.insert(key.clone());
                tags.push(key.clone());
            }
        }
        tags
    }

    /// Computes some tags, and in the same walk whom the hints are about; nothing where nothing
    /// is asked.
    fn counted(&mut self, tags: &[TagKey], as_of: Time) -> Result<Option<Arc<TagResults>>> {
        let concerns = Concerns::of(self.doubts().flat_map(|problems| &problems.diagnostics));
        if tags.is_empty() && concerns.is_empty() {
            return Ok(None);
        }
        // A query that fails now leaves its tag as it is; computing tells why.
        let asked: BTreeSet<TagKey> = tags.iter().cloned().collect();
        self.engine.run_queries(&asked, as_of);
        self.learn(&asked, as_of)?;
        let mut sources = self.engine.sources_of(tags)?;
        sources.extend(concerns.sources()?);
        let program = self.engine.compile(&sources, as_of)?;
        let results = crate::ask::evaluate(&self.engine, &program)?;
        let problems = &mut self.engine.book.problems;
        let problems = problems.iter_mut();
        concerns.note(
            &results,
            problems.flat_map(|problems| &mut problems.diagnostics),
        )?;
        Ok(Some(results))
    }

    /// Learns what the lookalikes among some tags would be told by.
    fn learn(&mut self, asked: &BTreeSet<TagKey>, as_of: Time) -> Result<()> {
        let engine = &mut self.engine;
        let lookalikes = lookalike::among(engine, |key| asked.contains(key));
        let learned = lookalike::learn(engine, &lookalikes, engine.deps().histories, as_of)?;
        lookalike::teach(engine, &learned);
        Ok(())
    }
}

/// What a rule reads, and the audiences that it names read, and so on.
fn reads<'b>(book: &'b Rulebook, rule: &'b CheckedRule) -> Vec<&'b Dependencies> {
    let mut read = vec![rule.dependencies()];
    let mut seen: BTreeSet<&AudienceKey> = BTreeSet::new();
    let mut next = 0;
    while let Some(names) = read.get(next).copied() {
        let fresh = names.audiences.iter().filter(|key| seen.insert(key));
        let rules = fresh.filter_map(|key| book.audiences.get(key));
        read.extend(rules.map(CheckedRule::dependencies));
        next += 1;
    }
    read
}

/// What would change beside tags, and rules of tags can name.
#[derive(Default)]
struct ChangedNames {
    lists: BTreeSet<ListKey>,
    tables: BTreeSet<TableKey>,
    audiences: BTreeSet<AudienceKey>,
}

impl ChangedNames {
    fn of(proposed: &Proposed) -> Self {
        let mut names = Self::default();
        for planned in &proposed.plan.planned {
            for change in &planned.changes {
                match change {
                    Change::PutList(list) => {
                        names.lists.insert(list.key.clone());
                    }
                    Change::SetMembers(list, _) => {
                        names.lists.insert(list.clone());
                    }
                    Change::PutTable(table) => {
                        names.tables.insert(table.key.clone());
                    }
                    Change::PutAudience(audience) => {
                        names.audiences.insert(audience.key.clone());
                    }
                    _ => {}
                }
            }
        }
        names
    }

    fn are_in(&self, reads: &Dependencies) -> bool {
        !reads.lists.is_disjoint(&self.lists)
            || !reads.tables.is_disjoint(&self.tables)
            || !reads.audiences.is_disjoint(&self.audiences)
    }
}
