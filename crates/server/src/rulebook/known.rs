//! What tags were read as before. A tag is read again only if something has changed by which it is read: of 15,000
//! definitions one that changes is one that is read.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{TagDefinition, TagKey};
use rules::{CheckOptions, Defined, Diagnostic, TagKind, Vocabulary};

use super::ReadTag;

/// What the tags of a data folder were read as last.
#[derive(Debug, Default)]
pub struct KnownTags(Mutex<Arc<Known>>);

impl KnownTags {
    /// What was read before by the same names and assumptions; nothing where those are others.
    pub(super) fn read_by(&self, vocabulary: &Vocabulary, assumed: &CheckOptions) -> Arc<Known> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.vocabulary.names_same_data(vocabulary) && known.assumed == *assumed {
            true => Arc::clone(&known),
            false => Arc::default(),
        }
    }

    /// Remembers what was read.
    pub(super) fn remember(&self, known: Known) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }
}

/// Tags as they were read, and by what.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub vocabulary: Vocabulary,
    pub assumed: CheckOptions,
    pub tags: HashMap<TagKey, Arc<Reading>>,
}

impl Known {
    /// What a tag was read as when its definition was the same.
    pub fn same(&self, definition: &TagDefinition) -> Option<&Arc<Reading>> {
        let reading = self.tags.get(&definition.key)?;
        (reading.tag.definition == *definition).then_some(reading)
    }
}

/// A tag without mistakes, and what it was read by.
#[derive(Debug)]
pub(super) struct Reading {
    pub tag: Arc<ReadTag>,
    /// What is doubtful about it.
    pub doubts: Vec<Diagnostic>,
    /// What it names.
    pub names: BTreeSet<Defined>,
    /// What the tags that it names gave.
    kinds: Vec<Option<TagKind>>,
}

impl Reading {
    pub fn new(
        tag: Arc<ReadTag>,
        doubts: Vec<Diagnostic>,
        names: BTreeSet<Defined>,
        vocabulary: &Vocabulary,
    ) -> Self {
        Self {
            tag,
            doubts,
            kinds: kinds(&names, vocabulary)
                .map(|kind| kind.cloned())
                .collect(),
            names,
        }
    }

    /// Whether the tags and audiences that it names are what they were.
    pub fn holds(&self, vocabulary: &Vocabulary) -> bool {
        let audiences = |name: &Defined| match name {
            Defined::Audience(key) => vocabulary.audiences.contains(key),
            Defined::Tag(_) => true,
        };
        self.names.iter().all(audiences)
            && kinds(&self.names, vocabulary).eq(self.kinds.iter().map(Option::as_ref))
    }
}

fn kinds<'v>(
    names: &BTreeSet<Defined>,
    vocabulary: &'v Vocabulary,
) -> impl Iterator<Item = Option<&'v TagKind>> {
    names.iter().filter_map(|name| match name {
        Defined::Tag(key) => Some(vocabulary.tags.get(key)),
        Defined::Audience(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use domain::AudienceDefinition;
    use serde_json::{Value, json};

    use super::*;
    use crate::rulebook::Rulebook;
    use crate::sql_tags::WithoutQueries;

    fn tags(written: &[(&str, Value)]) -> Vec<TagDefinition> {
        let tag = |(key, body): &(&str, Value)| {
            let mut tag = json!({"key": key});
            let (fields, body) = (tag.as_object_mut().unwrap(), body.as_object().unwrap());
            fields.extend(body.clone());
            serde_json::from_value(tag).unwrap()
        };
        written.iter().map(tag).collect()
    }

    fn audiences(rules: &[&str]) -> Vec<AudienceDefinition> {
        let audience = |rule: &&str| serde_json::from_value(json!({"key": "vip", "rule": rule}));
        rules.iter().map(|rule| audience(rule).unwrap()).collect()
    }

    fn vocabulary(events: &[&str]) -> Vocabulary {
        let events = events
            .iter()
            .map(|name| (domain::EventName::new(name), Default::default()));
        Vocabulary {
            events: events.collect(),
            ..Vocabulary::default()
        }
    }

    /// Reads what stands there anew, and knowing what was read before: it must be the same. Gives the tags that were
    /// read anew.
    fn read(
        known: &KnownTags,
        (tags, audiences): (&[TagDefinition], &[AudienceDefinition]),
        events: &[&str],
        assumed: &CheckOptions,
    ) -> Vec<String> {
        let before = Arc::clone(&known.0.lock().unwrap());
        let (of, queries) = (|| vocabulary(events), &WithoutQueries);
        let anew = Rulebook::read(tags, audiences, of(), assumed, queries);
        let again = Rulebook::read_knowing(known, tags, audiences, of(), assumed, queries);
        assert_eq!(again.problems, anew.problems);
        assert_eq!(again.vocabulary, anew.vocabulary);
        assert_eq!(again.audiences, anew.audiences);
        let rules = |book: &Rulebook| -> Vec<_> {
            let tags = book.tags.iter();
            tags.map(|tag| (tag.definition.clone(), tag.rule().cloned()))
                .collect()
        };
        assert_eq!(rules(&again), rules(&anew));
        let was_read = |tag: &&Arc<ReadTag>| {
            let reading = before.tags.get(&tag.definition.key);
            !reading.is_some_and(|reading| Arc::ptr_eq(&reading.tag, tag))
        };
        let read = again.tags.iter().filter(was_read);
        read.map(|tag| tag.definition.key.to_string()).collect()
    }

    #[test]
    fn a_tag_is_read_again_when_something_has_changed_by_which_it_is_read() {
        let known = KnownTags::default();
        let assumed = CheckOptions::default();
        let rule = |text: &str| json!({"rule": text});
        let mut written = vec![
            ("base", rule("count(swap) > 3")),
            ("named", rule("tag(base) and did(swap)")),
            ("doubtful", rule("did(swop)")),
            ("wrong", rule("count(swap")),
            ("of_audience", rule("in audience(vip)")),
            ("given", json!({"imported": {}})),
        ];
        let vip = audiences(&["tag(named)"]);
        let read = |written: &[(&str, Value)],
                    audiences: &[AudienceDefinition],
                    events: &[&str],
                    assumed: &_| {
            read(&known, (&tags(written), audiences), events, assumed)
        };
        let all = ["base", "doubtful", "given", "named", "of_audience"];
        assert_eq!(read(&written, &vip, &["swap"], &assumed), all);
        assert!(read(&written, &vip, &["swap"], &assumed).is_empty());
        written[0].1 = rule("count(swap) > 4");
        assert_eq!(
            read(&written, &vip, &["swap"], &assumed),
            ["base"],
            "it gives the same kind"
        );
        written[0].1 = json!({"value": "count(swap)"});
        let both = ["base", "named"];
        assert_eq!(read(&written, &vip, &["swap"], &assumed), both);
        written[0].1 = rule("count(swap");
        assert!(read(&written, &vip, &["swap"], &assumed).is_empty());
        written[0].1 = rule("count(swap) > 4");
        assert_eq!(
            read(&written, &vip, &["swap"], &assumed),
            both,
            "what named a wrong tag was wrong, too"
        );
        assert!(
            read(&written, &[], &["swap"], &assumed).is_empty(),
            "the audience is gone"
        );
        assert_eq!(read(&written, &vip, &["swap"], &assumed), ["of_audience"]);
        assert_eq!(
            read(&written, &vip, &["swap", "swop"], &assumed),
            all,
            "another event"
        );
        let zone = domain::Zone::named("Asia/Shanghai").unwrap();
        let elsewhere = CheckOptions {
            zone,
            ..CheckOptions::default()
        };
        assert_eq!(read(&written, &vip, &["swap", "swop"], &elsewhere), all);
    }
}
