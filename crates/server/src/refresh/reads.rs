//! What the members of each tag follow from beside its definition: rows of some events, attributes, time.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::{EventName, TagKey};
use warehouse::News;

use crate::lookalike::lookalike_of;
use crate::rulebook::{Meaning, ReadTag, Rulebook};

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
        if matches!(tag.meaning, Meaning::Query(_)) {
            return Self::of_query(tag);
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

    /// A query may read everything, and ask for the time.
    fn of_query(tag: &ReadTag) -> Self {
        Self {
            prefixes: BTreeSet::from([Arc::from("")]),
            attributes: true,
            moves_with_time: tag.definition.as_of.is_none(),
            ..Self::default()
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
