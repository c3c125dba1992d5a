//! Stores a run: its rows first, the row that makes it count last.

use std::collections::HashSet;
use std::sync::Arc;

use domain::{TagKey, Time, UserSet};
use tags::{Change, Changes, MetricValues, TagResults, TagSlot};

use super::{bitmap, pieces, value};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, InsertFormat, Params};
use crate::native::{Block, CodedTexts, Texts};
use crate::row_binary::{RowReader, RowWriter};
use crate::store::{PooledConnection, Store};

/// Tables with a partition for each run.
const PARTITIONED: [&str; 3] = ["tag_members", "metric_values", "first_members"];

/// About so many bytes go into one insert: bitmaps are large, and the engine holds an insert in memory.
pub(super) const INSERT_BYTES: usize = 32 << 20;

/// Sets that did not change stay where they are, as long as what did change is less than this part of all.
const CHANGED_PART: usize = 8;

/// The most runs among which the newest rows of all sets are looked for.
const MOST_RUNS: u64 = 32;

/// Stores the results of a run and its changes. Until the last step the run before is the latest.
pub(super) fn run(
    store: &Store,
    before: Option<&TagResults>,
    results: &TagResults,
    changes: &Changes,
) -> Result<(), WarehouseError> {
    let mut connections = super::connections(store)?;
    let connection = &mut *store.connection()?;
    forget_unfinished(connection, results.run())?;
    let all: Vec<Row<'_>> = (0_u32..).zip(results.iter()).collect();
    let rows = match changed_rows(before, results, changes, &all) {
        Some(changed) if count_runs(connection)? < MOST_RUNS => changed,
        _ => all.clone(),
    };
    write_members(&mut connections, results.run(), &rows)?;
    write_values(connection, results)?;
    if all_entered(results, changes) {
        share_members(connection, results.run())?;
    } else {
        write_changes(&mut connections, changes)?;
    }
    finish(connection, results)?;
    drop_older(connection, "metric_values", results.run())?;
    if rows.len() == all.len() {
        drop_older(connection, "tag_members", results.run())?;
    }
    Ok(())
}

/// A slot's number, what it stands for, and its members.
type Row<'results> = (u32, (&'results TagSlot, &'results Arc<UserSet>));

/// The rows that differ from those of the run before, where they are little of all.
fn changed_rows<'results>(
    before: Option<&TagResults>,
    results: &TagResults,
    changes: &Changes,
    all: &[Row<'results>],
) -> Option<Vec<Row<'results>>> {
    before.filter(|before| before.slots() == results.slots())?;
    let slots: HashSet<&TagSlot> = changes.changes.iter().map(|change| &change.slot).collect();
    let changed: Vec<Row<'_>> = all
        .iter()
        .filter(|(_, (slot, _))| slots.contains(slot))
        .copied()
        .collect();
    let size = |rows: &[Row<'_>]| {
        rows.iter()
            .map(|(_, (_, set))| bitmap::size(set))
            .sum::<usize>()
    };
    (size(&changed) * CHANGED_PART < size(all)).then_some(changed)
}

/// How many runs have rows of members.
fn count_runs(connection: &mut Connection) -> Result<u64, WarehouseError> {
    let sql = "SELECT uniqExact(partition_id) FROM system.parts WHERE database = currentDatabase() AND active \
        AND table = 'tag_members'";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
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

fn write_members(
    connections: &mut [PooledConnection<'_>],
    run: u64,
    rows: &[Row<'_>],
) -> Result<(), WarehouseError> {
    let inserts = cut(rows, |(_, (_, members))| bitmap::size(members));
    let block = |rows: &[Row<'_>]| {
        let numbers: Vec<u32> = rows.iter().map(|(number, _)| *number).collect();
        let mut block = Block::new(5, rows.len());
        block.u64_everywhere("run", run);
        block.u32s("slot", &numbers);
        write_slots(&mut block, rows.iter().map(|(_, (slot, _))| *slot));
        block.texts_with("members", |out| {
            rows.iter()
                .for_each(|(_, (_, members))| bitmap::write(members, out));
        });
        block
    };
    let sql = "INSERT INTO tag_members (run, slot, tag, value, members)";
    write_all(connections, sql, &inserts, block)
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
fn cut<T>(rows: &[T], size: impl Fn(&T) -> usize) -> Vec<&[T]> {
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
fn write_all<T: Sync>(
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

fn write_values(connection: &mut Connection, results: &TagResults) -> Result<(), WarehouseError> {
    for (tag, values) in results
        .all_values()
        .iter()
        .filter(|(_, values)| !values.is_empty())
    {
        let block = values_block(results.run(), tag, values);
        let sql = "INSERT INTO metric_values (run, tag, user, kind, value)";
        insert(connection, sql, &block)?;
    }
    Ok(())
}

fn values_block(run: u64, tag: &TagKey, values: &MetricValues) -> Block {
    let mut users = Vec::with_capacity(values.len());
    let (mut tags, mut kinds, mut texts) = (
        CodedTexts::default(),
        CodedTexts::default(),
        Texts::default(),
    );
    for (user, found) in values.iter() {
        let (kind, text) = value::encode(&found);
        users.push(user.0);
        tags.push(tag.as_str());
        kinds.push(&kind);
        texts.push(&text);
    }
    let mut block = Block::new(5, users.len());
    block.u64_everywhere("run", run);
    block.coded("tag", &tags);
    block.u32s("user", &users);
    block.coded("kind", &kinds);
    block.texts("value", &texts);
    block
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

/// Forgets the rows of all runs but one.
fn drop_older(connection: &mut Connection, table: &str, run: u64) -> Result<(), WarehouseError> {
    drop_partitions(connection, table, &format!("!= {run}"))
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
