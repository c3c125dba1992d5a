//! And, or, not over ten stored tags.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use domain::UserSet;
use tags::TagResults;
use tags::ports::Results;
use warehouse::PooledConnection;

use crate::arguments::Arguments;
use crate::measure::{Cost, measured, percentile};
use crate::random::Random;
use crate::report::Row;
use crate::{clickhouse, folder};

/// Combinations that are measured in process.
const COMBINATIONS: usize = 1_000;

/// How many of them ClickHouse answers too.
const COMPARED: usize = 50;

/// Measures combinations of random tags that have members.
///
/// # Errors
/// The store's; the two disagree.
pub fn measure(asked: &Arguments) -> Result<Vec<Row>> {
    let platform = folder::open(&folder::shared(asked))?;
    let found = platform.store.latest();
    let results = found
        .map_err(|error| anyhow::anyhow!(error))?
        .context("there are no results: run the part `events` before")?;
    let combinations = combinations(asked.seed, &results);
    let mut ours = Vec::new();
    let mut counts = Vec::new();
    let (_, total) = measured(|| {
        for combination in &combinations {
            let (users, cost) = measured(|| combined(&results, combination))?;
            ours.push(cost.wall);
            counts.push(users.len());
        }
        Ok(())
    })?;
    let mut theirs = Vec::new();
    let mut connection = platform.store.connection()?;
    let (_, their_total) = measured(|| {
        for (combination, count) in combinations.iter().zip(&counts).take(COMPARED) {
            let (found, cost) = measured(|| by_clickhouse(&mut connection, combination))?;
            ensure!(
                found == *count,
                "ClickHouse counts {found} users where we count {count}"
            );
            theirs.push(cost.wall);
        }
        Ok(())
    })?;
    drop(connection);
    platform.close();
    ours.sort_by(f64::total_cmp);
    theirs.sort_by(f64::total_cmp);
    let each = |cpu: f64, sorted: &[f64], share: f64| Cost {
        wall: percentile(sorted, share),
        cpu: cpu / sorted.len().max(1) as f64,
    };
    let row = |name: &str, share: f64| {
        Row::new(
            format!("10-tag algebra, {name}"),
            each(total.cpu, &ours, share),
        )
        .against(
            "bitmapAnd, bitmapOr, bitmapAndnot over the stored states",
            each(their_total.cpu, &theirs, share),
        )
        .note(format!(
            "{COMBINATIONS} combinations, {COMPARED} in ClickHouse, equal; CPU is the mean"
        ))
    };
    Ok(vec![row("p50", 0.5), row("p99", 0.99)])
}

/// Ten tags each, as places of slots.
fn combinations(seed: u64, results: &TagResults) -> Vec<Vec<usize>> {
    let with_members: Vec<usize> = results
        .iter()
        .enumerate()
        .filter(|(_, (_, members))| !members.is_empty())
        .map(|(place, _)| place)
        .collect();
    let mut random = Random::new(seed);
    (0..COMBINATIONS)
        .map(|_| (0..10).map(|_| random.pick(&with_members)).collect())
        .collect()
}

/// `(t0 or t1 or t2 or t3) and (t4 or t5 or t6) and not (t7 or t8 or t9)`.
fn combined(results: &TagResults, slots: &[usize]) -> Result<UserSet> {
    let any = |slots: Option<&[usize]>| -> Result<UserSet> {
        let mut any = UserSet::new();
        for slot in slots.context("ten tags")? {
            let members: &Arc<UserSet> = results.members_of_slot(*slot).context("a slot")?;
            any = any.or(members);
        }
        Ok(any)
    };
    let some = any(slots.get(..4))?.and(&any(slots.get(4..7))?);
    Ok(some.minus(&any(slots.get(7..))?))
}

/// The number of users of the same combination.
fn by_clickhouse(connection: &mut PooledConnection<'_>, slots: &[usize]) -> Result<u64> {
    let states: Vec<String> = slots
        .iter()
        .enumerate()
        .map(|(name, slot)| format!("groupBitmapMergeStateIf(CAST(members AS AggregateFunction(groupBitmap, UInt32)), slot = {slot}) AS t{name}"))
        .collect();
    let listed: Vec<String> = slots.iter().map(ToString::to_string).collect();
    let query = format!(
        "SELECT bitmapCardinality(bitmapAndnot(bitmapAnd( \
         bitmapOr(bitmapOr(bitmapOr(t0, t1), t2), t3), bitmapOr(bitmapOr(t4, t5), t6)), \
         bitmapOr(bitmapOr(t7, t8), t9))) FROM (SELECT {} FROM tag_members \
         WHERE slot IN ({}))",
        states.join(", "),
        listed.join(", ")
    );
    clickhouse::number(connection, &query)
}
