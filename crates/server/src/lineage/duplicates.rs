//! Tags that mean the same: their rules have one canonical form.

use std::collections::HashMap;

use domain::{LocalizedText, TagKey, Time};
use rules::{CheckedRule, Code, Diagnostic, Severity, TextRange, written_text_of};

use crate::definitions::{Plan, PlannedAction, Sort};
use crate::mistakes::Problems;
use crate::rulebook::Rulebook;

/// Tags that mean the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duplicates {
    groups: Vec<Vec<TagKey>>,
}

impl Duplicates {
    /// The tags of each meaning that several have, by their keys.
    #[must_use]
    pub fn groups(&self) -> &[Vec<TagKey>] {
        &self.groups
    }

    /// The other tags that mean the same as one.
    fn of<'d>(&'d self, tag: &'d TagKey) -> impl Iterator<Item = &'d TagKey> {
        let mut groups = self.groups.iter();
        let group = groups.find(|group| group.contains(tag));
        group
            .into_iter()
            .flatten()
            .filter(move |other| *other != tag)
    }
}

/// The tags of a rulebook that mean the same.
#[must_use]
pub fn duplicates(book: &Rulebook) -> Duplicates {
    let mut meanings: HashMap<(CheckedRule, Option<Time>), Vec<TagKey>> = HashMap::new();
    for tag in &book.tags {
        let Some(rule) = tag.rule() else {
            continue;
        };
        let meaning = (rule.canonical(), tag.definition.as_of);
        let tags = meanings.entry(meaning).or_default();
        tags.push(tag.definition.key.clone());
    }
    let mut groups: Vec<Vec<TagKey>> = meanings
        .into_values()
        .filter(|tags| tags.len() > 1)
        .map(|mut tags| {
            tags.sort();
            tags
        })
        .collect();
    groups.sort();
    Duplicates { groups }
}

/// Notes with tags that a plan adds or changes that other tags mean the same.
pub fn hint_at_duplicates(book: &mut Rulebook, plan: &Plan) {
    let planned = plan
        .planned
        .iter()
        .filter(|planned| planned.sort == Sort::Tag && planned.action != PlannedAction::Removed);
    let keys: Vec<TagKey> = planned
        .filter_map(|planned| TagKey::new(&planned.key).ok())
        .collect();
    if keys.is_empty() {
        return;
    }
    let found = duplicates(book);
    if found.groups().is_empty() {
        return;
    }
    for key in keys {
        let others: Vec<String> = found.of(&key).map(|other| format!("`{other}`")).collect();
        let Some(tag) = book.tag(&key).filter(|_| !others.is_empty()) else {
            continue;
        };
        let text = written_text_of(&tag.definition.body);
        let mut problems = book.problems.iter_mut();
        match problems.find(|known| known.kind == "tag" && known.key == key.as_str()) {
            Some(known) => known.diagnostics.push(hint(&others)),
            None => {
                let hint = vec![hint(&others)];
                book.problems
                    .push(Problems::of_rule("tag", key.to_string(), text, hint));
            }
        }
    }
}

fn hint(others: &[String]) -> Diagnostic {
    Diagnostic {
        code: Code::Duplicate,
        severity: Severity::Hint,
        message: LocalizedText {
            zh: format!("含义与标签 {} 相同：或许用已有的就够了", others.join("、")),
            en: format!(
                "means the same as tag {}: perhaps one of them is enough",
                others.join(", ")
            ),
        },
        range: TextRange::default(),
        fix: None,
        concern: None,
    }
}
