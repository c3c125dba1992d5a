//! Stores a run: its rows first, the row that makes it count last.

use domain::{TagKey, Time};
use tags::{Changes, MetricValues, TagResults, TagSlot};

use super::{bitmap, value};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, InsertFormat, Params};
use crate::native::{Block, CodedTexts, Texts};
use crate::row_binary::{RowReader, RowWriter};

/// Tables that keep the newest run only, a partition for each.
const PARTITIONED: [&str; 2] = ["tag_members", "metric_values"];

/// About so many bytes go into one insert: bitmaps are large, and the engine holds an insert in memory.
const INSERT_BYTES: usize = 64 << 20;

/// Rows of bitmaps, written in inserts of bounded size.
struct BitmapRows<'connection> {
    connection: &'connection mut Connection,
    sql: &'static str,
    rows: RowWriter,
}

/// Stores the results of a run and its changes. Until the last step the run before is the latest.
pub(super) fn run(
    connection: &mut Connection,
    results: &TagResults,
    changes: &Changes,
) -> Result<(), WarehouseError> {
    forget_unfinished(connection, results.run())?;
    write_members(connection, results)?;
    write_values(connection, results)?;
    write_changes(connection, changes)?;
    finish(connection, results)?;
    drop_older(connection, results.run())
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

fn write_members(connection: &mut Connection, results: &TagResults) -> Result<(), WarehouseError> {
    let sql = "INSERT INTO tag_members (run, slot, tag, value, members)";
    let mut out = BitmapRows {
        connection,
        sql,
        rows: RowWriter::default(),
    };
    for (number, (slot, members)) in (0_u32..).zip(results.iter()) {
        out.rows.u64(results.run());
        out.rows.u32(number);
        write_slot(slot, &mut out.rows);
        bitmap::write(members, &mut out.rows);
        out.end_row()?;
    }
    out.flush()
}

fn write_changes(connection: &mut Connection, changes: &Changes) -> Result<(), WarehouseError> {
    let sql = "INSERT INTO membership_changes (run, now, tag, value, entered, left)";
    let mut out = BitmapRows {
        connection,
        sql,
        rows: RowWriter::default(),
    };
    for change in &changes.changes {
        out.rows.u64(changes.run);
        out.rows.i64(changes.now.millis());
        write_slot(&change.slot, &mut out.rows);
        bitmap::write(&change.entered, &mut out.rows);
        bitmap::write(&change.left, &mut out.rows);
        out.end_row()?;
    }
    out.flush()
}

fn write_slot(slot: &TagSlot, rows: &mut RowWriter) {
    rows.text(slot.tag.as_str().as_bytes());
    rows.u8(u8::from(slot.value.is_none()));
    if let Some(value) = &slot.value {
        rows.text(value.as_bytes());
    }
}

impl BitmapRows<'_> {
    fn end_row(&mut self) -> Result<(), WarehouseError> {
        if self.rows.bytes().len() < INSERT_BYTES {
            Ok(())
        } else {
            self.flush()
        }
    }

    fn flush(&mut self) -> Result<(), WarehouseError> {
        if !self.rows.bytes().is_empty() {
            let mut insert = self.connection.insert(self.sql, InsertFormat::RowBinary)?;
            insert.append(self.rows.bytes())?;
            insert.finish()?;
            self.rows.clear();
        }
        Ok(())
    }
}

fn write_values(connection: &mut Connection, results: &TagResults) -> Result<(), WarehouseError> {
    for (tag, values) in results
        .all_values()
        .iter()
        .filter(|(_, values)| !values.is_empty())
    {
        let block = values_block(results.run(), tag, values);
        let sql = "INSERT INTO metric_values (run, tag, user, kind, value)";
        let mut insert = connection.insert(sql, InsertFormat::Native)?;
        insert.append(block.bytes())?;
        insert.finish()?;
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

fn drop_older(connection: &mut Connection, run: u64) -> Result<(), WarehouseError> {
    let sql = "SELECT DISTINCT table, partition_id FROM system.parts WHERE database = currentDatabase() AND active \
        AND table IN ('tag_members', 'metric_values') AND toUInt64OrZero(partition_id) != {run:UInt64}";
    let bytes = connection.query(sql, &Params::new().integer("run", run), Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    while !rows.is_empty() {
        let (table, partition) = (rows.str()?, rows.str()?);
        let (table, partition) = (
            crate::sql::identifier(table),
            crate::sql::literal(partition),
        );
        connection.execute(
            &format!("ALTER TABLE {table} DROP PARTITION ID {partition}"),
            &Params::new(),
        )?;
    }
    Ok(())
}
