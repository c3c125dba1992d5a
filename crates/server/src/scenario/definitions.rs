//! What is defined at a step of a scenario: tags, audiences, lists, tables, events of the tracking
//! plan, and what was refused.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use domain::{
    AudienceDefinition, AudienceKey, EventDefinition, EventName, ListKey, ListKind, LocalizedText,
    Table, TableKey, TagKey, TagStatus, UserSet, Value,
};
use features::ValueLists;
use rules::{CheckOptions, CheckedRule, Diagnostic, Severity, Vocabulary};
use tags::{Inputs, TagResults, TagSource};

use super::exact::{Exact, Lines};
use super::file::{Define, List};
use super::life::TagsInLife;
use super::store::MemoryStore;
use crate::definitions::{Wanted, WantedList};
use crate::mistakes::Problems;
use crate::rulebook::{ReadTag, Rulebook};
use crate::sql_tags::WithoutQueries;

/// Everything that is defined.
#[derive(Debug, Default)]
pub struct Definitions {
    tags: TagsInLife,
    audiences: Vec<AudienceDefinition>,
    lists: BTreeMap<ListKey, Members>,
    tables: BTreeMap<TableKey, Arc<Table>>,
    events: BTreeMap<EventName, EventDefinition>,
    /// The rules of what is defined.
    pub book: Rulebook,
}

#[derive(Debug)]
enum Members {
    Users(Vec<String>),
    Values(HashSet<Arc<str>>),
}

/// What was said about the definitions of a step, by key.
#[derive(Debug, Default)]
pub struct Said {
    /// The problems of those that were refused.
    pub rejected: BTreeMap<String, Problems>,
    /// Warnings and hints about those that were accepted.
    pub hints: BTreeMap<String, Vec<LocalizedText>>,
}

impl Said {
    fn reject(&mut self, kind: &'static str, key: &str, problem: &str) {
        let problems = Problems::of_definition(kind, key, problem);
        self.rejected.insert(key.to_owned(), problems);
    }
}

impl Definitions {
    /// Takes over the definitions of files, and then those of a step; those with mistakes are
    /// refused, and what they were to replace stays.
    pub fn apply(
        &mut self,
        taken_over: &Wanted,
        define: &Define,
        lines: &Lines<'_>,
        seen: Vocabulary,
        assumed: &CheckOptions,
    ) -> Said {
        let mut said = Said::default();
        self.take_named(taken_over);
        self.apply_named(define, lines, &mut said);
        let vocabulary = self.vocabulary(seen);
        let (old_tags, old_audiences) = (self.tags.clone(), self.audiences.clone());
        let tags = taken_over.tags.values().map(|tag| &tag.definition);
        tags.chain(&define.tags).for_each(|tag| self.tags.put(tag));
        for key in &define.publish.0 {
            if let Err(problem) = self.tags.publish(key) {
                said.reject("tag", key, &problem);
            }
        }
        let audiences = taken_over.audiences.values().map(|one| &one.definition);
        for audience in audiences.chain(&define.audiences) {
            put(&mut self.audiences, audience, |audience| &audience.key);
        }
        loop {
            let (tags, audiences) = (self.tags.in_force(), &self.audiences);
            let vocabulary = vocabulary.clone();
            self.book = Rulebook::read(&tags, audiences, vocabulary, assumed, &WithoutQueries);
            let broken: Vec<Problems> = self
                .book
                .problems
                .iter()
                .filter(|problems| problems.is_fatal())
                .cloned()
                .collect();
            if broken.is_empty() {
                break;
            }
            for mut problems in broken {
                if !define.has_rule(problems.kind, &problems.key) {
                    problems.find_origin(taken_over);
                }
                self.revert(&problems, &old_tags, &old_audiences, &said);
                said.rejected
                    .entry(problems.key.clone())
                    .or_insert(problems);
            }
        }
        for problems in &self.book.problems {
            said.hints
                .insert(problems.key.clone(), hints(&problems.diagnostics));
        }
        said
    }

    /// Takes over what rules may name: tables, lists and events of the tracking plan.
    fn apply_named(&mut self, define: &Define, lines: &Lines<'_>, said: &mut Said) {
        for event in &define.events {
            match event.definition(lines) {
                Ok(event) => {
                    self.events.insert(event.key.clone(), event);
                }
                Err(problem) => said.reject("event", event.key(), &problem),
            }
        }
        for written in &define.tables {
            let table = written.definition(lines);
            let table = table.and_then(|table| table.table().map_err(|error| error.to_string()));
            match table {
                Ok(table) => {
                    self.tables.insert(table.key().clone(), Arc::new(table));
                }
                Err(problem) => said.reject("table", written.key.as_str(), &problem),
            }
        }
        for list in &define.lists {
            match members(list, lines) {
                Ok(members) => {
                    self.lists.insert(list.key.clone(), members);
                }
                Err(problem) => said.reject("list", list.key.as_str(), &problem),
            }
        }
    }

    /// Takes over from files what rules may name.
    fn take_named(&mut self, taken_over: &Wanted) {
        for (key, event) in &taken_over.events {
            self.events.insert(key.clone(), event.definition.clone());
        }
        for (key, table) in &taken_over.tables {
            // What was read from files is a table.
            if let Ok(table) = table.definition.table() {
                self.tables.insert(key.clone(), Arc::new(table));
            }
        }
        for (key, list) in &taken_over.lists {
            let members = members_of_file(&list.definition);
            self.lists.insert(key.clone(), members);
        }
    }

    /// Puts the definition before in the place of a broken one; a second time, removes it.
    fn revert(
        &mut self,
        problems: &Problems,
        old_tags: &TagsInLife,
        old_audiences: &[AudienceDefinition],
        said: &Said,
    ) {
        let key = problems.key.as_str();
        let is_first = !said.rejected.contains_key(key);
        if problems.kind == "tag" {
            self.tags.revert(key, is_first.then_some(old_tags));
        } else {
            let old = old_audiences
                .iter()
                .find(|tag| tag.key.as_str() == key && is_first);
            self.audiences
                .retain(|audience| audience.key.as_str() != key);
            self.audiences.extend(old.cloned());
        }
    }

    fn vocabulary(&self, seen: Vocabulary) -> Vocabulary {
        let kind = |members: &Members| match members {
            Members::Users(_) => ListKind::Users,
            Members::Values(_) => ListKind::Values,
        };
        let lists = self
            .lists
            .iter()
            .map(|(key, members)| (key.clone(), kind(members)));
        let mut vocabulary = Vocabulary {
            lists: lists.collect(),
            tables: self.tables.clone(),
            ..seen
        };
        self.events
            .values()
            .for_each(|event| vocabulary.declare(event));
        vocabulary
    }

    /// The tags as the computation takes them, and the audiences as further ones. What is paused, and what `stays`
    /// names, stays as it is in the results before.
    pub fn sources(
        &self,
        before: Option<&TagResults>,
        stays: impl Fn(&TagKey) -> bool,
    ) -> Vec<TagSource> {
        let audience = |(key, rule): (&AudienceKey, &CheckedRule)| {
            Some(TagSource::of_rule(
                audience_tag(key.as_str())?,
                rule.clone(),
            ))
        };
        let audiences = self.book.audiences.iter().filter_map(audience);
        self.book
            .tags
            .iter()
            .map(|tag| match tag.is_paused() || stays(&tag.definition.key) {
                true => tag.source_as_it_was(before),
                false => self.book.source(tag),
            })
            .chain(audiences)
            .collect()
    }

    /// Audiences and lists as the computation takes them.
    pub fn inputs(&self, store: &MemoryStore) -> Inputs {
        let mut user_lists: BTreeMap<ListKey, Arc<UserSet>> = BTreeMap::new();
        let mut value_lists = ValueLists::default();
        for (key, members) in &self.lists {
            match members {
                Members::Users(names) => {
                    let mut set = UserSet::new();
                    for number in names.iter().filter_map(|name| store.named(name)) {
                        set.insert(number);
                    }
                    user_lists.insert(key.clone(), Arc::new(set));
                }
                Members::Values(texts) => {
                    value_lists.insert(key.clone(), Arc::new(texts.clone()));
                }
            }
        }
        Inputs {
            audiences: self.book.audiences.clone(),
            user_lists,
            value_lists,
            identities: Some(store.who_is_who()),
        }
    }

    /// The state of a tag that is defined and not in force.
    pub fn state_aside(&self, key: &str) -> Option<TagStatus> {
        self.tags.state_aside(key)
    }

    /// The tag of that key.
    pub fn tag(&self, key: &str) -> Option<&ReadTag> {
        let mut tags = self.book.tags.iter();
        let found = tags.find(|tag| tag.definition.key.as_str() == key);
        found.map(|tag| &**tag)
    }
}

/// The key under which the members of an audience are found among the results.
pub fn audience_tag(audience: &str) -> Option<TagKey> {
    TagKey::new(&format!("_audience_{audience}")).ok()
}

/// Adds a definition, or replaces the one with its key.
fn put<T: Clone, K: PartialEq>(all: &mut Vec<T>, new: &T, key: fn(&T) -> &K) {
    match all.iter_mut().find(|old| key(old) == key(new)) {
        Some(old) => old.clone_from(new),
        None => all.push(new.clone()),
    }
}

fn members(list: &List, lines: &Lines<'_>) -> Result<Members, String> {
    match (&list.users, &list.values) {
        (Some(users), None) => Ok(Members::Users(users.0.clone())),
        (None, Some(values)) => {
            let text = |value: &Exact| {
                Value::from_json(&value.json(lines)).and_then(|value| value.canonical_text())
            };
            Ok(Members::Values(values.iter().filter_map(text).collect()))
        }
        _ => Err(format!(
            "list `{}` needs either `users` or `values`",
            list.key
        )),
    }
}

/// The members that a definition file names; none where they come from elsewhere.
fn members_of_file(list: &WantedList) -> Members {
    let named = list.members.iter().flatten();
    match list.definition.kind {
        ListKind::Users => Members::Users(named.cloned().collect()),
        ListKind::Values => Members::Values(named.map(|value| Arc::from(value.as_str())).collect()),
    }
}

fn hints(diagnostics: &[Diagnostic]) -> Vec<LocalizedText> {
    let is_hint = |diagnostic: &&Diagnostic| diagnostic.severity != Severity::Error;
    diagnostics
        .iter()
        .filter(is_hint)
        .map(|diagnostic| diagnostic.message.clone())
        .collect()
}
