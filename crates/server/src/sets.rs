//! The sets of the last results and the rules they are asked with: the ports of `audiences`.

use std::sync::Arc;

use audiences::ports::{Rulebook as Rules, Sets, TagForm};
use domain::{AudienceKey, Keep, ListKey, TagKey, UserSet};
use rules::TagKind;
use rules::checked::{Body, Condition};
use tags::{GivenTag, Origin, TagResults, TagSource};

use crate::engine::Engine;
use crate::rulebook::Meaning;

/// The results of one run, with the lists of the engine.
pub struct ComputedSets<'e> {
    /// Lists and rules.
    pub engine: &'e Engine,
    /// The run.
    pub results: &'e TagResults,
}

impl Sets for ComputedSets<'_> {
    fn run(&self) -> u64 {
        self.results.run()
    }

    fn universe(&self) -> Arc<UserSet> {
        Arc::clone(self.results.universe())
    }

    fn tag(&self, tag: &TagKey) -> Option<Arc<UserSet>> {
        self.results.members(tag)
    }

    fn tag_with(&self, tag: &TagKey, value: &str) -> Option<Arc<UserSet>> {
        self.results.members_with(tag, value).cloned()
    }

    fn list(&self, list: &ListKey) -> Option<Arc<UserSet>> {
        self.engine.inputs.user_lists.get(list).cloned()
    }
}

impl ComputedSets<'_> {
    /// The form of a tag whose rule has mistakes: its members are those of an earlier rule.
    fn form_before(&self, tag: &TagKey) -> Option<TagForm> {
        Some(match self.engine.book.vocabulary.tags.get(tag)? {
            TagKind::YesNo => TagForm::YesNo,
            TagKind::Metric(_) => TagForm::Measured,
            TagKind::Values(values) => TagForm::OneOf(values.iter().cloned().collect()),
        })
    }
}

/// The form of a tag without a rule.
fn form_of(kind: TagKind, source: TagSource) -> TagForm {
    match (kind, source.origin) {
        (TagKind::YesNo, _) => TagForm::YesNo,
        (TagKind::Values(_), Origin::Given(GivenTag::Layers { values, .. })) => {
            TagForm::OneOf(values.into_iter().map(|(value, _)| value).collect())
        }
        _ => TagForm::Measured,
    }
}

impl Rules for ComputedSets<'_> {
    fn audience(&self, audience: &AudienceKey) -> Option<&Condition> {
        match self.engine.book.audiences.get(audience)?.body() {
            Body::Condition(condition) => Some(condition),
            _ => None,
        }
    }

    fn tag(&self, tag: &TagKey) -> Option<TagForm> {
        let Some(read) = self.engine.book.tag(tag) else {
            return self.form_before(tag);
        };
        let rule = match &read.meaning {
            Meaning::Rule(rule) => rule,
            Meaning::Supplied(_) | Meaning::Query(_) => {
                return Some(form_of(read.kind(), self.engine.book.source(read)));
            }
        };
        Some(match rule.body() {
            Body::Condition(_) => TagForm::YesNo,
            Body::Measure(_) => TagForm::Measured,
            Body::Cases {
                cases,
                otherwise,
                keep,
            } => {
                let values = cases
                    .iter()
                    .map(|case| &case.value)
                    .chain(otherwise)
                    .cloned()
                    .collect();
                match keep {
                    Keep::First => TagForm::OneOf(values),
                    Keep::All => TagForm::SomeOf(values),
                }
            }
        })
    }
}
