//! What the members of each tag follow from beside its definition: rows of some events, attributes, time.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::{EventName, TagKey};
use warehouse::News;

use crate::lookalike::lookalike_of;
use crate::rulebook::{Meaning, ReadTag, Rulebook};
use crate::sql_tags::CheckedQuery;

/// What a tag reads, itself or by way of the tags and audiences that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reads {
    events: BTreeSet<EventName>,
    /// The empty one is any event.
    prefixes: BTreeSet<Arc<str>>,
    attributes: bool,
    /// Whether its members can change by time alone.
    pub moves_with_time: bool,
}

impl Reads {
    /// What all tags without mistakes read.
    pub fn of_all(book: &Rulebook, events_go: bool) -> HashMap<TagKey, Self> {
        let mut all: HashMap<TagKey, Self> = HashMap::with_capacity(book.tags.len());
        // Each tag comes after those that it names.
        for tag in &book.tags {
            let reads = Self::of(book, tag, &all, events_go);
            all.insert(tag.definition.key.clone(), reads);
        }
        all
    }

    fn of(book: &Rulebook, tag: &ReadTag, known: &HashMap<TagKey, Self>, events_go: bool) -> Self {
        if let Meaning::Query(query) = &tag.meaning {
            return Self::of_query(tag, query);
        }
        let mut reads = Self::default();
        let (mut open, mut seen) = (Vec::from_iter(tag.rule()), BTreeSet::new());
        while let Some(rule) = open.pop() {
            let names = rule.dependencies();
            reads.moves_with_time |= names.moves_with_time;
            reads.attributes |= !names.attributes.is_empty();
            reads.events.extend(names.events.keys().cloned());
            let prefixes = names.event_prefixes.keys();
            reads.prefixes.extend(prefixes.cloned());
            for needed in names.tags.iter().filter_map(|tag| known.get(tag)) {
                reads.add(needed);
            }
            for audience in &names.audiences {
                if let Some(rule) = book.audiences.get(audience)
                    && seen.insert(audience)
                {
                    open.push(rule);
                }
            }
        }
        // Where events are not kept for ever, those that are read go with time.
        reads.moves_with_time |= events_go && reads.reads_events();
        // What a lookalike is told by follows from everyone.
        reads.moves_with_time |= lookalike_of(tag).is_some();
        // A snapshot stays as it is.
        reads.moves_with_time &= tag.definition.as_of.is_none();
        reads
    }

    /// A query may read any row of a view, where its text leaves no doubt those of some names, and ask for the time.
    fn of_query(tag: &ReadTag, query: &CheckedQuery) -> Self {
        let reads = &query.reads;
        let reads_tags = reads.reads_any(&["user_tags", "user_tag_changes"]);
        let any_event = reads.reads_any(&["user_events"]) && reads.events.is_empty();
        // Any row can have changed the tags that it reads.
        let prefixes = (reads_tags || any_event).then(|| Arc::from(""));
        Self {
            events: reads
                .events
                .iter()
                .map(|event| EventName::new(event))
                .collect(),
            prefixes: prefixes.into_iter().collect(),
            attributes: reads_tags || reads.reads_any(&["user_attribute_changes", "user_profiles"]),
            moves_with_time: tag.definition.as_of.is_none(),
        }
    }

    fn add(&mut self, other: &Self) {
        self.events.extend(other.events.iter().cloned());
        self.prefixes.extend(other.prefixes.iter().cloned());
        self.attributes |= other.attributes;
        self.moves_with_time |= other.moves_with_time;
    }

    /// Whether rows of events are read at all.
    pub fn reads_events(&self) -> bool {
        !self.events.is_empty() || !self.prefixes.is_empty()
    }

    /// Whether rows of any sort are read.
    pub fn reads_rows(&self) -> bool {
        self.reads_events() || self.attributes
    }

    /// Whether the members can be others after what has come.
    pub fn is_concerned(&self, news: &News) -> bool {
        let is_read = |event: &EventName| {
            let mut prefixes = self.prefixes.iter();
            self.events.contains(event)
                || prefixes.any(|prefix| event.as_str().starts_with(&**prefix))
        };
        // A new user can have any tag: by what it does not have.
        news.identities || (news.attributes && self.attributes) || news.events.iter().any(is_read)
    }
}
