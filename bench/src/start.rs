//! A start: the store opened, results loaded, users, rules and all else read; and the state read once more, as after
//! each change of a definition.

use anyhow::{Context, Result};
use tags::ports::Results;

use crate::arguments::Arguments;
use crate::folder;
use crate::measure::{measured, peak_mib};
use crate::report::Row;

/// Opens the shared store and reads what an answer needs, twice.
///
/// # Errors
/// The store's; there are no results.
pub fn measure(asked: &Arguments) -> Result<Vec<Row>> {
    let tags = folder::tags(asked, asked.tags, asked.seed);
    let (platform, opened) = measured(|| folder::open(&folder::shared(asked)))?;
    let (results, results_loaded) = measured(|| {
        let found = platform.store.latest();
        found.map_err(|error| anyhow::anyhow!(error))
    })?;
    let results = results.context("there are no results: run the part `events` before")?;
    let slots = results.slots().len();
    drop(results);
    let (engine, read) = measured(|| folder::engine(&platform, tags.clone()))?;
    let peak = peak_mib();
    let (again, read_again) = measured(|| folder::engine(&platform, tags))?;
    let users = again.users.len();
    drop((engine, again));
    platform.close();
    let all = opened.plus(results_loaded).plus(read);
    let start = Row::new("start", all).peak(peak).note(format!(
        "open {:.1} s, {slots} sets {:.1} s, {users} users and all rules {:.1} s",
        opened.wall, results_loaded.wall, read.wall
    ));
    let again = Row::new("state read again", read_again).note("nothing has changed");
    Ok(vec![start, again])
}
