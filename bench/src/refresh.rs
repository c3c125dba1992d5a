//! All tags from events: what it takes in all, and what its steps take by themselves.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Result, anyhow};
use domain::TagDefinition;
use features::{FeatureSet, HistoryBlock, Program};
use quest_platform::mixed_tags;
use rules::CheckedRule;
use rules::checked::Body;
use server::engine::Engine;
use tags::ports::{Histories, Results};
use tags::{Changes, Deps, PortError, TagProgram, TagResults, Users};
use warehouse::{HistoryPlan, Store, UserSelection};

use crate::arguments::{Arguments, NOW};
use crate::measure::{Cost, forget_peak, measured, peak_mib};
use crate::report::Row;
use crate::{event_baselines, folder};

/// Refreshes all tags over the shared store.
///
/// # Errors
/// The store's.
pub fn measure(asked: &Arguments) -> Result<Vec<Row>> {
    let platform = folder::open(&folder::shared(asked))?;
    let tags = folder::tags(asked, asked.tags, asked.seed);
    let (engine, read) = measured(|| folder::engine(&platform, tags))?;
    let sources = engine.sources();
    let (program, compiled) = measured(|| engine.compile(&sources, NOW))?;
    let steps = Steps::of(&engine);
    let (plan, promoted) = measured(|| Ok(platform.store.plan_histories(steps.wanted())?))?;
    let count = steps.program.features().features().len();
    let event_columns = steps.wanted().event_columns.len();
    let mut rows = vec![
        Row::new("events: rules read and checked", read)
            .note(format!("{} tags, users loaded too", sources.len())),
        Row::new("events: program compiled", compiled).note(format!("{count} features")),
        Row::new("events: typed columns made", promoted).note(format!(
            "{event_columns} of events, {} of attributes; once",
            steps.wanted().trait_columns.len()
        )),
    ];
    forget_peak();
    let (_, reading) = measured(|| steps.each(&platform.store, &plan, Work::Read))?;
    rows.push(Row::new("events: columns read, nothing done", reading).peak(peak_mib()));
    forget_peak();
    let (_, folding) = measured(|| steps.each(&platform.store, &plan, Work::Fold))?;
    rows.push(Row::new("events: columns read and folded, no conditions", folding).peak(peak_mib()));
    let (first, peak) = refresh(&engine, &program)?;
    let (again, peak_again) = refresh(&engine, &program)?;
    let [grouped, single] = event_baselines::measure(&engine)?;
    let everything = |name: &str, refreshed: &Refreshed, peak: f64| {
        Row::new(name, refreshed.all).peak(peak).note(format!(
            "of it {:.1} s, {:.1} CPU-seconds to store; {:.0} tags a user",
            refreshed.stored.wall, refreshed.stored.cpu, refreshed.tags_of_a_user
        ))
    };
    let name = "everything from events, results stored";
    for baseline in [grouped, single] {
        let row = everything(name, &first, peak);
        rows.push(row.against(baseline.what, baseline.cost));
    }
    rows.push(everything(
        "the same again, nothing changed",
        &again,
        peak_again,
    ));
    platform.close();
    Ok(rows)
}

/// What tags of every sort take: the columns read, folded, and all of a refresh but its storing.
///
/// # Errors
/// The store's.
pub fn measure_mixed(asked: &Arguments) -> Result<Vec<Row>> {
    let platform = folder::open(&folder::shared(asked))?;
    let engine = folder::engine(&platform, tags_of_every_sort(asked))?;
    let program = engine.compile(&engine.sources(), NOW)?;
    let steps = Steps::of(&engine);
    let (plan, _) = measured(|| Ok(platform.store.plan_histories(steps.wanted())?))?;
    let count = steps.program.features().features().len();
    let (_, reading) = measured(|| steps.each(&platform.store, &plan, Work::Read))?;
    let (_, folding) = measured(|| steps.each(&platform.store, &plan, Work::Fold))?;
    let deps = Deps {
        results: &Forgotten,
        ..engine.deps()
    };
    forget_peak();
    let (refreshed, all) = measured(|| {
        Ok(tags::refresh(
            &deps,
            &program,
            &Users::All,
            &engine.config(),
        )?)
    })?;
    let peak = peak_mib();
    let tags_of_a_user = tags_of_a_user(&refreshed.results);
    platform.close();
    Ok(vec![
        Row::new("mixed tags: columns read", reading),
        Row::new("mixed tags: columns read and folded", folding).note(format!("{count} features")),
        Row::new("mixed tags: all, but not stored", all)
            .peak(peak)
            .note(format!("{tags_of_a_user:.0} tags a user")),
    ])
}

/// What one size takes: tags of every sort, stored.
///
/// # Errors
/// The store's.
pub fn measure_size(asked: &Arguments) -> Result<Vec<Row>> {
    let platform = folder::open(&folder::shared(asked))?;
    let engine = folder::engine(&platform, tags_of_every_sort(asked))?;
    let program = engine.compile(&engine.sources(), NOW)?;
    let steps = Steps::of(&engine);
    let (plan, _) = measured(|| Ok(platform.store.plan_histories(steps.wanted())?))?;
    let (_, reading) = measured(|| steps.each(&platform.store, &plan, Work::Read))?;
    let (_, folding) = measured(|| steps.each(&platform.store, &plan, Work::Fold))?;
    let (refreshed, peak) = refresh(&engine, &program)?;
    platform.close();
    Ok(vec![Row::new("everything", refreshed.all).peak(peak).note(
        format!(
            "columns read {:.1}, read and folded {:.1} CPU-s; {:.0} tags a user",
            reading.cpu, folding.cpu, refreshed.tags_of_a_user
        ),
    )])
}

/// Random tags, and a fifth of every other sort.
fn tags_of_every_sort(asked: &Arguments) -> Vec<TagDefinition> {
    let mut tags = folder::tags(asked, asked.tags * 4 / 5, asked.seed);
    tags.extend(mixed_tags(asked.tags - tags.len(), asked.seed));
    tags
}

/// Nowhere to keep results.
struct Forgotten;

impl Results for Forgotten {
    fn latest(&self) -> Result<Option<Arc<TagResults>>, PortError> {
        Ok(None)
    }

    fn store(&self, _: &Arc<TagResults>, _: &Changes) -> Result<(), PortError> {
        Ok(())
    }
}

/// What a refresh took.
struct Refreshed {
    all: Cost,
    stored: Cost,
    tags_of_a_user: f64,
}

/// A refresh of all users, results stored; and its peak of memory.
fn refresh(engine: &Engine, program: &TagProgram) -> Result<(Refreshed, f64)> {
    let results = Timed {
        store: &engine.platform.store,
        stored: Mutex::default(),
    };
    let deps = Deps {
        results: &results,
        ..engine.deps()
    };
    forget_peak();
    let (refreshed, all) = measured(|| {
        Ok(tags::refresh(
            &deps,
            program,
            &Users::All,
            &engine.config(),
        )?)
    })?;
    let peak = peak_mib();
    let stored = *results
        .stored
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let refreshed = Refreshed {
        all,
        stored,
        tags_of_a_user: tags_of_a_user(&refreshed.results),
    };
    Ok((refreshed, peak))
}

/// How many tags a known user has on average.
fn tags_of_a_user(results: &TagResults) -> f64 {
    let memberships: u64 = results.iter().map(|(_, members)| members.len()).sum();
    memberships as f64 / results.universe().len().max(1) as f64
}

/// The store, with what storing takes told apart.
struct Timed<'s> {
    store: &'s Store,
    stored: Mutex<Cost>,
}

impl Results for Timed<'_> {
    fn latest(&self) -> Result<Option<Arc<TagResults>>, PortError> {
        self.store.latest()
    }

    fn store(&self, results: &Arc<TagResults>, changes: &Changes) -> Result<(), PortError> {
        let stored = measured(|| {
            let stored = self.store.store(results, changes);
            stored.map_err(|error| anyhow!(error))
        });
        let (_, cost) = stored.map_err(|error| error.to_string())?;
        *self.stored.lock().unwrap_or_else(PoisonError::into_inner) = cost;
        Ok(())
    }
}

/// What is done with the histories of some users.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    /// They are read.
    Read,
    /// They are folded too.
    Fold,
}

/// The steps before conditions, over all users.
struct Steps {
    program: Program,
    extent: u32,
    threads: usize,
    users_per_read: u32,
}

impl Steps {
    fn of(engine: &Engine) -> Self {
        let mut set = FeatureSet::default();
        for tag in &engine.book.tags {
            match tag.rule().map(CheckedRule::body) {
                None => {}
                Some(Body::Condition(condition)) => set.add_condition(condition),
                Some(Body::Measure(measure)) => set.add_measure(measure),
                Some(Body::Cases { cases, .. }) => {
                    cases.iter().for_each(|case| set.add_condition(&case.when));
                }
            }
        }
        let config = engine.config();
        Self {
            program: Program::new(set, NOW, engine.inputs.value_lists.clone()),
            extent: engine.platform.store.extent().unwrap_or_default(),
            threads: config.threads.get(),
            users_per_read: config.users_per_read,
        }
    }

    fn wanted(&self) -> &features::Wanted {
        self.program.wanted()
    }

    /// Does the work over all threads, in ranges of users as a refresh reads them.
    fn each(&self, store: &Store, plan: &HistoryPlan, work: Work) -> Result<()> {
        let next = AtomicU32::new(0);
        let range = || -> Option<Range<u32>> {
            let start = next.fetch_add(self.users_per_read, Ordering::Relaxed);
            let end = start.saturating_add(self.users_per_read).min(self.extent);
            (start < end).then_some(start..end)
        };
        let worker = || -> Result<()> {
            let mut history = HistoryBlock::default();
            while let Some(range) = range() {
                let users = UserSelection::Range(range);
                store.histories_into(plan, &users, None, &mut history)?;
                if work == Work::Fold {
                    self.program
                        .fold(&history, &mut |block| drop(std::hint::black_box(block)));
                }
                std::hint::black_box(&history);
            }
            Ok(())
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..self.threads).map(|_| scope.spawn(worker)).collect();
            for worker in workers {
                let ended = worker.join();
                ended.map_err(|_| anyhow!("a thread ended by a panic"))??;
            }
            Ok(())
        })
    }
}
