//! A batch of rows is wholly in the store or not at all, although the engine's inserts are atomic only part by part:
//! it is recorded before its first row and after its last, and rows of batches without the second record are taken
//! back when the store is opened.

use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::RowReader;

/// The tables whose rows belong to a batch.
const TABLES: &[&str] = &[
    "events",
    "traits",
    "users",
    "property_statistics",
    "identity_statements",
    "identity_homes",
];

/// The number of a batch: greater than all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchNumber(pub u64);

/// Which import a batch belongs to, and how far that import is once the batch is in the store: kept with the batch,
/// so that an interrupted import goes on exactly behind what is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchOrigin {
    /// The number of the import in the ledger; 0 is none.
    pub import: u64,
    /// The rows of its source that are done with this batch.
    pub position: u64,
}

/// How far a batch has come.
#[derive(Clone, Copy)]
enum Step {
    Begun = 1,
    Done = 2,
    TakenBack = 3,
    /// Rows that were moved by the batch are gone from where they lay.
    Cleared = 4,
}

/// The greatest number that a batch has had.
pub(crate) fn last(connection: &mut Connection) -> Result<u64, WarehouseError> {
    let bytes = connection.query(
        "SELECT max(batch) FROM batches",
        &Params::new(),
        Format::RowBinary,
    )?;
    RowReader::new(&bytes).u64()
}

/// Records that rows of a new batch will follow.
pub(crate) fn begin(connection: &mut Connection, batch: BatchNumber) -> Result<(), WarehouseError> {
    record(connection, batch, Step::Begun, BatchOrigin::default())
}

/// Records that all rows of a batch are in their tables.
pub(crate) fn finish(
    connection: &mut Connection,
    batch: BatchNumber,
    origin: BatchOrigin,
) -> Result<(), WarehouseError> {
    record(connection, batch, Step::Done, origin)
}

/// Records that the rows which a batch has moved are gone from where they lay.
pub(crate) fn clear(connection: &mut Connection, batch: BatchNumber) -> Result<(), WarehouseError> {
    record(connection, batch, Step::Cleared, BatchOrigin::default())
}

/// The rows of an import's source that are in the store.
pub(crate) fn imported(connection: &mut Connection, import: u64) -> Result<u64, WarehouseError> {
    let bytes = connection.query(
        "SELECT max(position) FROM batches WHERE step = 2 AND import = {import:UInt64}",
        &Params::new().integer("import", import),
        Format::RowBinary,
    )?;
    RowReader::new(&bytes).u64()
}

/// Deletes what a batch has written, and records it.
pub(crate) fn take_back(
    connection: &mut Connection,
    batch: BatchNumber,
) -> Result<(), WarehouseError> {
    let params = Params::new().integer("batch", batch.0);
    for table in TABLES {
        let found = connection.query(
            &format!("SELECT count() FROM {table} WHERE batch = {{batch:UInt64}}"),
            &params,
            Format::RowBinary,
        )?;
        if RowReader::new(&found).u64()? > 0 {
            let sql = format!(
                "ALTER TABLE {table} DELETE WHERE batch = {} SETTINGS mutations_sync = 2",
                batch.0
            );
            connection.execute(&sql, &Params::new())?;
        }
    }
    record(connection, batch, Step::TakenBack, BatchOrigin::default())
}

/// Takes back the batches that were begun and not done.
pub(crate) fn take_back_unfinished(connection: &mut Connection) -> Result<(), WarehouseError> {
    let sql = "SELECT batch FROM batches GROUP BY batch HAVING max(step) = 1 ORDER BY batch";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    while !rows.is_empty() {
        let batch = BatchNumber(rows.u64()?);
        take_back(connection, batch)?;
        tracing::warn!(
            batch = batch.0,
            "a batch that was cut short was taken back: send it again"
        );
    }
    Ok(())
}

fn record(
    connection: &mut Connection,
    batch: BatchNumber,
    step: Step,
    origin: BatchOrigin,
) -> Result<(), WarehouseError> {
    connection.execute(
        "INSERT INTO batches (batch, step, import, position) \
         SELECT {batch:UInt64}, {step:UInt8}, {import:UInt64}, {position:UInt64}",
        &Params::new()
            .integer("batch", batch.0)
            .integer("step", step as u8)
            .integer("import", origin.import)
            .integer("position", origin.position),
    )
}
