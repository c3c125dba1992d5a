//! Computing tags: all of them, or some and what they need.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use catalog::{RunEnd, TagOutcome};
use domain::{TagKey, TagStatus, Time};
use tags::{Changes, TagResults, TagSource, Users};

use crate::engine::Engine;
use crate::lookalike;
use crate::platform::now;

/// What a computation found.
#[derive(Clone, Debug)]
pub struct Computed {
    /// The results of all tags, also of those that were not computed this time.
    pub results: Arc<TagResults>,
    /// Who entered and left.
    pub changes: Changes,
    /// The tags that were computed.
    pub tags: Vec<TagKey>,
    /// The tags that could not be computed, and why.
    pub failed: Vec<(TagKey, String)>,
    /// How long it took.
    pub duration: Duration,
}

/// Computes tags as of an instant and keeps the results: these tags and what they need, or all.
/// Tags with mistakes are left out, and named.
///
/// # Errors
/// A named tag does not exist or has mistakes; the store fails. The results before stay.
pub fn compute(engine: &mut Engine, as_of: Time, only: &[TagKey]) -> Result<Computed> {
    let platform = Arc::clone(&engine.platform);
    let began = Instant::now();
    let run = platform.wait(platform.catalog.begin_run(as_of, now()))?;
    match computed(engine, as_of, only, began) {
        Ok(computed) => {
            let end = RunEnd {
                finished_at: now(),
                users: computed.results.universe().len(),
            };
            let outcomes = outcomes(engine, &computed);
            platform.wait(platform.catalog.succeed_run(run, &end, &outcomes))?;
            engine.results = Some(Arc::clone(&computed.results));
            Ok(computed)
        }
        Err(error) => {
            platform.wait(platform.catalog.fail_run(run, &format!("{error:#}"), now()))?;
            Err(error)
        }
    }
}

fn computed(engine: &mut Engine, as_of: Time, only: &[TagKey], began: Instant) -> Result<Computed> {
    let learned = lookalike::learn(engine, only, as_of)?;
    let engine = &*engine;
    let computed = if only.is_empty() {
        engine.sources()
    } else {
        refuse_paused(engine, only)?;
        engine.sources_of(only)?
    };
    let tags = computed.iter().filter(|source| source.rule().is_some());
    let tags: Vec<TagKey> = tags.map(|source| source.key.clone()).collect();
    let sources = if only.is_empty() {
        computed
    } else {
        beside_others(engine, computed)
    };
    let program = engine.compile(&sources, as_of)?;
    let refreshed = tags::refresh(&engine.deps(), &program, &Users::All, &engine.config())?;
    lookalike::keep(engine, &learned)?;
    let failed = failed(engine, only.is_empty());
    Ok(Computed {
        results: refreshed.results,
        changes: refreshed.changes,
        tags,
        failed,
        duration: began.elapsed(),
    })
}

/// Refuses to compute what is paused: it would change nothing.
fn refuse_paused(engine: &Engine, asked: &[TagKey]) -> Result<()> {
    let tags = asked.iter().filter_map(|key| engine.book.tag(key));
    for tag in tags {
        if tag.definition.state() == TagStatus::Paused {
            let key = &tag.definition.key;
            bail!("tag `{key}` is paused: `muster resume {key}` lets it be computed again");
        }
    }
    Ok(())
}

/// Tags that are computed, and all others that are defined, as the last run has left them.
fn beside_others(engine: &Engine, computed: Vec<TagSource>) -> Vec<TagSource> {
    let keys = engine.book.tags.iter().map(|tag| &tag.definition.key);
    let broken = engine.definitions.tags.iter();
    let broken = broken.map(|tag| &tag.definition.key);
    let broken = broken.filter(|key| engine.book.tag(key).is_none());
    let mut computed: HashMap<TagKey, TagSource> = computed
        .into_iter()
        .map(|source| (source.key.clone(), source))
        .collect();
    let source = |key| {
        let computed = computed.remove(key);
        computed.or_else(|| engine.as_it_was(key))
    };
    keys.chain(broken).filter_map(source).collect()
}

fn failed(engine: &Engine, all: bool) -> Vec<(TagKey, String)> {
    let broken = engine
        .book
        .problems
        .iter()
        .filter(|problems| all && problems.kind == "tag" && problems.is_fatal());
    let broken =
        broken.filter_map(|problems| Some((TagKey::new(&problems.key).ok()?, problems.summary())));
    let unlearned = engine.unlearned.clone();
    broken.chain(unlearned).collect()
}

fn outcomes(engine: &Engine, computed: &Computed) -> Vec<TagOutcome> {
    let version = |key: &TagKey| {
        let tag = engine
            .definitions
            .tags
            .iter()
            .find(|tag| tag.definition.key == *key);
        tag.map_or(1, |tag| tag.version)
    };
    let succeeded = computed.tags.iter().map(|key| {
        let count = computed
            .results
            .members(key)
            .map_or(0, |members| members.len());
        (key, Ok(count))
    });
    let failed = computed
        .failed
        .iter()
        .map(|(key, reason)| (key, Err(reason.clone())));
    succeeded
        .chain(failed)
        .map(|(key, result)| TagOutcome {
            key: key.clone(),
            version: version(key),
            result,
        })
        .collect()
}
