//! Computing tags: all of them, or some and what they need.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use catalog::{RunEnd, TagOutcome};
use domain::{TagKey, Time};
use tags::ports::Results;
use tags::{Changes, RunContent, TagResults, UserRows, Users};

use crate::engine::{Engine, stored};
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

fn computed(engine: &Engine, as_of: Time, only: &[TagKey], began: Instant) -> Result<Computed> {
    let sources = if only.is_empty() {
        engine.sources()
    } else {
        engine.sources_of(only)?
    };
    let program = engine.compile(&sources, as_of)?;
    let tags: Vec<TagKey> = sources.iter().map(|source| source.key.clone()).collect();
    let (results, changes) = if only.is_empty() {
        let refreshed = tags::refresh(&engine.deps(), &program, &Users::All, &engine.config())?;
        (refreshed.results, refreshed.changes)
    } else {
        let fresh = crate::ask::evaluate(engine, &program)?;
        keep_with_others(engine, &fresh, &tags)?
    };
    let failed = failed(engine, only.is_empty());
    Ok(Computed {
        results,
        changes,
        tags,
        failed,
        duration: began.elapsed(),
    })
}

/// Puts new results of some tags beside those of the others, and keeps them.
fn keep_with_others(
    engine: &Engine,
    fresh: &TagResults,
    computed: &[TagKey],
) -> Result<(Arc<TagResults>, Changes)> {
    let before = engine.results.as_deref();
    let computed: HashSet<&TagKey> = computed.iter().collect();
    let defined: HashSet<&TagKey> = engine
        .definitions
        .tags
        .iter()
        .map(|tag| &tag.definition.key)
        .collect();
    let others = before
        .into_iter()
        .flat_map(TagResults::iter)
        .filter(|(slot, _)| !computed.contains(&slot.tag) && defined.contains(&slot.tag));
    let (slots, members): (Vec<_>, Vec<_>) = others
        .chain(fresh.iter())
        .map(|(slot, members)| (slot.clone(), Arc::clone(members)))
        .unzip();
    let mut values = fresh.all_values().clone();
    for (tag, kept) in before.into_iter().flat_map(TagResults::all_values) {
        if !computed.contains(tag) && defined.contains(tag) {
            values.insert(tag.clone(), Arc::clone(kept));
        }
    }
    let results = Arc::new(TagResults::new(RunContent {
        run: before.map_or(0, TagResults::run) + 1,
        now: fresh.now(),
        universe: Arc::clone(fresh.universe()),
        slots: slots.into(),
        rows: UserRows::of_members(&members),
        members,
        values,
    }));
    let changes = tags::difference(before, &results, engine.config().threads)?;
    stored(engine.platform.store.store(&results, &changes))?;
    Ok((results, changes))
}

fn failed(engine: &Engine, all: bool) -> Vec<(TagKey, String)> {
    if !all {
        return Vec::new();
    }
    let broken = engine
        .book
        .problems
        .iter()
        .filter(|problems| problems.kind == "tag" && problems.is_fatal());
    broken
        .filter_map(|problems| Some((TagKey::new(&problems.key).ok()?, problems.summary())))
        .collect()
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
