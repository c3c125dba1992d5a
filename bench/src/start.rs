//! A start: the store opened, users and results loaded.

use anyhow::{Context, Result};
use tags::ports::Results;

use crate::arguments::Arguments;
use crate::folder;
use crate::measure::{measured, peak_mib};
use crate::report::Row;

/// Opens the shared store and loads what an answer needs.
///
/// # Errors
/// The store's; there are no results.
pub fn measure(asked: &Arguments) -> Result<Vec<Row>> {
    let (platform, opened) = measured(|| folder::open(&folder::shared(asked)))?;
    let (users, users_loaded) = measured(|| Ok(platform.store.load_users()?.len()))?;
    let (results, results_loaded) = measured(|| {
        let found = platform.store.latest();
        found.map_err(|error| anyhow::anyhow!(error))
    })?;
    let peak = peak_mib();
    let results = results.context("there are no results: run the part `events` before")?;
    let slots = results.slots().len();
    drop(results);
    platform.close();
    let all = opened.plus(users_loaded).plus(results_loaded);
    Ok(vec![Row::new("start", all).peak(peak).note(format!(
        "open {:.1} s, {users} users {:.1} s, {slots} tags {:.1} s",
        opened.wall, users_loaded.wall, results_loaded.wall
    ))])
}
