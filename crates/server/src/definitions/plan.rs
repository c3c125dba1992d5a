//! What files would change: wanted against stored. A pure function.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use catalog::{Change, Definitions, Versioned};
use domain::{
    AudienceDefinition, EventDefinition, Language, ListDefinition, ListKey, Said, TableDefinition,
    TagDefinition, TagStatus,
};

use super::states::Tags;
use super::write::{audience_text, event_text, list_text, table_text, tag_text};
use super::{Line, Wanted, WantedList, difference};

/// Whether stored definitions that no file mentions are removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prune {
    /// They stay.
    Keep,
    /// They go.
    Remove,
}

/// The sorts of definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A list.
    List,
    /// A table.
    Table,
    /// An event of the tracking plan.
    Event,
    /// A tag.
    Tag,
    /// An audience.
    Audience,
}

impl Sort {
    /// The word for one of them.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Table => "table",
            Self::Event => "event",
            Self::Tag => "tag",
            Self::Audience => "audience",
        }
    }
}

impl Said for Sort {
    fn said(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, sort) => sort.name().to_owned(),
            (Language::Chinese, Self::List) => "名单".to_owned(),
            (Language::Chinese, Self::Table) => "表".to_owned(),
            (Language::Chinese, Self::Event) => "事件".to_owned(),
            (Language::Chinese, Self::Tag) => "标签".to_owned(),
            (Language::Chinese, Self::Audience) => "人群".to_owned(),
        }
    }
}

/// What happens to a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlannedAction {
    /// It is new.
    Added,
    /// It replaces a stored one.
    Changed,
    /// It is stored, and no file mentions it.
    Removed,
}

/// One definition that would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its sort.
    pub sort: Sort,
    /// Its key.
    pub key: String,
    /// What happens to it.
    pub action: PlannedAction,
    /// The YAML of the stored one; empty if it is new.
    pub before: String,
    /// The YAML of the wanted one; empty if it goes.
    pub after: String,
    /// What the catalogue has to do.
    pub changes: Vec<Change>,
}

impl Planned {
    /// A tag that would change, or be added where there is none before.
    pub fn of_tag(before: Option<&TagDefinition>, after: &TagDefinition) -> Self {
        Self {
            sort: Sort::Tag,
            key: after.key.to_string(),
            action: match before {
                Some(_) => PlannedAction::Changed,
                None => PlannedAction::Added,
            },
            before: before.map(tag_text).unwrap_or_default(),
            after: tag_text(after),
            changes: vec![Change::PutTag(after.clone())],
        }
    }

    /// The state that a tag would have; `None`: it is no tag, or goes.
    pub fn state(&self) -> Option<TagStatus> {
        self.changes.iter().find_map(|change| match change {
            Change::PutTag(tag) => Some(tag.state()),
            _ => None,
        })
    }

    /// Whether a tag that is stored would have another state.
    pub fn changes_state(&self) -> bool {
        let of_state = |line: &&str| line.starts_with("status: ");
        let state = |text: &str| text.lines().find(of_state).map(ToOwned::to_owned);
        self.action == PlannedAction::Changed && state(&self.before) != state(&self.after)
    }

    /// What differs, line by line.
    pub fn difference(&self) -> Vec<Line> {
        difference(&self.before, &self.after)
    }
}

impl fmt::Display for Planned {
    /// `+ tag whale`, `~ tag whale`, `- tag whale`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.action {
            PlannedAction::Added => '+',
            PlannedAction::Changed => '~',
            PlannedAction::Removed => '-',
        };
        write!(formatter, "{mark} {} {}", self.sort.name(), self.key)
    }
}

/// Everything that would change: lists, tables, events, tags, audiences, each in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The definitions that would change.
    pub planned: Vec<Planned>,
    /// How many are wanted exactly as they are stored.
    pub unchanged: usize,
}

impl Plan {
    /// How many definitions the action happens to.
    pub fn count(&self, action: PlannedAction) -> usize {
        self.planned
            .iter()
            .filter(|planned| planned.action == action)
            .count()
    }

    /// What the catalogue has to do, to be applied at once.
    pub fn changes(&self) -> Vec<Change> {
        self.planned
            .iter()
            .flat_map(|planned| planned.changes.iter().cloned())
            .collect()
    }
}

impl fmt::Display for Plan {
    /// `3 to add, 1 to change, 0 to remove, 196 unchanged`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} to add, {} to change, {} to remove, {} unchanged",
            self.count(PlannedAction::Added),
            self.count(PlannedAction::Changed),
            self.count(PlannedAction::Removed),
            self.unchanged
        )
    }
}

/// Compares what files want with what is stored. `members` are the stored members of the lists
/// that [`Wanted::lists_with_members`] names.
pub fn plan(
    wanted: &Wanted,
    stored: &Definitions,
    members: &BTreeMap<ListKey, BTreeSet<String>>,
    prune: Prune,
) -> Plan {
    let lists = Side {
        sort: Sort::List,
        wanted: wanted
            .lists
            .iter()
            .map(|(key, list)| (key.as_str(), &list.definition))
            .collect(),
        stored: stored_lists(stored, wanted, members),
        text: |list: &WantedList| list_text(&list.definition, list.members.as_ref()),
        put: put_list,
        remove: |list: &WantedList| Change::RemoveList(list.definition.key.clone()),
    };
    let tables = Side {
        sort: Sort::Table,
        wanted: wanted
            .tables
            .iter()
            .map(|(key, table)| (key.as_str(), &table.definition))
            .collect(),
        stored: by_key(&stored.tables, |table| table.key.as_str()),
        text: table_text,
        put: |_, table: &TableDefinition| vec![Change::PutTable(table.clone())],
        remove: |table: &TableDefinition| Change::RemoveTable(table.key.clone()),
    };
    let events = Side {
        sort: Sort::Event,
        wanted: wanted
            .events
            .iter()
            .map(|(key, event)| (key.as_str(), &event.definition))
            .collect(),
        stored: by_key(&stored.events, |event| event.key.as_str()),
        text: event_text,
        put: |_, event: &EventDefinition| vec![Change::PutEvent(event.clone())],
        remove: |event: &EventDefinition| Change::RemoveEvent(event.key.clone()),
    };
    let states = Tags::new(wanted, stored);
    let tags = Side {
        sort: Sort::Tag,
        wanted: states.wanted.iter().map(|(key, tag)| (*key, tag)).collect(),
        stored: states.stored,
        text: tag_text,
        put: |_, tag: &TagDefinition| vec![Change::PutTag(tag.clone())],
        remove: |tag: &TagDefinition| Change::RemoveTag(tag.key.clone()),
    };
    let audiences = Side {
        sort: Sort::Audience,
        wanted: wanted
            .audiences
            .iter()
            .map(|(key, audience)| (key.as_str(), &audience.definition))
            .collect(),
        stored: by_key(&stored.audiences, |audience| audience.key.as_str()),
        text: audience_text,
        put: |_, audience: &AudienceDefinition| vec![Change::PutAudience(audience.clone())],
        remove: |audience: &AudienceDefinition| Change::RemoveAudience(audience.key.clone()),
    };
    let mut plan = Plan::default();
    lists.compare(prune, &mut plan);
    tables.compare(prune, &mut plan);
    events.compare(prune, &mut plan);
    tags.compare(prune, &mut plan);
    audiences.compare(prune, &mut plan);
    plan
}

/// One sort of definitions, wanted and stored.
struct Side<'w, T> {
    sort: Sort,
    wanted: BTreeMap<&'w str, &'w T>,
    stored: BTreeMap<String, T>,
    text: fn(&T) -> String,
    put: fn(Option<&T>, &T) -> Vec<Change>,
    remove: fn(&T) -> Change,
}

impl<T> Side<'_, T> {
    fn compare(self, prune: Prune, plan: &mut Plan) {
        let keys: BTreeSet<&str> = self
            .wanted
            .keys()
            .copied()
            .chain(self.stored.keys().map(String::as_str))
            .collect();
        for key in keys {
            let (wanted, stored) = (self.wanted.get(key).copied(), self.stored.get(key));
            let text = |definition: Option<&T>| definition.map_or_else(String::new, self.text);
            let (before, after) = (text(stored), text(wanted));
            let (action, changes) = match (wanted, stored) {
                (Some(_), Some(_)) if before == after => {
                    plan.unchanged += 1;
                    continue;
                }
                (Some(wanted), Some(stored)) => {
                    (PlannedAction::Changed, (self.put)(Some(stored), wanted))
                }
                (Some(wanted), None) => (PlannedAction::Added, (self.put)(None, wanted)),
                (None, Some(stored)) if prune == Prune::Remove => {
                    (PlannedAction::Removed, vec![(self.remove)(stored)])
                }
                (None, _) => continue,
            };
            plan.planned.push(Planned {
                sort: self.sort,
                key: key.to_owned(),
                action,
                before,
                after,
                changes,
            });
        }
    }
}

fn by_key<T: Clone>(stored: &[Versioned<T>], key: fn(&T) -> &str) -> BTreeMap<String, T> {
    let with_key = |stored: &Versioned<T>| {
        (
            key(&stored.definition).to_owned(),
            stored.definition.clone(),
        )
    };
    stored.iter().map(with_key).collect()
}

/// The stored lists, with their members where the wanted ones have members, so that the same is
/// compared.
fn stored_lists(
    stored: &Definitions,
    wanted: &Wanted,
    members: &BTreeMap<ListKey, BTreeSet<String>>,
) -> BTreeMap<String, WantedList> {
    let list_of = |stored: &Versioned<ListDefinition>| {
        let key = &stored.definition.key;
        let has_members = wanted
            .lists
            .get(key)
            .is_some_and(|list| list.definition.members.is_some());
        let members = has_members.then(|| members.get(key).cloned().unwrap_or_default());
        let definition = stored.definition.clone();
        (
            key.as_str().to_owned(),
            WantedList {
                definition,
                members,
            },
        )
    };
    stored.lists.iter().map(list_of).collect()
}

fn put_list(stored: Option<&WantedList>, wanted: &WantedList) -> Vec<Change> {
    let key = &wanted.definition.key;
    let changes_kind =
        stored.is_some_and(|stored| stored.definition.kind != wanted.definition.kind);
    let put = Change::PutList(wanted.definition.clone());
    match &wanted.members {
        // A list may change its kind only while it is empty.
        Some(members) => {
            let empty = changes_kind.then(|| Change::SetMembers(key.clone(), Vec::new()));
            let fill = Change::SetMembers(key.clone(), members.iter().cloned().collect());
            empty.into_iter().chain([put, fill]).collect()
        }
        None => vec![put],
    }
}
