//! A refresh of some given users: it costs what their histories cost, whatever the others are.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use domain::UserSet;
use server::engine::Engine;
use tags::ports::Results;
use tags::{Changes, Deps, PortError, TagProgram, TagResults, Users};

use crate::arguments::{Arguments, NOW};
use crate::folder;
use crate::measure::{Cost, forget_peak, measured, peak_mib};
use crate::random::Random;
use crate::report::Row;

/// How many users are refreshed at once, and how often, always others.
const ROUNDS: [(usize, usize); 3] = [(1, 20), (100, 5), (10_000, 1)];

/// Refreshes users whose results are there already; nothing may change.
///
/// # Errors
/// The store's; a refresh changes a tag; there are no results.
pub fn measure(asked: &Arguments) -> Result<Vec<Row>> {
    let platform = folder::open(&folder::shared(asked))?;
    let engine = folder::engine(&platform, folder::tags(asked, asked.tags, asked.seed))?;
    let program = engine.compile(&engine.sources(), NOW)?;
    let results = engine.results.as_ref();
    let results = results.context("there are no results: run the part `events` before")?;
    let before = Held(Arc::clone(results));
    let mut random = Random::new(asked.seed);
    // As a server soon has it, the rows of all users are built.
    ensure!(results.rows().size() > 0, "nobody has a tag");
    // Makes what is made once: typed columns.
    refresh(&engine, &program, &before, &mut random, (asked, 1))?;
    let mut rows = Vec::new();
    for (users, rounds) in ROUNDS {
        forget_peak();
        let mut total = Cost::default();
        for _ in 0..rounds {
            total = total.plus(refresh(
                &engine,
                &program,
                &before,
                &mut random,
                (asked, users),
            )?);
        }
        let each = total.times(1.0 / rounds as f64);
        rows.push(
            Row::new(format!("refresh of {users} given users"), each)
                .peak(peak_mib())
                .note(format!(
                    "mean of {rounds}, in memory; nothing changed, as it must be"
                )),
        );
    }
    platform.close();
    Ok(rows)
}

fn refresh(
    engine: &Engine,
    program: &TagProgram,
    before: &Held,
    random: &mut Random,
    (asked, users): (&Arguments, usize),
) -> Result<Cost> {
    let numbers = (0..users).map(|_| random.below(u64::from(asked.users)) as u32);
    let users = Users::These(numbers.collect::<UserSet>());
    let deps = Deps {
        results: before,
        ..engine.deps()
    };
    let (refreshed, cost) =
        measured(|| Ok(tags::refresh(&deps, program, &users, &engine.config())?))?;
    ensure!(
        refreshed.changes.changes.is_empty(),
        "a refresh of users of whom nothing is new has changed {} tags",
        refreshed.changes.changes.len()
    );
    Ok(cost)
}

/// Results that stay as they are.
struct Held(Arc<TagResults>);

impl Results for Held {
    fn latest(&self) -> Result<Option<Arc<TagResults>>, PortError> {
        Ok(Some(Arc::clone(&self.0)))
    }

    fn store(&self, _: &Arc<TagResults>, _: &Changes) -> Result<(), PortError> {
        Ok(())
    }
}
