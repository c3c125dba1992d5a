//! The platform as the HTTP faces ask it: the ports of `api`, answered by the engine.

mod by_hand;
mod explaining;
mod life;
mod lineage;
mod overview;
mod past;
mod turns;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use api::Error;
use api::ports::explanation::{Explanation, ExplanationQuestion};
use api::ports::{
    Catalogue, Member, MemberPage, Members, Overview, Profile, RuleAnswer, RuleQuestion, TagPage,
    UserTag, UserTags,
};
use domain::{Event, EventType, TagKey, TagValue, UserKey, UserNumber, UserSet};

use self::overview::overview;
use self::turns::Turns;
use crate::ask::{self, Question};
use crate::asked;
use crate::compute::Computed;
use crate::engine::Engine;
use crate::lineage::Lineage;
use crate::mistakes::Mistakes;
use crate::platform::{Platform, now};
use crate::profile;
use crate::refresh::Wake;
use crate::supply;

/// How long whoever sets a tag by hand waits for a turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// An engine that is replaced as a whole when something has changed.
pub struct Service {
    platform: Arc<Platform>,
    current: RwLock<Arc<Current>>,
    wake: OnceLock<Wake>,
    turns: Turns,
    /// Supplied tags that have changed while somebody computed: whoever has a turn next follows them.
    waiting: Mutex<BTreeSet<TagKey>>,
    /// Held by whoever puts another state in the place of the present one.
    replacing: Mutex<()>,
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
        if let Some(results) = &engine.results {
            results.rows().build_behind();
        }
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
        let wake = OnceLock::new();
        Ok(Self {
            platform,
            current,
            wake,
            turns: Turns::default(),
            waiting: Mutex::default(),
            replacing: Mutex::default(),
        })
    }

    /// Reads everything again, and answers by that from then on.
    ///
    /// # Errors
    /// The store's; what was read before stays.
    pub fn reload(&self) -> anyhow::Result<()> {
        let _replacing = self
            .replacing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.answer_by(Engine::read(&self.platform)?)
    }

    /// Does something when it is its turn: one computes at a time. What has been supplied meanwhile follows.
    pub fn in_turn<T>(&self, work: impl FnOnce() -> T) -> T {
        let turn = self.turns.take();
        let done = work();
        drop(turn);
        self.follow_waiting();
        done
    }

    /// Lets the results follow a supplied tag that has changed, and answers by that from then on; `None` where somebody
    /// computes longer than it waits: they follow when that has ended.
    ///
    /// # Errors
    /// Those of the computation, and the store's; what was there before stays.
    pub(crate) fn follow_supplied(&self, tag: &TagKey) -> anyhow::Result<Option<Option<Computed>>> {
        let Some(turn) = self.turns.take_within(PATIENCE) else {
            self.waiting().insert(tag.clone());
            // Whoever computed may just have ended.
            self.follow_waiting();
            return Ok(None);
        };
        let done = self.compute(|engine| supply::follow(engine, tag));
        drop(turn);
        self.follow_waiting();
        done.map(Some)
    }

    /// Follows what waits, unless somebody computes, who will do it then.
    fn follow_waiting(&self) {
        while !self.waiting().is_empty() {
            let Some(_turn) = self.turns.take_within(Duration::ZERO) else {
                return;
            };
            let tags = std::mem::take(&mut *self.waiting());
            let followed = self.compute(|engine| {
                let mut tags = tags.iter();
                tags.try_for_each(|tag| supply::follow(engine, tag).map(drop))
            });
            if let Err(error) = followed
                && !self.platform.store.is_closing()
            {
                tracing::error!(
                    error = format!("{error:#}"),
                    "what was set by hand is kept, but what uses it could not follow: it does when it is due"
                );
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeSet<TagKey>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Computes something beside the present state, and answers by that from then on. It is one's turn.
    fn compute<T>(
        &self,
        compute: impl FnOnce(&mut Engine) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let before = self.current();
        let mut engine = before.engine.again();
        let done = compute(&mut engine)?;
        let _replacing = self
            .replacing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&before, &self.current()) {
            // Somebody has changed definitions meanwhile.
            engine = Engine::read(&self.platform)?;
        }
        self.answer_by(engine)?;
        Ok(done)
    }

    fn answer_by(&self, engine: Engine) -> anyhow::Result<()> {
        let current = Arc::new(Current::of(engine)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
        Ok(())
    }

    /// Takes over what somebody has changed: it is read again, and tags follow it.
    ///
    /// # Errors
    /// The store's; what was read before stays.
    pub fn follow_change(&self) -> anyhow::Result<()> {
        self.reload()?;
        if let Some(wake) = self.wake.get() {
            wake.changed();
        }
        Ok(())
    }

    /// Says whom to wake when somebody has changed something.
    pub fn wakes(&self, wake: Wake) {
        // Who is there first stays.
        let _ = self.wake.set(wake);
    }

    fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    /// Asks the engine whose state is shown.
    pub fn with_engine<T>(&self, ask: impl FnOnce(&Engine) -> T) -> T {
        ask(&self.current().engine)
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

    fn explain(&self, asked: &ExplanationQuestion) -> Result<Option<Explanation>, Error> {
        explaining::explain(&self.current().engine, asked)
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
    let slots = results.slots_of(tag).into_iter().flatten();
    slots
        .filter(|(_, users)| users.contains(user))
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
