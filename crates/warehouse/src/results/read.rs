//! Loads the newest run.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use domain::{TagKey, Time, UserNumber, UserSet};
use tags::{RunContent, TagResults, TagSlot, UserRows};

use super::layout::{self, KeptResults, Layout};
use super::{bitmap, pieces, values};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::RowReader;
use crate::store::{PooledConnection, Store};

/// So many slots are read by one query: few queries, for each costs its plan.
const SLOTS_OF_A_QUERY: u32 = 4_096;

/// The newest run that is wholly stored.
pub(super) fn latest(store: &Store) -> Result<Option<KeptResults>, WarehouseError> {
    let mut connection = store.connection()?;
    let Some((run, now, universe)) = newest(&mut connection)? else {
        return Ok(None);
    };
    let (layout, metrics) = layout::read(&mut connection, run)?;
    drop(connection);
    let mut connections = super::connections(store)?;
    let values = values::read(&mut connections, (layout.values_since, run), &metrics)?;
    let (slots, members) = members(&mut connections, run, &layout)?;
    let rows = UserRows::of_members(&members);
    let content = RunContent {
        run,
        now,
        universe,
        slots: slots.into(),
        members,
        values,
        rows,
    };
    Ok(Some(KeptResults {
        results: Arc::new(TagResults::new(content)),
        layout,
    }))
}

/// See [`crate::Store::last_membership`].
pub(super) fn last_membership(
    connection: &mut Connection,
    tag: &TagKey,
    user: UserNumber,
) -> Result<Option<Time>, WarehouseError> {
    let sql = "WITH departures AS (SELECT run FROM tag_changes WHERE tag = {tag:String} GROUP BY run \
        HAVING max(bitmapContains(left, {user:UInt32})) AND NOT max(bitmapContains(entered, {user:UInt32}))) \
        SELECT toUnixTimestamp64Milli(now) FROM tag_changes \
        WHERE run < (SELECT max(run) FROM departures) ORDER BY run DESC LIMIT 1";
    let params = Params::new()
        .text("tag", tag.as_str())
        .integer("user", u64::from(user.0));
    let bytes = connection.query(sql, &params, Format::RowBinary)?;
    let mut row = RowReader::new(&bytes);
    if row.is_empty() {
        return Ok(None);
    }
    Ok(Some(Time::from_millis(row.i64()?)))
}

fn newest(
    connection: &mut Connection,
) -> Result<Option<(u64, Time, Arc<UserSet>)>, WarehouseError> {
    let sql =
        "SELECT run, toUnixTimestamp64Milli(now), universe FROM runs ORDER BY run DESC LIMIT 1";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    let mut row = RowReader::new(&bytes);
    if row.is_empty() {
        return Ok(None);
    }
    let (run, now) = (row.u64()?, Time::from_millis(row.i64()?));
    Ok(Some((run, now, Arc::new(bitmap::read(row.text()?)?))))
}

/// A slot and its members.
struct Row {
    number: u32,
    slot: TagSlot,
    members: Arc<UserSet>,
}

/// What the sets of a layout stand for and who is in them, in its order: of each set the newest row.
fn members(
    connections: &mut [PooledConnection<'_>],
    run: u64,
    layout: &Layout,
) -> Result<(Vec<TagSlot>, Vec<Arc<UserSet>>), WarehouseError> {
    let starts: Vec<u32> = (0..layout.next)
        .step_by(SLOTS_OF_A_QUERY as usize)
        .collect();
    let rows = pieces::each(connections, &starts, |connection, start| {
        let end = start.saturating_add(SLOTS_OF_A_QUERY);
        rows_of(connection, run, *start..end)
    })?;
    let rows = rows.into_iter().flatten();
    let mut rows: HashMap<u32, Row> = rows.map(|row| (row.number, row)).collect();
    let (mut slots, mut members) = (Vec::new(), Vec::new());
    for number in layout.numbers.iter() {
        let missing =
            || WarehouseError::unexpected(format!("set {number} of run {run}"), "nothing");
        let row = rows.remove(number).ok_or_else(missing)?;
        slots.push(row.slot);
        members.push(row.members);
    }
    Ok((slots, members))
}

/// The rows of some slots. Few at a time, because each can be large.
fn rows_of(
    connection: &mut Connection,
    run: u64,
    slots: Range<u32>,
) -> Result<Vec<Row>, WarehouseError> {
    let asked = "slot >= {first:UInt32} AND slot < {end:UInt32}";
    let sql = format!(
        "SELECT slot, tag, value, members FROM tag_members WHERE {asked} AND (run, slot) IN ( \
            SELECT max(run), slot FROM tag_members WHERE {asked} AND run <= {{run:UInt64}} GROUP BY slot \
        ) SETTINGS max_block_size = 128, max_threads = 1"
    );
    let params = Params::new()
        .integer("run", run)
        .integer("first", slots.start)
        .integer("end", slots.end);
    let mut found = Vec::new();
    for rows in connection.stream(&sql, &params, Format::RowBinary)? {
        let rows = rows?;
        let mut rows = RowReader::new(rows.bytes());
        while !rows.is_empty() {
            found.push(Row {
                number: rows.u32()?,
                slot: TagSlot {
                    tag: key(rows.str()?)?,
                    value: match rows.u8()? {
                        0 => Some(Arc::from(rows.str()?)),
                        _ => None,
                    },
                },
                members: Arc::new(bitmap::read(rows.text()?)?),
            });
        }
    }
    Ok(found)
}

pub(super) fn key(text: &str) -> Result<TagKey, WarehouseError> {
    TagKey::new(text)
        .map_err(|error| WarehouseError::unexpected("the key of a tag", error.to_string()))
}
