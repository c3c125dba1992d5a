//! What came of each tag, as the catalog keeps it.

use std::collections::HashMap;

use anyhow::Error;
use catalog::{Members, TagOutcome, TagResult};
use domain::{LocalizedText, Said, TagKey};

use super::{Asked, Computed};
use crate::engine::Engine;
use crate::refresh::fingerprints;

/// What came of the tags of a computation.
pub(super) fn outcomes(engine: &Engine, asked: &Asked, computed: &Computed) -> Vec<TagOutcome> {
    let fingerprints = fingerprints(engine);
    let batch = engine.batch.0;
    let members = |key: &TagKey| {
        let results = computed.results.as_ref();
        let found = results.and_then(|results| results.members(key));
        TagResult::Computed(Members {
            users: found.map_or(0, |members| members.len()),
            as_of: asked.true_as_of.get(key).copied().unwrap_or(asked.as_of),
            batch,
            fingerprint: fingerprints.get(key).copied().unwrap_or_default(),
            left_out: engine.left_out.get(key).copied().unwrap_or_default(),
        })
    };
    let found = computed.tags.iter();
    let found = found.filter(|key| !asked.followers.contains(*key));
    let found = found.map(|key| (key, members(key)));
    let unchanged = computed.unchanged.iter().map(|key| {
        let as_of = asked.as_of;
        (key, TagResult::Unchanged { as_of, batch })
    });
    let failed = computed.failed.iter();
    let failed = failed.map(|(key, error)| (key, TagResult::Failed(error.clone())));
    of_versions(engine, found.chain(unchanged).chain(failed))
}

/// Why a computation failed: in both languages where it is no matter of the store or the machine.
pub(super) fn reason(error: &Error) -> LocalizedText {
    let of_tags = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<tags::Error>());
    match of_tags {
        Some(error) => error.in_both(),
        None => LocalizedText::same(&format!("{error:#}")),
    }
}

/// That all tags that were asked for failed, for one reason.
pub(super) fn failure_of_all(
    engine: &Engine,
    asked: &Asked,
    why: &LocalizedText,
) -> Vec<TagOutcome> {
    let failed = || TagResult::Failed(why.clone());
    let tags = asked.tags.iter().chain(&asked.unchanged);
    of_versions(engine, tags.map(|key| (key, failed())))
}

/// With the versions of the definitions that were computed.
fn of_versions<'a>(
    engine: &Engine,
    results: impl Iterator<Item = (&'a TagKey, TagResult)>,
) -> Vec<TagOutcome> {
    let tags = engine.definitions.tags.iter();
    let versions: HashMap<&TagKey, u64> =
        tags.map(|tag| (&tag.definition.key, tag.version)).collect();
    let outcome = |(key, result): (&TagKey, TagResult)| TagOutcome {
        key: key.clone(),
        version: versions.get(key).copied().unwrap_or_default(),
        result,
    };
    results.map(outcome).collect()
}
