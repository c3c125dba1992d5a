//! The record of changes: who entered and left with each run, read back run by run.

use std::sync::Arc;

use domain::{TagKey, Time, UserSet};
use tags::{Change, TagSlot};

use super::{bitmap, read};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::RowReader;
use crate::store::Store;

/// A run whose changes are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedRun {
    /// Its number.
    pub run: u64,
    /// The instant of what it recorded: its own, or where it looked back that of the latest run before it, for the
    /// instant of recorded history never goes back.
    pub at: Time,
}

/// What a run changed of one tag, or of one value of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunChange {
    /// The run.
    pub run: u64,
    /// Who entered and left.
    pub change: Change,
}

impl Store {
    /// The runs whose members are known, the oldest first. Of the first only the members after it are known, of the
    /// others also what they changed.
    ///
    /// # Errors
    /// What the engine says.
    pub fn recorded_runs(&self) -> Result<Vec<RecordedRun>, WarehouseError> {
        runs(&mut *self.connection()?)
    }

    /// The users who were known in a run; `None` for one that is not recorded.
    ///
    /// # Errors
    /// What the engine says.
    pub fn known_in_run(&self, run: u64) -> Result<Option<UserSet>, WarehouseError> {
        let sql = "SELECT universe FROM runs WHERE run = {run:UInt64}";
        let params = Params::new().integer("run", run);
        let bytes = self.connection()?.query(sql, &params, Format::RowBinary)?;
        let mut row = RowReader::new(&bytes);
        (!row.is_empty())
            .then(|| bitmap::read(row.text()?))
            .transpose()
    }

    /// What the runs after one and up to another changed of some tags, the newest first; `None` where the changes after
    /// that run are not all kept any more.
    ///
    /// # Errors
    /// What the engine says.
    pub fn changes_between(
        &self,
        tags: &[TagKey],
        after: u64,
        last: u64,
    ) -> Result<Option<Vec<RunChange>>, WarehouseError> {
        let keys: Vec<&str> = tags.iter().map(TagKey::as_str).collect();
        let params = Params::new()
            .integer("after", after)
            .integer("last", last)
            .texts("tags", &keys);
        let asked = "run > {after:UInt64} AND run <= {last:UInt64} AND tag IN {tags:Array(String)}";
        let sql = format!(
            "SELECT run, tag, value, entered, left FROM membership_changes WHERE {asked} \
            UNION ALL SELECT run, tag, value, members, unhex('0000') FROM first_members WHERE {asked}"
        );
        let connection = &mut *self.connection()?;
        let mut changes = rows(connection, &sql, &params)?;
        changes.sort_by_key(|change| std::cmp::Reverse(change.run));
        // Asked last: what was folded meanwhile is missing.
        let is_whole = base(connection)? <= after;
        Ok(is_whole.then_some(changes))
    }

    /// Whether anybody ever entered a tag, as far as is recorded.
    ///
    /// # Errors
    /// What the engine says.
    pub fn is_recorded(&self, tag: &TagKey) -> Result<bool, WarehouseError> {
        let sql = "SELECT count() FROM tag_changes WHERE tag = {tag:String}";
        let params = Params::new().text("tag", tag.as_str());
        let bytes = self.connection()?.query(sql, &params, Format::RowBinary)?;
        Ok(RowReader::new(&bytes).u64()? > 0)
    }
}

/// The run with which the record begins; 0 where nothing was folded.
fn base(connection: &mut Connection) -> Result<u64, WarehouseError> {
    let sql = "SELECT max(run) FROM record_bases";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    RowReader::new(&bytes).u64()
}

/// See [`Store::recorded_runs`].
pub(super) fn runs(connection: &mut Connection) -> Result<Vec<RecordedRun>, WarehouseError> {
    let sql = "SELECT run, toUnixTimestamp64Milli(max(now) OVER (ORDER BY run)) FROM runs \
        WHERE run >= (SELECT max(run) FROM record_bases) ORDER BY run";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    let mut reader = RowReader::new(&bytes);
    let mut runs = Vec::new();
    while !reader.is_empty() {
        runs.push(RecordedRun {
            run: reader.u64()?,
            at: Time::from_millis(reader.i64()?),
        });
    }
    Ok(runs)
}

/// The rows of a query for run, tag, value, who entered and who left.
pub(super) fn rows(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
) -> Result<Vec<RunChange>, WarehouseError> {
    let mut found = Vec::new();
    for rows in connection.stream(sql, params, Format::RowBinary)? {
        let rows = rows?;
        let mut rows = RowReader::new(rows.bytes());
        while !rows.is_empty() {
            let run = rows.u64()?;
            let slot = TagSlot {
                tag: read::key(rows.str()?)?,
                value: match rows.u8()? {
                    0 => Some(Arc::from(rows.str()?)),
                    _ => None,
                },
            };
            let change = Change {
                slot,
                entered: Arc::new(bitmap::read(rows.text()?)?),
                left: Arc::new(bitmap::read(rows.text()?)?),
            };
            found.push(RunChange { run, change });
        }
    }
    Ok(found)
}
