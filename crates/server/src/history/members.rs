//! Who was in an audience then: set algebra over the members of tags after an earlier run.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use audiences::AudienceExpression;
use audiences::ports::{Rulebook as Rules, Sets, TagForm};
use domain::{AudienceKey, ListKey, TagKey, UserSet, When};
use rules::CheckedRule;
use rules::checked::{Body, Condition};
use tags::{Past, Sample, TagSlot};
use warehouse::RecordedRun;

use super::{History, Unanswerable};
use crate::ask::{self, Answer};
use crate::sets::ComputedSets;

impl History<'_> {
    /// For whom a rule over tags, audiences and lists held after the last run of a day, or up to an instant. Audiences are
    /// asked with the rules and lists with the members that they have now.
    ///
    /// # Errors
    /// [`Unanswerable`] for a rule over anything else, and for what was not recorded; the store's.
    pub fn ask(&self, rule: &CheckedRule, on: When) -> Result<Answer> {
        let Body::Condition(condition) = rule.body() else {
            return Err(more_than_tags("a measured value").into());
        };
        let tags = self.engine.needs(rule);
        let run = self.run_at(on, &self.zone_of(&tags)?)?;
        let sets = PastSets {
            now: ComputedSets {
                engine: self.engine,
                results: &self.latest,
            },
            run,
            known: self.known_in(run)?,
            members: self.members_after(&tags, run)?,
            tags: &tags,
        };
        let expression = match AudienceExpression::of(condition, &sets) {
            Ok(expression) => expression,
            Err(audiences::Error::MoreThanAlgebra { what }) => {
                return Err(more_than_tags(what).into());
            }
            Err(error) => return Err(error.into()),
        };
        let slots = ask::only_tag(rule).into_iter();
        let slots = slots.flat_map(|tag| sets.members.slots_of(tag));
        Ok(Answer {
            users: audiences::members(&expression, &sets)?,
            values: slots
                .filter(|(slot, users)| slot.value.is_some() && !users.is_empty())
                .map(|(slot, users)| (slot.value.clone(), Arc::clone(users)))
                .collect(),
            metric: None,
            universe: Arc::clone(&sets.known),
            sample: Sample::EVERYONE,
            as_of: run.at,
            problems: None,
            rows: 0,
            tags: BTreeSet::new(),
        })
    }
}

fn more_than_tags(what: &str) -> Unanswerable {
    Unanswerable::Unknown(format!(
        "{what} is not recorded: `--on` knows who had which tag or value of a layered tag; for rules over events and \
        attributes there is `--as-of`"
    ))
}

/// The sets of an earlier run, with the rules and lists of now.
struct PastSets<'e> {
    now: ComputedSets<'e>,
    run: RecordedRun,
    known: Arc<UserSet>,
    members: Past,
    tags: &'e [TagKey],
}

impl Sets for PastSets<'_> {
    fn run(&self) -> u64 {
        self.run.run
    }

    fn universe(&self) -> Arc<UserSet> {
        Arc::clone(&self.known)
    }

    fn tag(&self, tag: &TagKey) -> Option<Arc<UserSet>> {
        self.tags.contains(tag).then(|| self.members.members(tag))
    }

    fn tag_with(&self, tag: &TagKey, value: &str) -> Option<Arc<UserSet>> {
        let slot = TagSlot {
            tag: tag.clone(),
            value: Some(Arc::from(value)),
        };
        Some(Arc::clone(self.members.members_with(&slot)))
    }

    fn list(&self, list: &ListKey) -> Option<Arc<UserSet>> {
        self.now.list(list)
    }
}

impl Rules for PastSets<'_> {
    fn audience(&self, audience: &AudienceKey) -> Option<&Condition> {
        self.now.audience(audience)
    }

    /// With the values that the tag had then, too.
    fn tag(&self, tag: &TagKey) -> Option<TagForm> {
        let recorded = self.members.slots_of(tag);
        let recorded = recorded.filter_map(|(slot, _)| slot.value.clone());
        let with_recorded = |values: Vec<Arc<str>>| {
            let mut all = values;
            for value in recorded {
                if !all.contains(&value) {
                    all.push(value);
                }
            }
            all
        };
        Some(match Rules::tag(&self.now, tag)? {
            TagForm::OneOf(values) => TagForm::OneOf(with_recorded(values)),
            TagForm::SomeOf(values) => TagForm::SomeOf(with_recorded(values)),
            form => form,
        })
    }
}
