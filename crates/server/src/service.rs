//! The platform as the HTTP faces ask it: the ports of `api`, answered by the engine.

mod life;
mod lineage;
mod past;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use api::Error;
use api::ports::explanation::Explanation;
use api::ports::{
    AudienceOverview, Catalogue, Computation, Freshness, Member, MemberPage, Members, Overview,
    Profile, RuleAnswer, RuleQuestion, TagKind, TagOverview, TagPage, TagVersions, UserTag,
    UserTags, ValueCount,
};
use catalog::TagRun;
use domain::{Event, EventType, TagKey, TagValue, Time, UserKey, UserNumber, UserSet};

use crate::ask::{self, Question};
use crate::asked;
use crate::engine::Engine;
use crate::explain::{self, Explained};
use crate::lineage::Lineage;
use crate::mistakes::Mistakes;
use crate::platform::{Platform, now};
use crate::profile;

/// An engine that is replaced as a whole when something has changed.
pub struct Service {
    platform: Arc<Platform>,
    current: RwLock<Arc<Current>>,
}

/// One state of the platform.
struct Current {
    engine: Engine,
    overview: Arc<Overview>,
    lineage: OnceLock<Lineage>,
}

impl Current {
    fn of(engine: Engine) -> anyhow::Result<Self> {
        let overview = Arc::new(overview(&engine)?);
        Ok(Self {
            engine,
            overview,
            lineage: OnceLock::new(),
        })
    }
}

impl Service {
    /// Serves what the engine has read.
    ///
    /// # Errors
    /// The catalog's.
    pub fn new(engine: Engine) -> anyhow::Result<Self> {
        let platform = Arc::clone(&engine.platform);
        let current = RwLock::new(Arc::new(Current::of(engine)?));
        Ok(Self { platform, current })
    }

    /// Reads everything again, and answers by that from then on.
    ///
    /// # Errors
    /// The store's; what was read before stays.
    pub fn reload(&self) -> anyhow::Result<()> {
        let current = Arc::new(Current::of(Engine::read(&self.platform)?)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
        Ok(())
    }

    fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    fn current(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Catalogue for Service {
    fn overview(&self) -> Result<Arc<Overview>, Error> {
        Ok(Arc::clone(&self.current().overview))
    }

    fn unready(&self) -> Option<String> {
        match self.current().engine.results {
            Some(_) => None,
            None => Some("no tags are computed yet: `muster compute`".to_owned()),
        }
    }
}

impl Members for Service {
    fn tag_members(&self, asked: &TagPage) -> Result<MemberPage, Error> {
        let current = self.current();
        let engine = &current.engine;
        let Some(results) = &engine.results else {
            return Err(Error::TryAgain("no tags are computed yet".to_owned()));
        };
        if let Some(on) = asked.on {
            return past::members(engine, asked, on);
        }
        let Some(all) = results.members(&asked.tag) else {
            return Err(Error::NotFound(format!("there is no tag `{}`", asked.tag)));
        };
        asked::note(&engine.platform, [asked.tag.clone()]);
        let users = match &asked.value {
            None => all,
            Some(value) => match results.members_with(&asked.tag, value.as_str()) {
                Some(users) => Arc::clone(users),
                None => {
                    let message = format!("tag `{}` has no value `{value}`", asked.tag);
                    return Err(Error::Invalid(message));
                }
            },
        };
        let (page, next) = page(engine, &users, asked.after.as_ref(), asked.limit)?;
        let members = page.into_iter().filter_map(|number| {
            let values = values(engine, &asked.tag, number);
            Some(Member {
                user: engine.users.key(number)?.clone(),
                values,
            })
        });
        Ok(MemberPage {
            members: members.collect(),
            count: users.len(),
            next,
            data_as_of: Some(results.now()),
        })
    }

    fn rule_members(&self, asked: &RuleQuestion) -> Result<RuleAnswer, Error> {
        let current = self.current();
        let engine = &current.engine;
        let question = Question {
            expression: asked.rule.clone(),
            value: None,
            as_of: asked.as_of,
            on: asked.on,
            estimate: asked.estimate,
        };
        let answer =
            ask::ask(engine, &question).map_err(|error| match error.downcast::<Mistakes>() {
                Ok(Mistakes::One(problems)) if problems.kind == "rule" => {
                    Error::Rule(problems.diagnostics)
                }
                Ok(mistakes) => Error::Bug(mistakes.to_string()),
                Err(error) => past::refused(error),
            })?;
        asked::note(&engine.platform, answer.tags.iter().cloned());
        let (page, next) = page(engine, &answer.users, asked.after.as_ref(), asked.limit)?;
        Ok(RuleAnswer {
            count: answer.count().count,
            error: (!answer.sample.is_everyone()).then(|| answer.count().error),
            known_users: answer.known().count,
            members: page
                .into_iter()
                .filter_map(|user| engine.users.key(user).cloned())
                .collect(),
            next,
            data_as_of: answer.as_of,
            rows_to_read: answer.rows,
            diagnostics: answer
                .problems
                .map(|problems| problems.diagnostics)
                .unwrap_or_default(),
        })
    }

    fn user_tags(&self, user: &UserKey) -> Result<Option<UserTags>, Error> {
        let current = self.current();
        let engine = &current.engine;
        let Some(number) = engine.users.user(&user.to_string()) else {
            return Ok(None);
        };
        let Some(results) = &engine.results else {
            return Ok(Some(UserTags::default()));
        };
        let mut tags: Vec<UserTag> = Vec::new();
        for held in results.tags_of(number) {
            let value = match (&held.slot.value, held.value) {
                (Some(layer), _) => Some(TagValue::new(layer)),
                (None, Some(value)) => Some(TagValue::new(&crate::display::value(&value))),
                (None, None) => None,
            };
            match tags.last_mut().filter(|tag| tag.tag == held.slot.tag) {
                Some(tag) => tag.values.extend(value),
                None => tags.push(UserTag {
                    tag: held.slot.tag.clone(),
                    values: value.into_iter().collect(),
                }),
            }
        }
        Ok(Some(UserTags {
            tags,
            data_as_of: Some(results.now()),
        }))
    }

    fn explain(
        &self,
        tag: &TagKey,
        user: &UserKey,
        as_of: Option<Time>,
    ) -> Result<Option<Explanation>, Error> {
        self.explained(tag, user, as_of)
    }

    fn profile(&self, user: &UserKey, events: usize) -> Result<Option<Profile>, Error> {
        let current = self.current();
        let engine = &current.engine;
        let Some(number) = engine.users.user(&user.to_string()) else {
            return Ok(None);
        };
        let failed = |error: anyhow::Error| Error::Bug(format!("{error:#}"));
        let attributes = profile::attributes(engine, number, now()).map_err(failed)?;
        let recent = profile::recent_events(engine, number, now(), events).map_err(failed)?;
        let user = engine
            .users
            .key(number)
            .cloned()
            .unwrap_or_else(|| user.clone());
        let recent_events = recent
            .into_iter()
            .map(|event| Event {
                user: user.clone(),
                kind: EventType::Track,
                name: event.name,
                time: event.time,
                message_id: None,
                properties: event
                    .properties
                    .into_iter()
                    .map(|(path, value)| (path.into(), value))
                    .collect(),
                unset: Vec::new(),
            })
            .collect();
        let attributes = attributes
            .into_iter()
            .map(|(path, value)| (path.into(), value))
            .collect();
        Ok(Some(Profile {
            user,
            attributes,
            recent_events,
        }))
    }
}

impl Service {
    fn explained(
        &self,
        tag: &TagKey,
        user: &UserKey,
        as_of: Option<Time>,
    ) -> Result<Option<Explanation>, Error> {
        let current = self.current();
        let engine = &current.engine;
        let mut defined = engine.definitions.tags.iter();
        if !defined.any(|stored| stored.definition.key == *tag) {
            return Err(Error::NotFound(format!("there is no tag `{tag}`")));
        }
        if engine.book.tag(tag).is_none() {
            let message = format!("tag `{tag}` has mistakes and cannot be explained");
            return Err(Error::Invalid(message));
        }
        let Some(number) = engine.users.user(&user.to_string()) else {
            return Ok(None);
        };
        let key = engine.key(number).unwrap_or_default();
        let explained = Explained { number, key: &key };
        asked::note(&engine.platform, [tag.clone()]);
        explain::of_engine(engine, tag, explained, as_of, now())
            .map(Some)
            .map_err(|error| Error::Bug(format!("{error:#}")))
    }
}

/// The values of a tag that a user has.
fn values(engine: &Engine, tag: &TagKey, user: UserNumber) -> Vec<TagValue> {
    let Some(results) = &engine.results else {
        return Vec::new();
    };
    if let Some(metric) = results.values(tag) {
        let value = metric
            .value(user)
            .map(|value| crate::display::value(&value));
        return value.iter().map(|value| TagValue::new(value)).collect();
    }
    let slots = results
        .iter()
        .filter(|(slot, users)| slot.tag == *tag && users.contains(user));
    slots
        .filter_map(|(slot, _)| slot.value.as_deref().map(TagValue::new))
        .collect()
}

/// A page of users, in the order of their numbers.
fn page(
    engine: &Engine,
    users: &UserSet,
    after: Option<&UserKey>,
    limit: usize,
) -> Result<(Vec<UserNumber>, Option<UserKey>), Error> {
    let first = match after {
        None => 0,
        Some(key) => match engine.users.user(&key.to_string()) {
            Some(number) => number.0.saturating_add(1),
            None => return Err(Error::Invalid(format!("`after` names nobody: `{key}`"))),
        },
    };
    let mut found: Vec<UserNumber> = users.range(first..u32::MAX).take(limit + 1).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found
        .last()
        .filter(|_| more)
        .and_then(|last| engine.users.key(*last).cloned());
    Ok((found, next))
}

fn overview(engine: &Engine) -> anyhow::Result<Overview> {
    let platform = &engine.platform;
    let runs: BTreeMap<TagKey, TagRun> = platform
        .wait(platform.catalog.tag_runs())?
        .into_iter()
        .map(|run| (run.key.clone(), run))
        .collect();
    let last = platform.wait(platform.catalog.last_success())?;
    let computation = last.as_ref().and_then(|run| {
        let finished_at = run.finished_at?;
        Some(Computation {
            finished_at,
            duration: finished_at.since(run.started_at),
        })
    });
    let freshness = |error: Option<String>| Freshness {
        data_as_of: last.as_ref().map(|run| run.as_of),
        last_success: computation.map(|computation| computation.finished_at),
        duration: computation.map(|computation| computation.duration),
        error,
    };
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
        let run = runs.get(key);
        let error = run.and_then(|run| run.error.clone());
        let computed = run.filter(|run| run.error.is_none());
        let versions = TagVersions {
            shown: stored.version,
            draft: drafts
                .get(key)
                .copied()
                .filter(|draft| *draft != stored.version),
            computed: computed.map(|run| run.version),
        };
        tags.push(TagOverview {
            versions,
            ..tag_overview(engine, &stored.definition, freshness(error))
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
            freshness: freshness(answer.err().map(|error| format!("{error:#}"))),
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

fn tag_overview(engine: &Engine, tag: &domain::TagDefinition, freshness: Freshness) -> TagOverview {
    let read = engine.book.tag(&tag.key);
    let kind = match read.map(|read| read.rule.kind()) {
        Some(rules::TagKind::Values(_)) => TagKind::Layered,
        Some(rules::TagKind::Metric(_)) => TagKind::Metric,
        _ => TagKind::Condition,
    };
    let results = engine.results.as_ref();
    let values = results.into_iter().flat_map(|results| results.iter());
    let values = values
        .filter(|(slot, _)| slot.tag == tag.key)
        .filter_map(|(slot, users)| {
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
