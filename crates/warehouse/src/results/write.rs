//! Stores a run: its rows first, the row that makes it count last.

use std::collections::HashSet;
use std::sync::Arc;

use domain::{Time, UserSet};
use tags::{Change, Changes, TagResults, TagSlot};

use super::layout::{self, KeptResults, Layout};
use super::{bitmap, pieces, values};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, InsertFormat, Params};
use crate::native::{Block, Texts};
use crate::row_binary::{RowReader, RowWriter};
use crate::store::{PooledConnection, Store};

/// The table of sets.
const SETS: &str = "tag_members";

/// Tables with a partition for each run.
const PARTITIONED: [&str; 4] = [SETS, values::TABLE, layout::TABLE, "first_members"];

/// About so many bytes go into one insert: bitmaps are large, and the engine holds an insert in memory.
pub(super) const INSERT_BYTES: usize = 32 << 20;

/// Sets that did not change stay where they are, as long as what did change is less than this part of all.
const CHANGED_PART: usize = 8;

/// The most runs among which the newest rows of all sets are looked for.
const MOST_RUNS: u64 = 32;

/// What of something a run writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// What it changed: the rest is in the runs before.
    Changed,
    /// All of it: the runs before are not needed.
    All,
}

/// Whether what changed is so little that it is written beside the rest rather than with it.
pub(super) fn is_little(changed: usize, all: usize) -> bool {
    changed * CHANGED_PART < all
}

/// Stores the results of a run and its changes, and says how they lie. Until the last step the run before is the latest.
pub(super) fn run(
    store: &Store,
    before: Option<&KeptResults>,
    results: &TagResults,
    changes: &Changes,
) -> Result<Layout, WarehouseError> {
    let mut connections = super::connections(store)?;
    let connection = &mut *store.connection()?;
    let run = results.run();
    forget_unfinished(connection, run)?;
    let [beside_sets, beside_values] = [SETS, values::TABLE].map(|table| {
        let is_few = count_runs(connection, table)? < MOST_RUNS;
        Ok::<_, WarehouseError>(before.filter(|_| is_few))
    });
    let (mut layout, sets) = write_members(&mut connections, beside_sets?, results, changes)?;
    let beside_values = beside_values?.map(|before| &*before.results);
    let values = values::write(&mut connections, beside_values, results)?;
    layout.values_since = match (values, before) {
        (Extent::Changed, Some(before)) => before.layout.values_since,
        _ => run,
    };
    let laid_out = layout::write(connection, before, results, &layout)?;
    if sets == Extent::All && all_entered(results, changes) {
        share_members(connection, run)?;
    } else {
        write_changes(&mut connections, changes)?;
    }
    finish(connection, results)?;
    for (table, extent) in [
        (SETS, sets),
        (values::TABLE, values),
        (layout::TABLE, laid_out),
    ] {
        if extent == Extent::All {
            drop_older(connection, table, run);
        }
    }
    Ok(layout)
}

/// Forgets the rows of all runs but one. The run is stored: where they cannot be dropped, newer rows count all the same.
fn drop_older(connection: &mut Connection, table: &str, run: u64) {
    if let Err(error) = drop_partitions(connection, table, &format!("!= {run}")) {
        tracing::warn!(
            error = %error,
            table,
            "rows of older runs could not be dropped: the run is stored, and a later one tries again"
        );
    }
}

/// How many runs have rows in a table.
fn count_runs(connection: &mut Connection, table: &str) -> Result<u64, WarehouseError> {
    let sql = "SELECT uniqExact(partition_id) FROM system.parts WHERE database = currentDatabase() AND active \
        AND table = {table:String}";
    let params = Params::new().text("table", table);
    let bytes = connection.query(sql, &params, Format::RowBinary)?;
    RowReader::new(&bytes).u64()
}

/// Removes what a crash left of a run that was never finished.
fn forget_unfinished(connection: &mut Connection, run: u64) -> Result<(), WarehouseError> {
    for table in PARTITIONED {
        connection.execute(
            &format!("ALTER TABLE {table} DROP PARTITION {run}"),
            &Params::new(),
        )?;
    }
    let params = Params::new().integer("run", run);
    let left = connection.query(
        "SELECT count() FROM membership_changes WHERE run >= {run:UInt64}",
        &params,
        Format::RowBinary,
    )?;
    if RowReader::new(&left).u64()? > 0 {
        let sql = format!(
            "ALTER TABLE membership_changes DELETE WHERE run >= {run} SETTINGS mutations_sync = 2"
        );
        connection.execute(&sql, &Params::new())?;
    }
    Ok(())
}

/// A set: its number, what it stands for, and who is in it.
type Row<'results> = (u32, &'results TagSlot, &'results Arc<UserSet>);

/// Writes the sets that changed beside those of the run before, or all of them.
fn write_members(
    connections: &mut [PooledConnection<'_>],
    before: Option<&KeptResults>,
    results: &TagResults,
    changes: &Changes,
) -> Result<(Layout, Extent), WarehouseError> {
    let (layout, rows, extent) =
        match before.and_then(|before| changed_rows(before, results, changes)) {
            Some((layout, changed)) => (layout, changed, Extent::Changed),
            None => {
                let layout = Layout::fresh(results.slots().len());
                let all = rows(&layout, results).collect();
                (layout, all, Extent::All)
            }
        };
    let inserts = cut(&rows, |(_, _, members)| bitmap::size(members));
    let block = |rows: &[Row<'_>]| {
        let numbers: Vec<u32> = rows.iter().map(|(number, ..)| *number).collect();
        let mut block = Block::new(5, rows.len());
        block.u64_everywhere("run", results.run());
        block.u32s("slot", &numbers);
        write_slots(&mut block, rows.iter().map(|(_, slot, _)| *slot));
        block.texts_with("members", |out| {
            rows.iter()
                .for_each(|(.., members)| bitmap::write(members, out));
        });
        block
    };
    let sql = "INSERT INTO tag_members (run, slot, tag, value, members)";
    write_all(connections, sql, &inserts, block)?;
    Ok((layout, extent))
}

fn rows<'results>(
    layout: &Layout,
    results: &'results TagResults,
) -> impl Iterator<Item = Row<'results>> {
    let numbers = layout.numbers.iter().copied();
    let rows = numbers.zip(results.iter());
    rows.map(|(number, (slot, members))| (number, slot, members))
}

/// The sets that are new or differ from those of the run before, where they are little of all.
fn changed_rows<'results>(
    before: &KeptResults,
    results: &'results TagResults,
    changes: &Changes,
) -> Option<(Layout, Vec<Row<'results>>)> {
    let layout = before.layout_of(results);
    let slots: HashSet<&TagSlot> = changes.changes.iter().map(|change| &change.slot).collect();
    let is_new = |number: u32| number >= before.layout.next;
    let changed: Vec<Row<'_>> = rows(&layout, results)
        .filter(|(number, slot, _)| is_new(*number) || slots.contains(slot))
        .collect();
    let size = |(.., set): &Row<'_>| bitmap::size(set);
    let all = rows(&layout, results).map(|row| size(&row)).sum();
    is_little(changed.iter().map(size).sum(), all).then_some((layout, changed))
}

/// Whether the run is a first one: all members of all sets entered, and nothing else happened.
fn all_entered(results: &TagResults, changes: &Changes) -> bool {
    let mut changes = changes.changes.iter();
    let mut entered = results.iter().filter(|(_, members)| !members.is_empty());
    entered.all(|(slot, members)| {
        changes.next().is_some_and(|change| {
            change.slot == *slot && change.left.is_empty() && change.entered == *members
        })
    }) && changes.next().is_none()
}

/// Says that all members of a run entered with it, by the same bytes.
fn share_members(connection: &mut Connection, run: u64) -> Result<(), WarehouseError> {
    let sql = format!("ALTER TABLE first_members ATTACH PARTITION {run} FROM tag_members");
    connection.execute(&sql, &Params::new())
}

fn write_changes(
    connections: &mut [PooledConnection<'_>],
    changes: &Changes,
) -> Result<(), WarehouseError> {
    let inserts = cut(&changes.changes, |change| {
        bitmap::size(&change.entered) + bitmap::size(&change.left)
    });
    let block = |rows: &[Change]| {
        let mut block = Block::new(6, rows.len());
        block.u64_everywhere("run", changes.run);
        block.times("now", &vec![changes.now.millis(); rows.len()]);
        write_slots(&mut block, rows.iter().map(|change| &change.slot));
        block.texts_with("entered", |out| {
            rows.iter()
                .for_each(|change| bitmap::write(&change.entered, out));
        });
        block.texts_with("left", |out| {
            rows.iter()
                .for_each(|change| bitmap::write(&change.left, out));
        });
        block
    };
    let sql = "INSERT INTO membership_changes (run, now, tag, value, entered, left)";
    write_all(connections, sql, &inserts, block)
}

pub(super) fn write_slots<'slots>(
    block: &mut Block,
    slots: impl Iterator<Item = &'slots TagSlot> + Clone,
) {
    let mut tags = Texts::default();
    slots.clone().for_each(|slot| tags.push(slot.tag.as_str()));
    block.texts("tag", &tags);
    block.texts_or_none("value", slots.map(|slot| slot.value.as_deref()));
}

/// Pieces of rows that take about [`INSERT_BYTES`] each.
pub(super) fn cut<T>(rows: &[T], size: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut pieces = Vec::new();
    let (mut first, mut bytes) = (0, 0);
    for (place, row) in rows.iter().enumerate() {
        bytes += size(row);
        if bytes >= INSERT_BYTES || place + 1 == rows.len() {
            pieces.extend(rows.get(first..=place));
            (first, bytes) = (place + 1, 0);
        }
    }
    pieces
}

/// Writes pieces of rows, each as one insert.
pub(super) fn write_all<T: Sync>(
    connections: &mut [PooledConnection<'_>],
    sql: &str,
    pieces: &[&[T]],
    block: impl Fn(&[T]) -> Block + Sync,
) -> Result<(), WarehouseError> {
    pieces::each(connections, pieces, |connection, rows| {
        insert(connection, sql, &block(rows))
    })
    .map(drop)
}

pub(super) fn insert(
    connection: &mut Connection,
    sql: &str,
    block: &Block,
) -> Result<(), WarehouseError> {
    let mut insert = connection.insert(sql, InsertFormat::Native)?;
    insert.append(block.bytes())?;
    insert.finish().map(drop)
}

fn finish(connection: &mut Connection, results: &TagResults) -> Result<(), WarehouseError> {
    let mut row = RowWriter::default();
    let now: Time = results.now();
    row.u64(results.run());
    row.i64(now.millis());
    bitmap::write(results.universe(), &mut row);
    let mut insert = connection.insert(
        "INSERT INTO runs (run, now, universe)",
        InsertFormat::RowBinary,
    )?;
    insert.append(row.bytes())?;
    insert.finish().map(drop)
}

/// Forgets the rows of the runs whose numbers meet a condition, such as `< 7`.
pub(super) fn drop_partitions(
    connection: &mut Connection,
    table: &str,
    condition: &str,
) -> Result<(), WarehouseError> {
    let sql = format!(
        "SELECT DISTINCT partition_id FROM system.parts WHERE database = currentDatabase() AND active \
        AND table = {{table:String}} AND toUInt64OrZero(partition_id) {condition}"
    );
    let params = Params::new().text("table", table);
    let bytes = connection.query(&sql, &params, Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    while !rows.is_empty() {
        let partition = crate::sql::literal(rows.str()?);
        connection.execute(
            &format!("ALTER TABLE {table} DROP PARTITION ID {partition}"),
            &Params::new(),
        )?;
    }
    Ok(())
}
