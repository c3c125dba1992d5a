//! A tag that was read: its definition and what it means.

use std::sync::{Arc, OnceLock};

use domain::{Keep, Supplied, TagDefinition, TagStatus};
use rules::checked::Body;
use rules::{CheckedRule, TagKind};
use tags::{GivenTag, MetricValues, Origin, TagResults, TagSource};
use xxhash_rust::xxh3::Xxh3;

use crate::sql_tags::CheckedQuery;

/// A tag and what it means.
#[derive(Debug)]
pub struct ReadTag {
    /// As it was written.
    pub definition: TagDefinition,
    /// What it means.
    pub meaning: Meaning,
    hash: OnceLock<u64>,
}

/// What decides who has a tag.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// A rule.
    Rule(CheckedRule),
    /// People supply it.
    Supplied(Supplied),
    /// A query finds who has it.
    Query(Arc<CheckedQuery>),
}

impl ReadTag {
    pub(super) fn new(definition: TagDefinition, meaning: Meaning) -> Self {
        Self {
            definition,
            meaning,
            hash: OnceLock::new(),
        }
    }

    /// The rule, of a tag that has one.
    pub fn rule(&self) -> Option<&CheckedRule> {
        match &self.meaning {
            Meaning::Rule(rule) => Some(rule),
            Meaning::Supplied(_) | Meaning::Query(_) => None,
        }
    }

    /// What the tag gives.
    pub fn kind(&self) -> TagKind {
        match &self.meaning {
            Meaning::Rule(rule) => rule.kind(),
            Meaning::Supplied(supplied) => TagKind::of_supplied(supplied.of),
            Meaning::Query(query) => query.kind(),
        }
    }

    /// Whether a user has one of its values, or all that hold.
    pub fn keep(&self) -> Keep {
        match self.rule().map(CheckedRule::body) {
            Some(Body::Cases { keep, .. }) => *keep,
            _ => Keep::First,
        }
    }

    /// Whether it is not computed at present.
    pub fn is_paused(&self) -> bool {
        self.definition.state() == TagStatus::Paused
    }

    /// The tag as a computation takes it that leaves it as results have it; nobody has it where they do not.
    pub fn source_as_it_was(&self, results: Option<&TagResults>) -> TagSource {
        let key = &self.definition.key;
        let kept = results.and_then(|results| GivenTag::as_it_was(results, key, self.keep()));
        match kept {
            Some(given) => TagSource {
                key: key.clone(),
                origin: Origin::Given(given),
            },
            None => self.source_of_nobody(),
        }
    }

    /// The tag as a computation takes it where it was never computed.
    pub fn source_of_nobody(&self) -> TagSource {
        TagSource {
            key: self.definition.key.clone(),
            origin: Origin::Given(self.of_nobody()),
        }
    }

    /// The tag as it is where it was never computed: nobody has it.
    pub fn of_nobody(&self) -> GivenTag {
        match self.kind() {
            TagKind::YesNo => GivenTag::Flag(Arc::default()),
            TagKind::Values(_) => GivenTag::Layers {
                keep: self.keep(),
                values: Vec::new(),
            },
            TagKind::Metric(_) => GivenTag::metric(MetricValues::default()),
        }
    }

    /// A number for what decides its members in the definition itself: not what people call it, nor its life.
    pub fn hash(&self) -> u64 {
        *self.hash.get_or_init(|| {
            let definition = &self.definition;
            let meaning = TagDefinition::new(definition.key.clone(), definition.body.clone());
            let mut hash = Xxh3::new();
            // What cannot be written cannot be stored either.
            let written = serde_json::to_string(&meaning).unwrap_or_default();
            let zone = definition.timezone.as_deref().unwrap_or_default();
            for text in [written.as_str(), zone] {
                hash.update(&text.len().to_le_bytes());
                hash.update(text.as_bytes());
            }
            let as_of = definition.as_of.map_or(0, domain::Time::millis);
            hash.update(&as_of.to_le_bytes());
            hash.digest()
        })
    }
}
