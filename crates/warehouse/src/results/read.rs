//! Loads the newest run.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch};
use domain::{TagKey, Time, UserNumber, UserSet};
use tags::{MetricValues, RunContent, TagResults, TagSlot, UserRows};

use super::{bitmap, value};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::RowReader;

/// The newest run that is wholly stored.
pub(super) fn latest(connection: &mut Connection) -> Result<Option<TagResults>, WarehouseError> {
    let Some((run, now, universe)) = newest(connection)? else {
        return Ok(None);
    };
    let (slots, members) = members(connection, run)?;
    let values = values(connection, run)?;
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
    Ok(Some(TagResults::new(content)))
}

/// See [`crate::Store::last_membership`].
pub(super) fn last_membership(
    connection: &mut Connection,
    tag: &TagKey,
    user: UserNumber,
) -> Result<Option<Time>, WarehouseError> {
    let sql = "WITH departures AS (SELECT run FROM tag_changes WHERE tag = {tag:String} GROUP BY run \
        HAVING max(bitmapContains(left, {user:UInt32})) AND NOT max(bitmapContains(entered, {user:UInt32}))) \
        SELECT toUnixTimestamp64Milli(now) FROM membership_changes \
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

/// Slots and members, in the order of slots: of each slot the newest row. Few rows at a time, because each can be large.
fn members(
    connection: &mut Connection,
    run: u64,
) -> Result<(Vec<TagSlot>, Vec<Arc<UserSet>>), WarehouseError> {
    let sql = "SELECT tag, ifNull(value, ''), isNull(value), members FROM tag_members \
        WHERE (run, slot) IN (SELECT max(run), slot FROM tag_members WHERE run <= {run:UInt64} GROUP BY slot) \
        ORDER BY slot SETTINGS max_block_size = 128";
    let (mut slots, mut members) = (Vec::new(), Vec::new());
    for batch in connection.stream(sql, &Params::new().integer("run", run))? {
        let batch = batch?;
        let (tags, values, sets) = (texts(&batch, 0)?, texts(&batch, 1)?, texts(&batch, 3)?);
        let none = column(&batch, 2)?
            .as_primitive_opt::<arrow_array::types::UInt8Type>()
            .ok_or_else(other)?;
        for row in 0..batch.num_rows() {
            let value = (none.value(row) == 0).then(|| Arc::from(utf8(values.value(row))));
            slots.push(TagSlot {
                tag: key(&utf8(tags.value(row)))?,
                value,
            });
            members.push(Arc::new(bitmap::read(sets.value(row))?));
        }
    }
    Ok((slots, members))
}

fn values(
    connection: &mut Connection,
    run: u64,
) -> Result<BTreeMap<TagKey, Arc<MetricValues>>, WarehouseError> {
    let sql = "SELECT tag::String, user, kind::String, value FROM metric_values \
        WHERE run = {run:UInt64} ORDER BY tag, user";
    let mut all: BTreeMap<TagKey, Vec<(UserNumber, domain::Value)>> = BTreeMap::new();
    for batch in connection.stream(sql, &Params::new().integer("run", run))? {
        let batch = batch?;
        let (tags, kinds, written) = (texts(&batch, 0)?, texts(&batch, 2)?, texts(&batch, 3)?);
        let users = column(&batch, 1)?
            .as_primitive_opt::<arrow_array::types::UInt32Type>()
            .ok_or_else(other)?;
        for row in 0..batch.num_rows() {
            let found = value::decode(&utf8(kinds.value(row)), &utf8(written.value(row)))?;
            let tag = utf8(tags.value(row));
            match all.get_mut(&*tag) {
                Some(values) => values.push((UserNumber(users.value(row)), found)),
                None => drop(all.insert(key(&tag)?, vec![(UserNumber(users.value(row)), found)])),
            }
        }
    }
    Ok(all
        .into_iter()
        .map(|(tag, values)| (tag, Arc::new(values.into_iter().collect())))
        .collect())
}

fn column(batch: &RecordBatch, place: usize) -> Result<&ArrayRef, WarehouseError> {
    batch.columns().get(place).ok_or_else(other)
}

fn texts(batch: &RecordBatch, place: usize) -> Result<&arrow_array::BinaryArray, WarehouseError> {
    column(batch, place)?
        .as_binary_opt::<i32>()
        .ok_or_else(other)
}

fn utf8(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn key(text: &str) -> Result<TagKey, WarehouseError> {
    TagKey::new(text)
        .map_err(|error| WarehouseError::unexpected("the key of a tag", error.to_string()))
}

fn other() -> WarehouseError {
    WarehouseError::unexpected("the columns of results", "columns of other types")
}
