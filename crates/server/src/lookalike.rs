//! Learning what lookalikes are told by: the seed and the features of all users, in one walk over
//! their histories.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use domain::{LocalizedText, Lookalike, Said, Scorecard, TagBody, TagDefinition, TagKey, Time};
use rules::{CheckOptions, CheckedRule, TagKind, lookalike_parts};
use tags::lookalike::{LookalikeFeature, scorecard};
use tags::ports::Histories;
use tags::{Config, Inputs, Origin, TagProgram, TagResults, TagSource};

use crate::engine::Engine;
use crate::platform::Platform;
use crate::rulebook::{ReadTag, Rulebook, options_of};

/// What was learned of each lookalike, or why nothing was, in words.
pub type Learned = BTreeMap<TagKey, Result<Scorecard, LocalizedText>>;

/// Whom and what is learned from.
pub struct Learning<'a> {
    /// The rules.
    pub book: &'a Rulebook,
    /// Lists and audiences.
    pub inputs: &'a Inputs,
    /// The histories.
    pub histories: &'a dyn Histories,
    /// How much of the machine it uses.
    pub config: Config,
    /// What rules assume that say nothing else.
    pub assumed: &'a CheckOptions,
}

/// A lookalike and what has to be computed to learn about it.
struct Task<'t> {
    tag: &'t ReadTag,
    seed: TagSource,
    features: Vec<(TagSource, TagKind)>,
}

impl<'a> Learning<'a> {
    /// Learns about these tags, as of an instant, where they are lookalikes. `sources` gives tags
    /// that their seeds and features name, and all that these need.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn learn(
        &self,
        keys: &BTreeSet<TagKey>,
        sources: impl Fn(&[TagKey]) -> Result<Vec<TagSource>>,
        now: Time,
    ) -> Result<Learned> {
        let tags = self.book.tags.iter();
        let tags = tags.filter(|tag| keys.contains(&tag.definition.key));
        let tasks: Vec<Task> = (0..)
            .zip(tags)
            .filter_map(|(at, tag)| self.task(at, tag))
            .collect();
        if tasks.is_empty() {
            return Ok(Learned::new());
        }
        let own: Vec<TagSource> = tasks.iter().flat_map(Task::sources).collect();
        let rules = own.iter().filter_map(TagSource::rule);
        let needed: Vec<TagKey> = rules.flat_map(|rule| self.book.needs(rule)).collect();
        let mut all = sources(&needed)?;
        all.extend(own);
        let program = TagProgram::compile(&all, now, self.inputs)?;
        let (results, _) = tags::sampled(self.histories, &program, u32::MAX, &self.config)?;
        let learned = tasks.iter().map(|task| {
            let card = task.scorecard(&results).map_err(|error| error.in_both());
            (task.tag.definition.key.clone(), card)
        });
        Ok(learned.collect())
    }

    fn task(&self, at: usize, tag: &'a ReadTag) -> Option<Task<'a>> {
        let lookalike = lookalike_of(tag)?;
        let options = options_of(&tag.definition, self.assumed).ok()?;
        let (seed, features) = lookalike_parts(lookalike, &self.book.vocabulary, &options)?;
        let as_of = tag.definition.as_of;
        let source = |name: &str, rule: CheckedRule| {
            let key = TagKey::new(&format!("_lookalike_{at}_{name}")).ok()?;
            let origin = Origin::Rule { rule, as_of };
            Some(TagSource { key, origin })
        };
        let feature = |(number, rule): (usize, CheckedRule)| {
            let kind = rule.kind();
            Some((source(&number.to_string(), rule)?, kind))
        };
        Some(Task {
            tag,
            seed: source("seed", seed)?,
            features: (0..).zip(features).map(feature).collect::<Option<_>>()?,
        })
    }
}

impl Task<'_> {
    fn sources(&self) -> Vec<TagSource> {
        let features = self.features.iter().map(|(source, _)| source.clone());
        std::iter::once(self.seed.clone()).chain(features).collect()
    }

    fn scorecard(&self, results: &TagResults) -> Result<Scorecard, tags::Error> {
        let members = |source: &TagSource| results.members(&source.key).unwrap_or_default();
        let feature = |(source, kind): &(TagSource, TagKind)| match kind {
            TagKind::Metric(_) => {
                let values = results.values(&source.key).cloned();
                LookalikeFeature::Values(values.unwrap_or_default())
            }
            TagKind::YesNo | TagKind::Values(_) => LookalikeFeature::Flag(members(source)),
        };
        let features: Vec<_> = self.features.iter().map(feature).collect();
        scorecard(&members(&self.seed), results.universe(), &features)
    }
}

/// What a tag says of whom it is like, where it is a lookalike.
pub fn lookalike_of(tag: &ReadTag) -> Option<&Lookalike> {
    match &tag.definition.body {
        TagBody::Lookalike(lookalike) => Some(lookalike),
        _ => None,
    }
}

/// The lookalikes among the tags that are asked for; paused ones stay as they are.
pub fn among(engine: &Engine, is_asked: impl Fn(&TagKey) -> bool) -> Vec<TagKey> {
    let tags = engine.book.tags.iter();
    let lookalikes = tags.filter(|tag| lookalike_of(tag).is_some() && !tag.is_paused());
    let keys = lookalikes.map(|tag| tag.definition.key.clone());
    keys.filter(is_asked).collect()
}

/// Learns anew about lookalikes, out of histories.
///
/// # Errors
/// Where the store fails.
pub fn learn(
    engine: &Engine,
    lookalikes: &[TagKey],
    histories: &dyn Histories,
    now: Time,
) -> Result<Learned> {
    let learning = Learning {
        book: &engine.book,
        inputs: &engine.inputs,
        histories,
        config: engine.config(),
        assumed: &engine.platform.assumed(),
    };
    let lookalikes = lookalikes.iter().cloned().collect();
    learning.learn(&lookalikes, |needed| engine.sources_of(needed), now)
}

/// Lets the rules of an engine know what was learned. Lookalikes of which nothing could be learned stay as they are.
pub fn teach(engine: &mut Engine, learned: &Learned) {
    let assumed = engine.platform.assumed();
    engine.book.teach(learned, &assumed);
    let reasons = learned.iter();
    let reasons =
        reasons.filter_map(|(key, card)| Some((key.clone(), card.as_ref().err()?.clone())));
    engine.unlearned = reasons.collect();
}

/// Gives lookalikes what was learned about them last, unless they have changed since.
///
/// # Errors
/// The store's.
pub fn recall(platform: &Platform, tags: &mut [TagDefinition]) -> Result<()> {
    let are_there = tags
        .iter()
        .any(|tag| matches!(tag.body, TagBody::Lookalike(_)));
    if !are_there {
        return Ok(());
    }
    let learned = platform.wait(platform.catalog.scorecards())?;
    for tag in tags {
        if let TagBody::Lookalike(lookalike) = &mut tag.body
            && let Some(known) = learned.get(&tag.key)
            && known.lookalike == lookalike.as_written()
        {
            lookalike.learned = Some(Arc::new(known.card.clone()));
        }
    }
    Ok(())
}

/// Keeps what was learned, so that questions know it until it is learned anew.
///
/// # Errors
/// The store's.
pub fn keep(engine: &Engine, learned: &Learned) -> Result<()> {
    let platform = Arc::clone(&engine.platform);
    for (key, card) in learned {
        let lookalike = engine.book.tag(key).and_then(lookalike_of);
        if let (Some(lookalike), Ok(card)) = (lookalike, card) {
            let written = lookalike.as_written();
            platform.wait(platform.catalog.put_scorecard(key, &written, card))?;
        }
    }
    Ok(())
}
