//! Definitions, lists and results, read from the store and ready to compute and to answer.

use std::collections::{BTreeMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::{Error, Result, anyhow};
use audiences::AudienceCache;
use catalog::Definitions;
use domain::{
    EventName, ListKey, LocalizedText, TagDefinition, TagKey, TagStatus, Time, UserNumber, UserSet,
};
use rules::Vocabulary;
use tags::ports::{Histories, Results};
use tags::{Config, Deps, GivenTag, Inputs, Origin, TagProgram, TagResults, TagSource};
use warehouse::{BatchNumber, PropertyStatistics, Scope};

use crate::cost::RowEstimates;
use crate::known_tags;
use crate::lists;
use crate::lookalike;
use crate::mistakes::{Mistakes, Problems};
use crate::platform::{Platform, now};
use crate::rulebook::{ReadTag, Rulebook};
use crate::supplied;
use crate::users::Users;

/// Everything that an answer needs, as of the moment at which it was read.
pub struct Engine {
    /// Where it comes from.
    pub platform: Arc<Platform>,
    /// What is defined.
    pub definitions: Arc<Definitions>,
    /// The rules of what is defined.
    pub book: Rulebook,
    /// Lists and audiences as tags use them.
    pub inputs: Inputs,
    /// Who has which number.
    pub users: Arc<Users>,
    /// How many rows there are to read.
    pub rows: RowEstimates,
    /// The last batch of rows that a computation by it has.
    pub batch: BatchNumber,
    /// The results of the last computation.
    pub results: Option<Arc<TagResults>>,
    /// The lookalikes of which nothing could be learned last, and why.
    pub unlearned: BTreeMap<TagKey, LocalizedText>,
    /// How many rows of the queries of tags named no known user last, where there were any.
    pub left_out: BTreeMap<TagKey, u64>,
    /// Audiences that were asked for lately.
    pub audiences: AudienceCache,
}

/// How many audiences are kept.
const KEPT_AUDIENCES: usize = 1_000;

impl Engine {
    /// Reads everything.
    ///
    /// # Errors
    /// The store's.
    pub fn read(platform: &Arc<Platform>) -> Result<Self> {
        Self::read_as_of(platform, None)
    }

    /// Reads everything, for questions as of an instant: who is who is known as it is now, or then
    /// where that is later.
    ///
    /// # Errors
    /// The store's.
    pub fn read_as_of(platform: &Arc<Platform>, as_of: Option<Time>) -> Result<Self> {
        if let Some(as_of) = as_of {
            platform.store.settle(as_of);
        }
        let definitions = platform.wait(platform.catalog.definitions())?;
        Self::with(platform, definitions, &BTreeMap::new())
    }

    /// Reads everything but what is given: definitions, and members of some lists.
    ///
    /// # Errors
    /// The store's.
    pub fn with(
        platform: &Arc<Platform>,
        definitions: Arc<Definitions>,
        members: &BTreeMap<ListKey, Vec<String>>,
    ) -> Result<Self> {
        platform.store.settle(now());
        let batch = platform.store.settled_batch();
        let users = Arc::new(Users::of(&platform.store));
        let mut tags: Vec<TagDefinition> = definitions
            .tags
            .iter()
            .map(|tag| tag.definition.clone())
            .collect();
        lookalike::recall(platform, &mut tags)?;
        let audiences: Vec<_> = definitions
            .audiences
            .iter()
            .map(|audience| audience.definition.clone())
            .collect();
        let statistics = platform.store.statistics();
        let mut vocabulary = vocabulary(&definitions, &statistics);
        let results = stored(platform.store.latest())?;
        let known = results
            .as_deref()
            .map(known_tags::kinds)
            .unwrap_or_default();
        let defined: HashSet<&TagKey> = tags.iter().map(|tag| &tag.key).collect();
        vocabulary.tags = known
            .into_iter()
            .filter(|(key, _)| defined.contains(key))
            .collect();
        let (known, assumed, queries) = (
            platform.known_tags(),
            platform.assumed(),
            platform.queries(),
        );
        let mut book =
            Rulebook::read_knowing(known, &tags, &audiences, vocabulary, &assumed, &queries);
        if let Some(results) = &results {
            book.give_as_they_were(results);
        }
        for tag in &definitions.tags {
            if let Some(supplied) = supplied::of_tag(&tag.definition).filter(|_| tag.version > 0) {
                let key = &tag.definition.key;
                let members = supplied::members(platform, key, supplied, &users)?;
                book.supplied.insert(key.clone(), members);
            }
        }
        let (user_lists, value_lists) = lists::members(platform, &definitions, members, &users)?;
        let inputs = Inputs {
            audiences: book.audiences.clone(),
            user_lists,
            value_lists,
            identities: Some(Arc::<Users>::clone(&users)),
        };
        Ok(Self {
            platform: Arc::clone(platform),
            definitions,
            book,
            inputs,
            users,
            rows: RowEstimates::of(&statistics),
            batch,
            results,
            unlearned: BTreeMap::new(),
            left_out: BTreeMap::new(),
            audiences: AudienceCache::new(KEPT_AUDIENCES),
        })
    }

    /// The same once more, to change it while this one answers.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            platform: Arc::clone(&self.platform),
            definitions: Arc::clone(&self.definitions),
            book: self.book.clone(),
            inputs: self.inputs.clone(),
            users: Arc::clone(&self.users),
            rows: self.rows.clone(),
            results: self.results.clone(),
            unlearned: self.unlearned.clone(),
            left_out: self.left_out.clone(),
            batch: self.batch,
            audiences: AudienceCache::new(KEPT_AUDIENCES),
        }
    }

    /// All tags without mistakes: those to be computed, and paused ones as they were.
    pub fn sources(&self) -> Vec<TagSource> {
        self.book.tags.iter().map(|tag| self.source(tag)).collect()
    }

    /// These tags and all that they need.
    ///
    /// # Errors
    /// A tag does not exist or has mistakes.
    pub fn sources_of(&self, wanted: &[TagKey]) -> Result<Vec<TagSource>> {
        let sources = self.book.sources_of(wanted);
        let sources = sources.map_err(|key| self.unusable(&key))?;
        let tags = sources
            .iter()
            .filter_map(|source| self.book.tag(&source.key));
        Ok(tags.map(|tag| self.source(tag)).collect())
    }

    /// A tag as a computation takes it.
    pub(crate) fn source(&self, tag: &ReadTag) -> TagSource {
        let key = &tag.definition.key;
        let is_paused = tag.definition.state() == TagStatus::Paused;
        if !is_paused && !self.unlearned.contains_key(key) {
            return self.book.source(tag);
        }
        tag.source_as_it_was(self.results.as_deref())
    }

    /// A tag as results have it; `None` where they do not.
    pub fn as_it_was(&self, results: &TagResults, key: &TagKey) -> Option<TagSource> {
        let keep = self.book.tag(key).map(ReadTag::keep);
        let given = GivenTag::as_it_was(results, key, keep.unwrap_or_default())?;
        Some(TagSource {
            key: key.clone(),
            origin: Origin::Given(given),
        })
    }

    /// Whether the results hold tags that are in force no more.
    pub fn has_removed(&self) -> bool {
        let defined = self.definitions.tags.iter();
        let defined: HashSet<&TagKey> = defined.map(|tag| &tag.definition.key).collect();
        let mut slots = self
            .results
            .iter()
            .flat_map(|results| results.slots().iter());
        slots.any(|slot| !defined.contains(&slot.tag))
    }

    /// The tags that a rule needs, also by way of audiences.
    pub fn needs(&self, rule: &rules::CheckedRule) -> Vec<TagKey> {
        self.book.needs(rule)
    }

    /// Why a tag cannot be computed.
    pub(crate) fn unusable(&self, key: &TagKey) -> Error {
        let broken = self.book.problems.iter().find(|problems| {
            problems.kind == "tag" && problems.key == key.as_str() && problems.is_fatal()
        });
        if let Some(problems) = broken {
            return Mistakes::One(problems.clone()).into();
        }
        let known = self
            .definitions
            .tags
            .iter()
            .map(|tag| tag.definition.key.as_str());
        match domain::nearest(key.as_str(), known) {
            Some(near) => anyhow!("there is no tag `{key}`: did you mean `{near}`?"),
            None => anyhow!("there is no tag `{key}`: `muster apply` takes over definitions"),
        }
    }

    /// The definition of a tag.
    pub fn definition(&self, key: &TagKey) -> Option<&TagDefinition> {
        let mut tags = self.definitions.tags.iter();
        let found = tags.find(|tag| tag.definition.key == *key);
        found.map(|tag| &tag.definition)
    }

    /// The mistakes and doubts about one definition.
    pub fn problems_of(&self, kind: &str, key: &str) -> Option<&Problems> {
        self.book
            .problems
            .iter()
            .find(|problems| problems.kind == kind && problems.key == key)
    }

    /// Compiles tags for an instant.
    ///
    /// # Errors
    /// As [`TagProgram::compile`].
    pub fn compile(&self, sources: &[TagSource], now: Time) -> Result<TagProgram> {
        Ok(TagProgram::compile(sources, now, &self.inputs)?)
    }

    /// What a computation works with.
    pub fn deps(&self) -> Deps<'_> {
        let histories: &dyn Histories = &self.platform.store;
        let results: &dyn Results = &self.platform.store;
        Deps { histories, results }
    }

    /// How much of the machine a computation uses.
    pub fn config(&self) -> Config {
        let threads = NonZeroUsize::new(self.platform.config.threads());
        Config {
            threads: threads.unwrap_or(NonZeroUsize::MIN),
            ..Config::default()
        }
    }

    /// The written keys of users.
    pub fn keys(&self, users: &UserSet) -> Vec<String> {
        users.iter().filter_map(|number| self.key(number)).collect()
    }

    /// The written key of a user.
    pub fn key(&self, number: UserNumber) -> Option<String> {
        self.users.key(number).map(ToString::to_string)
    }
}

/// An error of a port as one of this crate.
pub(crate) fn stored<T>(answer: Result<T, tags::PortError>) -> Result<T> {
    answer.map_err(|error| anyhow::anyhow!(error))
}

/// Names of events, properties, attributes and lists, and tables.
fn vocabulary(definitions: &Definitions, statistics: &[PropertyStatistics]) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    for property in statistics {
        let path: Arc<str> = Arc::from(property.path.as_str());
        match property.scope {
            Scope::Events => {
                let event = EventName::new(&property.event);
                if property.counts.has_no_number() {
                    let others = &mut vocabulary.events_without_numbers;
                    let others = others.entry(event.clone()).or_default();
                    others.insert(Arc::clone(&path));
                }
                vocabulary.events.entry(event).or_default().insert(path);
            }
            Scope::Traits => {
                if property.counts.lists > 0 {
                    vocabulary.collections.insert(Arc::clone(&path));
                }
                if property.counts.has_no_number() {
                    let others = &mut vocabulary.attributes_without_numbers;
                    others.insert(Arc::clone(&path));
                }
                vocabulary.attributes.insert(path);
            }
        }
    }
    for event in &definitions.events {
        vocabulary.declare(&event.definition);
    }
    for list in &definitions.lists {
        let (key, name) = (&list.definition.key, &list.definition.name);
        vocabulary.lists.insert(key.clone(), list.definition.kind);
        vocabulary.names.lists.insert(key.clone(), name.clone());
    }
    for table in &definitions.tables {
        if let Ok(read) = table.definition.table() {
            vocabulary
                .tables
                .insert(table.definition.key.clone(), Arc::new(read));
        }
    }
    vocabulary
}
