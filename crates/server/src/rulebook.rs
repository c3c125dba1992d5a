//! Definitions as checked rules: read in the order in which tags depend on one another, so that
//! each is checked knowing what the others give.

mod known;
mod read_tag;
mod reading;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::mem;
use std::sync::Arc;

use domain::{AudienceDefinition, AudienceKey, TagBody, TagDefinition, TagKey, Zone};
use rules::{CheckOptions, CheckedRule, Vocabulary, read_definition};
use tags::{GivenTag, Origin, TagResults, TagSource};

pub use self::known::KnownTags;
pub use self::read_tag::{Meaning, ReadTag};
use self::reading::Reader;
use crate::lookalike::Learned;
use crate::mistakes::Problems;
use crate::sql_tags::Queries;
use crate::supplied::SuppliedTags;

/// Rules that can be computed, and those that cannot.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    /// The tags without mistakes, in an order in which each comes after those that it names.
    pub tags: Vec<Arc<ReadTag>>,
    /// Where each tag stands in `tags`.
    places: HashMap<TagKey, usize>,
    /// The audiences without mistakes.
    pub audiences: BTreeMap<AudienceKey, CheckedRule>,
    /// Their texts.
    pub audience_texts: BTreeMap<AudienceKey, String>,
    /// What is wrong, or doubtful, by what it is wrong with; never empty lists.
    pub problems: Vec<Problems>,
    /// All names that a further rule may use.
    pub vocabulary: Vocabulary,
    /// Who has the tags that people supply; nobody has those that are not here.
    pub supplied: SuppliedTags,
    /// Who has SQL tags, as their queries found last; nobody has those that are not here.
    pub queried: BTreeMap<TagKey, GivenTag>,
}

impl Rulebook {
    /// Reads all definitions. `vocabulary` names events, attributes and lists; tags and audiences
    /// are added as they are read. `assumed` is what rules assume that say nothing else, and
    /// `queries` knows the queries of SQL tags.
    pub fn read(
        tags: &[TagDefinition],
        audiences: &[AudienceDefinition],
        vocabulary: Vocabulary,
        assumed: &CheckOptions,
        queries: &dyn Queries,
    ) -> Self {
        let known = KnownTags::default();
        Self::read_knowing(&known, tags, audiences, vocabulary, assumed, queries)
    }

    /// The same, knowing what tags were read as before.
    pub fn read_knowing(
        known: &KnownTags,
        tags: &[TagDefinition],
        audiences: &[AudienceDefinition],
        vocabulary: Vocabulary,
        assumed: &CheckOptions,
        queries: &dyn Queries,
    ) -> Self {
        let before = known.read_by(&vocabulary, assumed);
        let reader = Reader::new(vocabulary, assumed, queries, &before);
        let (book, after) = reader.read(tags, audiences);
        known.remember(after);
        book
    }

    /// A tag without mistakes.
    pub fn tag(&self, key: &TagKey) -> Option<&ReadTag> {
        self.tags.get(*self.places.get(key)?).map(|tag| &**tag)
    }

    /// These tags and all that they need; the first one that cannot be computed.
    ///
    /// # Errors
    /// A tag that does not exist or has mistakes.
    pub fn sources_of(&self, wanted: &[TagKey]) -> Result<Vec<TagSource>, TagKey> {
        let mut needed: HashSet<TagKey> = HashSet::new();
        let mut open: Vec<TagKey> = wanted.to_vec();
        while let Some(key) = open.pop() {
            if !needed.insert(key.clone()) {
                continue;
            }
            let Some(tag) = self.tag(&key) else {
                return Err(key);
            };
            open.extend(tag.rule().into_iter().flat_map(|rule| self.needs(rule)));
        }
        let tags = self.tags.iter();
        let tags = tags.filter(|tag| needed.contains(&tag.definition.key));
        Ok(tags.map(|tag| self.source(tag)).collect())
    }

    /// A tag as the computation takes it.
    pub fn source(&self, tag: &ReadTag) -> TagSource {
        let key = tag.definition.key.clone();
        let origin = match &tag.meaning {
            Meaning::Rule(rule) => Origin::Rule {
                rule: rule.clone(),
                as_of: tag.definition.as_of,
            },
            Meaning::Supplied(_) => {
                let members = self.supplied.get(&key);
                let given = members.map(|members| members.given.clone());
                Origin::Given(given.unwrap_or_else(|| tag.of_nobody()))
            }
            Meaning::Query(_) => {
                let given = self.queried.get(&key).cloned();
                Origin::Given(given.unwrap_or_else(|| tag.of_nobody()))
            }
        };
        TagSource { key, origin }
    }

    /// Tags and all that they need, as far as those have no mistakes and are not left as they are.
    pub fn with_needs(
        &self,
        mut tags: BTreeSet<TagKey>,
        stays: impl Fn(&TagKey) -> bool,
    ) -> BTreeSet<TagKey> {
        let mut open: Vec<TagKey> = tags.iter().cloned().collect();
        while let Some(key) = open.pop() {
            let needs = self
                .tag(&key)
                .and_then(ReadTag::rule)
                .map(|rule| self.needs(rule));
            for need in needs.into_iter().flatten() {
                if self.tag(&need).is_some() && !stays(&need) && tags.insert(need.clone()) {
                    open.push(need);
                }
            }
        }
        tags
    }

    /// The tags that a rule needs, also by way of audiences.
    pub fn needs(&self, rule: &CheckedRule) -> Vec<TagKey> {
        let mut tags = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![rule];
        while let Some(rule) = open.pop() {
            let names = rule.dependencies();
            tags.extend(names.tags.iter().cloned());
            for audience in names.audiences.iter().filter(|key| seen.insert(*key)) {
                open.extend(self.audiences.get(audience));
            }
        }
        tags
    }

    /// Lets lookalikes know what was learned about them.
    pub fn teach(&mut self, learned: &Learned, assumed: &CheckOptions) {
        for (key, card) in learned {
            let read = self.places.get(key).and_then(|at| self.tags.get_mut(*at));
            let (Some(read), Ok(card)) = (read, card) else {
                continue;
            };
            let mut definition = read.definition.clone();
            if let TagBody::Lookalike(lookalike) = &mut definition.body {
                lookalike.learned = Some(Arc::new(card.clone()));
            }
            let options = options_of(&definition, assumed).unwrap_or_else(|_| assumed.clone());
            let checked = read_definition(&definition.body, &self.vocabulary, &options);
            let meaning = match checked {
                Ok(checked) => Meaning::Rule(checked.rule),
                Err(_) => read.meaning.clone(),
            };
            *read = Arc::new(ReadTag::new(definition, meaning));
        }
    }

    /// Gives SQL tags the members that they have in results, as far as those are what their queries give now.
    pub fn give_as_they_were(&mut self, results: &TagResults) {
        for tag in &self.tags {
            let key = &tag.definition.key;
            if matches!(tag.meaning, Meaning::Query(_))
                && let Some(kept) = GivenTag::as_it_was(results, key, tag.keep())
                && mem::discriminant(&kept) == mem::discriminant(&tag.of_nobody())
            {
                self.queried.insert(key.clone(), kept);
            }
        }
    }
}

/// What the rule of a tag assumes.
///
/// # Errors
/// Its time zone has no such name.
pub fn options_of(
    tag: &TagDefinition,
    assumed: &CheckOptions,
) -> Result<CheckOptions, domain::Error> {
    let own = tag.timezone.as_deref().map(Zone::named).transpose()?;
    Ok(CheckOptions {
        zone: own.unwrap_or_else(|| assumed.zone.clone()),
        ..assumed.clone()
    })
}
