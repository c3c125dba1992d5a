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

/// A tag and its rule.
type Ruled<'b> = (&'b CheckedRule, &'b TagKey);

/// The tags of a rulebook that mean the same.
#[must_use]
pub fn duplicates(book: &Rulebook) -> Duplicates {
    let mut likely: HashMap<(u64, Option<Time>), Vec<Ruled<'_>>> = HashMap::new();
    for tag in &book.tags {
        if let Some(rule) = tag.rule() {
            let meaning = (rule.canonical_hash(), tag.definition.as_of);
            let tags = likely.entry(meaning).or_default();
            tags.push((rule, &tag.definition.key));
        }
    }
    let likely = likely.into_values().filter(|tags| tags.len() > 1);
    let groups = likely.flat_map(of_one_meaning);
    let mut groups: Vec<Vec<TagKey>> = groups.filter(|tags| tags.len() > 1).collect();
    groups.sort();
    Duplicates { groups }
}

/// Groups tags by what their rules mean, each group by key.
fn of_one_meaning(tags: Vec<Ruled<'_>>) -> Vec<Vec<TagKey>> {
    let mut groups: Vec<(CheckedRule, Vec<TagKey>)> = Vec::new();
    for (rule, key) in tags {
        let meaning = rule.canonical();
        match groups.iter_mut().find(|(known, _)| *known == meaning) {
            Some((_, keys)) => keys.push(key.clone()),
            None => groups.push((meaning, vec![key.clone()])),
        }
    }
    let keys = groups.into_iter().map(|(_, mut keys)| {
        keys.sort();
        keys
    });
    keys.collect()
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
