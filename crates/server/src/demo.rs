//! The demonstration platform: a synthetic quest platform of users, events and tags.

mod holdings;

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::{Context, Result, anyhow};
use domain::{EventType, Signature, UserKey, UserNumber};
use identity::{Moment, Relation, Statement};
use quest_platform::{DEMO_DEFINITIONS, EVENT_KINDS, Platform as QuestPlatform, Sender, Settings};
use warehouse::{EventRow, TraitRow, WriteBatch};

use crate::changes;
use crate::compute;
use crate::definitions::{self, Prune};
use crate::engine::Engine;
use crate::platform::{Platform, now};

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Users.
    pub users: u64,
    /// Events.
    pub events: u64,
    /// Tags.
    pub tags: u64,
    /// A tag that some have.
    pub example_tag: String,
    /// A user who has it.
    pub example_user: String,
}

/// The source under which the demonstration's rows are kept.
const SOURCE: &str = "demo";

/// Rows of one batch.
const BATCH_ROWS: usize = 250_000;

/// Makes the demonstration in an empty data folder, and computes its tags; a folder with users
/// stays as it is.
///
/// # Errors
/// The store's.
pub fn make(
    platform: &Arc<Platform>,
    settings: Settings,
    tell: &mut dyn FnMut(&str),
) -> Result<Made> {
    let Settings { users, events, .. } = settings;
    if platform.store.directory().is_empty() {
        tell(&format!(
            "making a quest platform of {users} users and {events} events"
        ));
        let quests = QuestPlatform::new(settings);
        fill(platform, &quests)?;
        holdings::fill(platform, &quests)?;
    }
    let mut engine = Engine::read(platform)?;
    // What was changed since stays.
    if engine.definitions.revision == 0 {
        let wanted = definitions::parse(DEMO_DEFINITIONS.iter().copied())?;
        let signature = Signature {
            author: "muster demo".to_owned(),
            reason: "the predefined tags".to_owned(),
            at: now(),
        };
        changes::propose_wanted(platform, &wanted, Prune::Keep)?.apply(signature)?;
        engine = Engine::read(platform)?;
    }
    if engine.results.is_none() {
        tell("computing its tags");
        compute::compute(&mut engine, settings.now, &[])?;
    }
    made(&engine, events)
}

/// Writes a quest platform into an empty store, user by user in the order of time.
///
/// # Errors
/// The store's.
pub fn fill(platform: &Platform, quests: &QuestPlatform) -> Result<()> {
    let (batches_out, batches_in) = sync_channel::<WriteBatch>(1);
    thread::scope(|scope| {
        let writer = scope.spawn(move || -> Result<()> {
            for batch in batches_in {
                platform.store.write(&batch)?;
            }
            Ok(())
        });
        let mut given = Given::default();
        let mut batch = WriteBatch::new();
        for user in 0..quests.settings().users {
            add_user(&mut batch, quests, user, &mut given);
            if batch.len() >= BATCH_ROWS && batches_out.send(std::mem::take(&mut batch)).is_err() {
                break;
            }
        }
        // A writer that has ended tells why when it is joined.
        let _ = batches_out.send(batch);
        drop(batches_out);
        writer
            .join()
            .map_err(|_| anyhow!("the thread that writes ended by a panic; please report this"))?
            .context("the platform could not be written")?;
        platform
            .wait(platform.catalog.reserve_arrivals(given.arrivals))
            .map(|_| ())
    })
}

/// The numbers that have been given out.
#[derive(Default)]
struct Given {
    arrivals: u64,
    identities: u32,
}

impl Given {
    fn arrival(&mut self) -> u64 {
        self.arrivals += 1;
        self.arrivals
    }

    fn identity(&mut self) -> UserNumber {
        self.identities += 1;
        UserNumber(self.identities - 1)
    }
}

/// Adds a user with all identities, whose rows lie with the account from the beginning.
fn add_user(batch: &mut WriteBatch, quests: &QuestPlatform, user: u32, given: &mut Given) {
    let number = given.identity();
    batch.user(number, &key(user));
    let others = add_links(batch, quests, (user, number), given);
    let identity = |sender: Sender| {
        let other = others.iter().find(|(other, _)| *other == sender);
        other.map_or(number, |(_, number)| *number)
    };
    let mut texts = Vec::new();
    for profile in quests.profiles(user) {
        profile.stored_attributes(&mut texts);
        let row = TraitRow {
            user: number,
            identity: number,
            time: profile.time,
            arrival: given.arrival(),
            source: SOURCE,
            message: 0,
        };
        batch.traits(&row, &texts);
    }
    for event in quests.events(user) {
        event.stored_properties(&mut texts);
        let row = EventRow {
            user: number,
            identity: identity(event.sender),
            time: event.time,
            arrival: given.arrival(),
            position: domain::Position::NONE,
            event_type: EventType::Track,
            name: EVENT_KINDS
                .get(usize::from(event.name))
                .map_or("", |kind| kind.name),
            source: SOURCE,
            message: 0,
        };
        batch.event(&row, &texts);
    }
}

/// The identities of a user beside the account, by what events come with.
fn add_links(
    batch: &mut WriteBatch,
    quests: &QuestPlatform,
    (user, account): (u32, UserNumber),
    given: &mut Given,
) -> Vec<(Sender, UserNumber)> {
    let seed = quests.settings().seed;
    let mut others = Vec::new();
    for (sender, time) in quests.links(user) {
        let (other, other_key) = (given.identity(), sender.key(seed, user));
        batch.user(other, &other_key);
        batch.home(other, account);
        let statement = Statement {
            moment: Moment {
                time,
                arrival: given.arrival(),
            },
            relation: Relation::Link,
            one: account,
            other,
        };
        batch.statement(&statement, &key(user), &other_key);
        others.push((sender, other));
    }
    others
}

/// The id of a user of the demonstration.
pub fn key(user: u32) -> UserKey {
    UserKey::account(&format!("u{user}"))
}

/// What there is, and an example of it.
fn made(engine: &Engine, events: u64) -> Result<Made> {
    let results = engine
        .results
        .as_ref()
        .context("the tags are not computed")?;
    let few = results
        .iter()
        .filter(|(slot, _)| slot.value.is_none())
        .find_map(|(slot, members)| {
            let user = members.iter().next()?;
            (members.len() < results.universe().len() / 10).then_some((slot, user))
        });
    let (tag, user) = few.map_or((String::new(), String::new()), |(slot, user)| {
        (slot.tag.to_string(), engine.key(user).unwrap_or_default())
    });
    Ok(Made {
        users: engine.users.count() as u64,
        events,
        tags: engine.definitions.tags.len() as u64,
        example_tag: tag,
        example_user: user,
    })
}
