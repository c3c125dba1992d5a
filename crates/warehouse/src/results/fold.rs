//! Folds what runs recorded long ago into the members of then, so that the record does not grow for ever.
//!
//! The members are written beside what they stand for, and count from the one row on that says so; only then is what
//! they stand for removed. A crash in between leaves rows that nobody reads, and the next folding removes them.

use std::collections::BTreeMap;

use domain::{Span, Time, UserSet};
use tags::TagSlot;

use super::record::{self, RecordedRun, RunChange};
use super::write::{self, INSERT_BYTES};
use super::{bitmap, pieces};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::native::Block;
use crate::row_binary::RowReader;
use crate::store::{PooledConnection, Store};

/// Changes are folded once so great a part of the retention lies before it.
const PART: i64 = 8;

/// Folds changes older than the store keeps them, where they are enough; `now` is the instant of the newest run.
pub(super) fn fold(store: &Store, now: Time) -> Result<(), WarehouseError> {
    let Some(retention) = store.change_retention() else {
        return Ok(());
    };
    let connection = &mut *store.connection()?;
    let runs = record::runs(connection)?;
    let Some(base) = base(&runs, now, retention, &own_instants(connection)?) else {
        return Ok(());
    };
    write::drop_partitions(connection, "base_members", &format!("= {base}"))?;
    let mut connections = super::connections(store)?;
    write_members(&mut connections, connection, base)?;
    let params = Params::new().integer("run", base);
    let commit = "INSERT INTO record_bases (run) SELECT {run:UInt64}";
    connection.execute(commit, &params)?;
    forget_before(connection, base)?;
    tracing::info!(
        run = base,
        "changes of tags that are older than they are kept were folded into the members of then"
    );
    Ok(())
}

/// The runs that have the greatest instant so far: the record can begin with each of them.
fn own_instants(connection: &mut Connection) -> Result<Vec<u64>, WarehouseError> {
    let sql = "SELECT run FROM (SELECT run, now, max(now) OVER (ORDER BY run) AS at FROM runs) WHERE now = at ORDER BY run";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    let mut reader = RowReader::new(&bytes);
    let mut runs = Vec::new();
    while !reader.is_empty() {
        runs.push(reader.u64()?);
    }
    Ok(runs)
}

/// The run with which the record is to begin; `None` where it may stay as it is.
fn base(runs: &[RecordedRun], now: Time, retention: Span, own: &[u64]) -> Option<u64> {
    let edge = now.millis().saturating_sub(retention.millis());
    let first = runs.first()?;
    let is_old =
        |run: &&RecordedRun| run.at.millis() <= edge && own.binary_search(&run.run).is_ok();
    let base = runs.iter().rev().find(is_old)?;
    let is_enough = base.at.since(first.at).millis() >= retention.millis() / PART;
    (base.run > first.run && is_enough).then_some(base.run)
}

/// A stretch of tags by their keys, both ends included.
struct Stretch {
    first: String,
    last: String,
}

/// Writes the members after a run, some tags after others.
fn write_members(
    connections: &mut [PooledConnection<'_>],
    connection: &mut Connection,
    base: u64,
) -> Result<(), WarehouseError> {
    let stretches: Vec<(u32, Stretch)> = (0..).zip(stretches(connection, base)?).collect();
    pieces::each(connections, &stretches, |connection, (number, stretch)| {
        let members = members(connection, base, stretch)?;
        let block = block(base, *number, &members);
        let sql = "INSERT INTO base_members (run, slot, tag, value, members)";
        write::insert(connection, sql, &block)
    })
    .map(drop)
}

/// What is folded of each stretch takes about as many bytes as an insert.
fn stretches(connection: &mut Connection, base: u64) -> Result<Vec<Stretch>, WarehouseError> {
    let sql = "SELECT tag, sum(bytes)::UInt64 FROM ( \
        SELECT tag, length(entered) + length(left) AS bytes FROM membership_changes WHERE run <= {base:UInt64} \
        UNION ALL SELECT tag, length(members) FROM first_members WHERE run <= {base:UInt64} \
        UNION ALL SELECT tag, length(members) FROM base_members WHERE run < {base:UInt64} \
        ) GROUP BY tag ORDER BY tag";
    let params = Params::new().integer("base", base);
    let bytes = connection.query(sql, &params, Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut room = 0;
    while !rows.is_empty() {
        let tag = rows.str()?;
        let size = usize::try_from(rows.u64()?).unwrap_or(usize::MAX);
        match stretches.last_mut().filter(|_| size <= room) {
            Some(stretch) => {
                room -= size;
                tag.clone_into(&mut stretch.last);
            }
            None => {
                room = INSERT_BYTES.saturating_sub(size);
                stretches.push(Stretch {
                    first: tag.to_owned(),
                    last: tag.to_owned(),
                });
            }
        }
    }
    Ok(stretches)
}

/// The members after a run of the tags of a stretch: who entered and did not leave since.
fn members(
    connection: &mut Connection,
    base: u64,
    stretch: &Stretch,
) -> Result<BTreeMap<TagSlot, UserSet>, WarehouseError> {
    let asked = "run > (SELECT max(run) FROM record_bases) AND run <= {base:UInt64} \
        AND tag >= {first:String} AND tag <= {last:String}";
    let sql = format!(
        "SELECT run, tag, value, entered, left FROM membership_changes WHERE {asked} \
        UNION ALL SELECT run, tag, value, members, unhex('0000') FROM first_members WHERE {asked} \
        UNION ALL SELECT run, tag, value, members, unhex('0000') FROM base_members \
        WHERE run = (SELECT max(run) FROM record_bases) AND tag >= {{first:String}} AND tag <= {{last:String}}"
    );
    let params = Params::new()
        .integer("base", base)
        .text("first", &stretch.first)
        .text("last", &stretch.last);
    let mut changes = record::rows(connection, &sql, &params)?;
    changes.sort_by_key(|change| change.run);
    let mut members: BTreeMap<TagSlot, UserSet> = BTreeMap::new();
    for RunChange { change, .. } in changes {
        let set = members.entry(change.slot).or_default();
        *set = set.minus(&change.left).or(&change.entered);
    }
    members.retain(|_, set| !set.is_empty());
    Ok(members)
}

fn block(base: u64, stretch: u32, members: &BTreeMap<TagSlot, UserSet>) -> Block {
    let mut block = Block::new(5, members.len());
    block.u64_everywhere("run", base);
    block.u32s("slot", &vec![stretch; members.len()]);
    write::write_slots(&mut block, members.keys());
    block.texts_with("members", |out| {
        members.values().for_each(|set| bitmap::write(set, out));
    });
    block
}

/// Removes what the members after a run stand for.
fn forget_before(connection: &mut Connection, base: u64) -> Result<(), WarehouseError> {
    for condition in [
        format!("membership_changes DELETE WHERE run <= {base}"),
        format!("runs DELETE WHERE run < {base}"),
    ] {
        let sql = format!("ALTER TABLE {condition} SETTINGS mutations_sync = 2");
        connection.execute(&sql, &Params::new())?;
    }
    write::drop_partitions(connection, "first_members", &format!("<= {base}"))?;
    write::drop_partitions(connection, "base_members", &format!("< {base}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(days: &[i64]) -> Vec<RecordedRun> {
        let run = |(run, day): (u64, &i64)| RecordedRun {
            run,
            at: Time::from_millis(day * Span::DAY.millis()),
        };
        (1..).zip(days).map(run).collect()
    }

    #[test]
    fn a_record_is_folded_once_an_eighth_of_the_retention_lies_before_it() {
        let retention = Span::from_millis(8 * Span::DAY.millis());
        let folded = |days: &[i64], own: &[u64]| {
            let runs = runs(days);
            let now = runs.last().unwrap().at;
            base(&runs, now, retention, own)
        };
        assert_eq!(folded(&[0, 1, 2, 3], &[1, 2, 3, 4]), None, "all is kept");
        assert_eq!(folded(&[0, 8], &[1, 2]), None, "it begins where it should");
        assert_eq!(folded(&[0, 1, 9], &[1, 2, 3]), Some(2));
        assert_eq!(
            folded(&[0, 1, 1, 9], &[1, 2, 4]),
            Some(2),
            "a run that looked back is no beginning"
        );
        assert_eq!(folded(&[5], &[1]), None);
    }
}
