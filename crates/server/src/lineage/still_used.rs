//! Nothing is removed while something that stays uses it.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Definitions;
use domain::{Language, LocalizedText};
use rules::{Code, Defined, Diagnostic, Severity, TextRange, parse, text_of};

use super::{Kind, Thing, used_by_query};
use crate::mistakes::Problems;
use crate::rulebook::{Meaning, Rulebook};

/// What definitions had that they have no more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed(BTreeSet<Thing>);

/// The tags in force, audiences, lists and tables of definitions.
fn things(definitions: &Definitions) -> BTreeSet<Thing> {
    let tags = definitions.tags.iter();
    let tags = tags.map(|tag| Thing::new(Kind::Tag, &tag.definition.key));
    let audiences = definitions.audiences.iter();
    let audiences = audiences.map(|one| Thing::new(Kind::Audience, &one.definition.key));
    let lists = definitions.lists.iter();
    let lists = lists.map(|list| Thing::new(Kind::List, &list.definition.key));
    let tables = definitions.tables.iter();
    let tables = tables.map(|table| Thing::new(Kind::Table, &table.definition.key));
    tags.chain(audiences).chain(lists).chain(tables).collect()
}

impl Removed {
    /// What is there before changes; [`Removed::without`] leaves what is gone after them.
    #[must_use]
    pub fn from(before: &Definitions) -> Self {
        Self(things(before))
    }

    /// Without what is still there.
    #[must_use]
    pub fn without(self, after: &Definitions) -> Self {
        let after = things(after);
        Self(
            self.0
                .into_iter()
                .filter(|thing| !after.contains(thing))
                .collect(),
        )
    }
}

/// What was removed and is still named by a rule or a query: a problem for each, with the names of those that use it.
#[must_use]
pub fn still_used(removed: &Removed, after: &Definitions, book: &Rulebook) -> Vec<Problems> {
    if removed.0.is_empty() {
        return Vec::new();
    }
    let mut users: BTreeMap<&Thing, Vec<Thing>> = BTreeMap::new();
    let tags = after.tags.iter().map(|tag| &tag.definition);
    let tags = tags.map(|tag| (Thing::new(Kind::Tag, &tag.key), text_of(&tag.body)));
    let audiences = after.audiences.iter().map(|one| &one.definition);
    let audiences = audiences.map(|one| (Thing::new(Kind::Audience, &one.key), one.rule.clone()));
    let by_rules = tags.chain(audiences);
    let by_rules = by_rules.map(|(user, text)| (user, named(&text)));
    let queries = book.tags.iter().filter_map(|tag| match &tag.meaning {
        Meaning::Query(query) => {
            let user = Thing::new(Kind::Tag, &tag.definition.key);
            Some((user, used_by_query(&query.reads)))
        }
        _ => None,
    });
    for (user, named) in by_rules.chain(queries) {
        for named in named {
            if let Some(gone) = removed.0.get(&named) {
                users.entry(gone).or_default().push(user.clone());
            }
        }
    }
    users
        .into_iter()
        .map(|(gone, users)| problem(gone, &users))
        .collect()
}

/// What a rule names.
fn named(text: &str) -> BTreeSet<Thing> {
    let Ok(rule) = parse(text) else {
        return BTreeSet::new();
    };
    let references = rule.references().into_iter();
    let mut named: BTreeSet<Thing> = references
        .map(|reference| match reference.node {
            Defined::Tag(key) => Thing::new(Kind::Tag, key),
            Defined::Audience(key) => Thing::new(Kind::Audience, key),
        })
        .collect();
    let (lists, tables) = rule.lists_and_tables();
    named.extend(lists.into_iter().map(|key| Thing::new(Kind::List, key)));
    named.extend(tables.into_iter().map(|key| Thing::new(Kind::Table, key)));
    named
}

/// So many of those that use something are named.
const NAMED: usize = 10;

fn problem(gone: &Thing, users: &[Thing]) -> Problems {
    let listed = |language, separator: &str, more: String| {
        let names = users.iter().take(NAMED);
        let mut names: Vec<String> = names.map(|user| user.in_words(language)).collect();
        names.extend((users.len() > NAMED).then_some(more));
        names.join(separator)
    };
    let rest = users.len().saturating_sub(NAMED);
    let zh = listed(Language::Chinese, "、", format!("另外 {rest} 个"));
    let en = listed(Language::English, ", ", format!("{rest} more"));
    let message = LocalizedText {
        zh: format!("仍被使用：{zh}。请先从它们的规则中去掉，或者把它们也一起移除"),
        en: format!("is still used by {en}: take it out of their rules first, or remove them too"),
    };
    let problem = Diagnostic {
        code: Code::StillUsed,
        severity: Severity::Error,
        message,
        range: TextRange::default(),
        fix: None,
        concern: None,
    };
    Problems::of_rule(
        gone.kind.name(),
        gone.key.clone(),
        String::new(),
        vec![problem],
    )
}
