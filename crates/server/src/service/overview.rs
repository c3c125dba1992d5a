//! The overview: everything that is defined, with counts and freshness.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use api::ports::{
    AudienceOverview, Computation, Freshness, FreshnessState, Overview, TagKind, TagOverview,
    TagVersions, ValueCount,
};
use domain::{LocalizedText, TagKey, TagValue, Time};

use crate::ask::{self, Question};
use crate::engine::Engine;
use crate::platform::now;
use crate::refresh::{self, Standing, TagState};
use crate::rulebook::ReadTag;

/// Everything that is defined, as an engine has read it.
pub(super) fn overview(engine: &Engine) -> Result<Overview> {
    let platform = &engine.platform;
    let last = platform.wait(platform.catalog.last_success())?;
    let computation = last.as_ref().and_then(|run| {
        let finished_at = run.finished_at?;
        Some(Computation {
            finished_at,
            duration: finished_at.since(run.started_at),
        })
    });
    let fresh = refresh::freshness(platform)?;
    let states = TagState::all(&engine.definitions, &fresh, platform);
    let states: BTreeMap<&TagKey, TagState<'_>> =
        states.map(|state| (state.key(), state)).collect();
    let definitions = &engine.definitions;
    let drafts: BTreeMap<&TagKey, u64> = definitions
        .drafts
        .iter()
        .map(|draft| (&draft.definition.key, draft.version))
        .collect();
    let in_force = definitions.tags.iter().chain(&definitions.archived);
    let keys: BTreeSet<&TagKey> = in_force.clone().map(|tag| &tag.definition.key).collect();
    let only_drafts = definitions.drafts.iter();
    let only_drafts = only_drafts.filter(|draft| !keys.contains(&draft.definition.key));
    let mut tags = Vec::with_capacity(keys.len() + drafts.len());
    for stored in in_force.chain(only_drafts) {
        let key = &stored.definition.key;
        let state = states.get(key);
        let mut freshness = state.map(|state| tag_freshness(state, now()));
        if let (Some(freshness), Some(members)) = (&mut freshness, engine.book.supplied.get(key)) {
            freshness.data_as_of = members.as_of.or(freshness.data_as_of);
        }
        let success = state.and_then(|state| state.freshness?.success);
        let versions = TagVersions {
            shown: stored.version,
            draft: drafts
                .get(key)
                .copied()
                .filter(|draft| *draft != stored.version),
            computed: success.map(|success| success.version),
        };
        tags.push(TagOverview {
            versions,
            ..tag_overview(engine, &stored.definition, freshness.unwrap_or_default())
        });
    }
    tags.sort_by(|a, b| {
        (&a.definition.category, &a.definition.key)
            .cmp(&(&b.definition.category, &b.definition.key))
    });
    let audiences = engine.definitions.audiences.iter().map(|stored| {
        let audience = &stored.definition;
        let question = Question {
            expression: audience.key.to_string(),
            ..Question::default()
        };
        let answer = ask::ask(engine, &question);
        AudienceOverview {
            key: audience.key.clone(),
            name: audience.name.clone(),
            description: audience.description.clone(),
            rule: audience.rule.clone(),
            count: answer.as_ref().ok().map(|answer| answer.users.len()),
            freshness: audience_freshness(engine, answer.err()),
        }
    });
    Ok(Overview {
        events: engine.names().events,
        tags,
        audiences: audiences.collect(),
        known_users: engine
            .results
            .as_ref()
            .map_or(0, |results| results.universe().len()),
        last_computation: computation,
        collections: engine.book.vocabulary.collections.clone(),
    })
}

/// How fresh a tag is at an instant.
fn tag_freshness(state: &TagState<'_>, now: Time) -> Freshness {
    let success = state.freshness.and_then(|fresh| fresh.success);
    let standing = state.standing(now);
    let why = state.why(now);
    let (error, note) = match standing {
        Standing::Failed => (why, None),
        _ => (None, why),
    };
    Freshness {
        data_as_of: success.map(|success| success.members.as_of),
        last_success: success.map(|success| success.at),
        duration: success.map(|success| success.duration),
        next_run: state.next_run(),
        state: match standing {
            Standing::Fresh => FreshnessState::Fresh,
            Standing::Due => FreshnessState::Due,
            Standing::Failed => FreshnessState::Failed,
            Standing::NotComputed => FreshnessState::NotComputed,
            Standing::Paused => FreshnessState::Paused,
        },
        error,
        note,
    }
}

/// An audience is as fresh as the results; it is counted out of them.
fn audience_freshness(engine: &Engine, error: Option<anyhow::Error>) -> Freshness {
    let data_as_of = engine.results.as_ref().map(|results| results.now());
    Freshness {
        data_as_of,
        state: match (&error, data_as_of) {
            (Some(_), _) => FreshnessState::Failed,
            (None, Some(_)) => FreshnessState::Fresh,
            (None, None) => FreshnessState::NotComputed,
        },
        error: error.map(|error| LocalizedText::same(&format!("{error:#}"))),
        ..Freshness::default()
    }
}

fn tag_overview(engine: &Engine, tag: &domain::TagDefinition, freshness: Freshness) -> TagOverview {
    let read = engine.book.tag(&tag.key);
    let kind = match read.map(ReadTag::kind) {
        Some(rules::TagKind::Values(_)) => TagKind::Layered,
        Some(rules::TagKind::Metric(_)) => TagKind::Metric,
        _ => TagKind::Condition,
    };
    let results = engine.results.as_ref();
    let slots = results.and_then(|results| results.slots_of(&tag.key));
    let values = slots.into_iter().flatten().filter_map(|(slot, users)| {
        Some(ValueCount {
            value: TagValue::new(slot.value.as_deref()?),
            count: users.len(),
        })
    });
    TagOverview {
        definition: read.map_or(tag, |read| &read.definition).clone(),
        kind,
        versions: TagVersions::default(),
        count: results
            .and_then(|results| results.members(&tag.key))
            .map_or(0, |users| users.len()),
        values: values.collect(),
        freshness,
    }
}
