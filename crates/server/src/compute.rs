//! Computing tags: all of them, or some. A tag that fails keeps its last members and stops no other; what is found is
//! stored as a whole.

mod halving;
mod limit;
mod outcomes;
mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use catalog::{RunEnd, RunId};
use domain::{LocalizedText, Span, TagKey, Time, UserSet};
use tags::ports::Results;
use tags::{Changes, TagResults, Users};

use self::halving::in_parts;
use self::limit::Limited;
use self::outcomes::{failure_of_all, outcomes, reason};
use crate::engine::{Engine, stored};
use crate::lookalike::{self, Learned};
use crate::platform::now;
use crate::refresh::{self, TagState};

/// What is asked of a computation.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The instant as of which members are found.
    pub as_of: Time,
    /// When it begins.
    pub clock: Clock,
    /// The tags to be computed. All others stay as they are.
    pub tags: BTreeSet<TagKey>,
    /// Tags whose members are known to be those that they have.
    pub unchanged: Vec<TagKey>,
    /// The users who are looked at.
    pub users: Users,
    /// Where only some users are looked at: as of when the members of tags are true that time alone changes.
    pub true_as_of: BTreeMap<TagKey, Time>,
    /// Tags that follow a supplied one for these users only: they are not noted as computed, for rows of others may
    /// have come since.
    pub followers: BTreeSet<TagKey>,
}

/// What a computation found.
#[derive(Clone, Debug)]
pub struct Computed {
    /// The results of all tags, also of those that were not computed this time; `None` where there are none yet.
    pub results: Option<Arc<TagResults>>,
    /// Who entered and left.
    pub changes: Changes,
    /// The tags that were computed.
    pub tags: Vec<TagKey>,
    /// The tags whose members were found to be those that they have.
    pub unchanged: Vec<TagKey>,
    /// The tags that could not be computed, and why.
    pub failed: Vec<(TagKey, LocalizedText)>,
    /// How long it took.
    pub duration: Duration,
}

/// A clock that begins at some instant, and goes on as the machine's does.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The instant.
    pub started: Time,
    began: Instant,
}

impl Clock {
    /// The machine's.
    pub fn now() -> Self {
        Self::at(now())
    }

    /// One that shows this instant now.
    pub fn at(started: Time) -> Self {
        let began = Instant::now();
        Self { started, began }
    }

    /// How long it has gone.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// What it shows.
    pub fn time(&self) -> Time {
        let passed = i64::try_from(self.elapsed().as_millis()).unwrap_or(i64::MAX);
        let time = self.started.checked_add(Span::from_millis(passed));
        time.unwrap_or(Time::MAX)
    }
}

/// Computes tags as of an instant and keeps the results: these tags and what they need, or all.
///
/// # Errors
/// A named tag does not exist or has mistakes; the store fails. The results before stay.
pub fn compute(engine: &mut Engine, as_of: Time, only: &[TagKey]) -> Result<Computed> {
    let tags = if only.is_empty() {
        let all = engine.definitions.tags.iter();
        all.map(|tag| tag.definition.key.clone()).collect()
    } else {
        refuse_unusable(engine, only)?;
        engine
            .book
            .with_needs(only.iter().cloned().collect(), |_| false)
    };
    let asked = Asked {
        as_of,
        clock: Clock::now(),
        tags,
        unchanged: Vec::new(),
        users: Users::All,
        true_as_of: BTreeMap::new(),
        followers: BTreeSet::new(),
    };
    run(engine, &asked)
}

/// Computes a supplied tag and whatever uses it for some users; everything else stays as it is.
///
/// # Errors
/// The store's. The results before stay.
pub fn follow(engine: &mut Engine, tag: &TagKey, users: UserSet) -> Result<Computed> {
    let clock = Clock::now();
    let followers = followers(engine, tag)?;
    let mut tags = followers.clone();
    tags.insert(tag.clone());
    let asked = Asked {
        as_of: clock.started,
        clock,
        tags,
        unchanged: Vec::new(),
        users: Users::These(users),
        true_as_of: BTreeMap::new(),
        followers,
    };
    run(engine, &asked)
}

/// The tags that use a tag, themselves or through others, and whose members are those of the rules that they have now:
/// others follow when they are computed for everyone.
fn followers(engine: &Engine, tag: &TagKey) -> Result<BTreeSet<TagKey>> {
    let freshness = refresh::freshness(&engine.platform)?;
    let states = TagState::all(&engine.definitions, &freshness, &engine.platform);
    let current = states.filter(|state| {
        let has_failed = state.freshness.is_some_and(|fresh| fresh.error.is_some());
        !state.is_paused() && !has_failed && state.is_of_current_version()
    });
    let current: BTreeSet<&TagKey> = current.map(|state| state.key()).collect();
    let mut followers = BTreeSet::new();
    // In the order of the book each tag comes after those that it needs.
    for read in &engine.book.tags {
        let key = &read.definition.key;
        let needs = read.rule().map(|rule| engine.needs(rule));
        let mut needs = needs.into_iter().flatten();
        // What a lookalike is told by is learned of everyone.
        let follows = current.contains(key) && lookalike::lookalike_of(read).is_none();
        if follows && needs.any(|need| need == *tag || followers.contains(&need)) {
            followers.insert(key.clone());
        }
    }
    Ok(followers)
}

/// Refuses to compute what has mistakes, and what is paused: it would change nothing.
fn refuse_unusable(engine: &Engine, asked: &[TagKey]) -> Result<()> {
    for key in asked {
        match engine.book.tag(key) {
            None => return Err(engine.unusable(key)),
            Some(tag) if tag.is_paused() => {
                bail!("tag `{key}` is paused: `muster resume {key}` lets it be computed again")
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Computes what is asked, stores what is found, and notes what came of each tag.
///
/// # Errors
/// The store's; the results before stay. Tags that fail are told in what is computed.
pub fn run(engine: &mut Engine, asked: &Asked) -> Result<Computed> {
    let platform = Arc::clone(&engine.platform);
    let began = platform.catalog.begin_run(asked.as_of, asked.clock.started);
    let run = platform.wait(began)?;
    let failed = engine.run_queries(&asked.tags, asked.as_of);
    let computed = learned(engine, asked).and_then(|learned| {
        let computed = parts::computed(engine, asked, failed)?;
        keep(engine, asked, (run, &learned), &computed)?;
        Ok(computed)
    });
    match computed {
        Ok(computed) => Ok(computed),
        // What was stopped on request has not failed: the next start settles it.
        Err(error) if platform.store.is_closing() => Err(error),
        Err(error) => {
            let why = format!("{error:#}");
            let outcomes = failure_of_all(engine, asked, &reason(&error));
            let failed = platform
                .catalog
                .fail_run(run, &why, asked.clock.time(), &outcomes);
            platform.wait(failed)?;
            Err(error)
        }
    }
}

/// What lookalikes among the tags that are asked for are told by, learned anew. One that cannot be learned about stops
/// no other.
fn learned(engine: &mut Engine, asked: &Asked) -> Result<Learned> {
    let lookalikes = lookalike::among(engine, |key| asked.tags.contains(key));
    let platform = Arc::clone(&engine.platform);
    let histories = Limited::new(&platform.store, platform.config.refresh.longest_run.0);
    let mut learned = Learned::new();
    let failed = in_parts(&lookalikes, |part| {
        learned.extend(lookalike::learn(engine, part, &histories, asked.as_of)?);
        Ok(())
    })?;
    let failed = failed.into_iter();
    learned.extend(failed.map(|(key, error)| (key, Err(reason(&error)))));
    lookalike::teach(engine, &learned);
    Ok(learned)
}

/// Stores results and outcomes so that both are there or neither, wherever the process ends.
fn keep(
    engine: &mut Engine,
    asked: &Asked,
    (run, learned): (RunId, &Learned),
    computed: &Computed,
) -> Result<()> {
    let platform = Arc::clone(&engine.platform);
    let results = computed.results.as_ref();
    let end = RunEnd {
        finished_at: asked.clock.time(),
        users: results.map_or(0, |results| results.universe().len()),
    };
    let outcomes = outcomes(engine, asked, computed);
    if let Some(results) = results
        && engine.results.as_ref().map(|before| before.run()) != Some(results.run())
    {
        let prepared = platform
            .catalog
            .prepare_run(run, results.run(), &end, &outcomes);
        platform.wait(prepared)?;
        lookalike::keep(engine, learned)?;
        stored(platform.store.store(results, &computed.changes))?;
        engine.results = Some(Arc::clone(results));
    }
    platform.wait(platform.catalog.succeed_run(run, &end, &outcomes))
}
