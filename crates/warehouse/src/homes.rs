//! Rows lie with the user who owns their identity: what was written before it became so is moved, many identities at
//! once, so that everyone's histories are read as they lie.
//!
//! A move is a batch that copies the rows to where they belong, followed by their deletion where they lay. A crash
//! before the batch is done takes the copies back, one after it is followed by the deletion when the store is opened.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use domain::UserNumber;

use crate::WarehouseError;
use crate::batches::{self, BatchNumber, BatchOrigin};
use crate::chdb::{Connection, Format, InsertFormat, Params};
use crate::row_binary::{RowReader, RowWriter};
use crate::store::Store;
use crate::write_batch::insert;

/// Where the rows of an identity lie from a batch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    pub(crate) identity: UserNumber,
    pub(crate) user: UserNumber,
    /// Where they lay; the same as `user` where there were none.
    pub(crate) former: UserNumber,
}

/// The tables of rows that have an owner.
const TABLES: [&str; 2] = ["events", "traits"];

impl Store {
    /// Moves rows whose identity belongs to another user than when they were written; gives the number of such
    /// identities. Reading histories does it where it is due.
    ///
    /// # Errors
    /// What the engine says.
    pub fn move_home(&self) -> Result<usize, WarehouseError> {
        let _alone = self
            .moving()
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        self.moves_are_due().store(false, Ordering::SeqCst);
        let homes = self.due_moves();
        if homes.is_empty() {
            return Ok(0);
        }
        let _write = self.writes().begin();
        let mut connection = self.connection()?;
        let batch = self.next_batch();
        batches::begin(&mut connection, batch)?;
        if let Err(error) = copy(&mut connection, &homes, batch) {
            batches::take_back(&mut connection, batch)?;
            self.moves_are_due().store(true, Ordering::SeqCst);
            return Err(error);
        }
        batches::finish(&mut connection, batch, BatchOrigin::default())?;
        let moved = homes.iter().map(|home| (home.identity, home.user));
        self.known().add_homes(moved);
        clear(&mut connection, batch)?;
        tracing::info!(
            identities = homes.len(),
            "rows were moved to the users who own them now"
        );
        Ok(homes.len())
    }

    /// As [`Store::move_home`], if anything was said about identities since.
    pub(crate) fn move_home_if_due(&self) -> Result<(), WarehouseError> {
        if self.moves_are_due().load(Ordering::SeqCst) {
            self.move_home()?;
        }
        Ok(())
    }

    fn due_moves(&self) -> Vec<Home> {
        let (identities, homes) = (self.identities(), self.homes());
        let owned = identities.users().flat_map(|linked| {
            let owner = linked.number();
            let owned = linked.identities.iter();
            owned.filter_map(move |identity| Some((*identity, owner?)))
        });
        let moves = owned.filter_map(|(identity, user)| {
            let former = homes.get(&identity).copied().unwrap_or(identity);
            (former != user).then_some(Home {
                identity,
                user,
                former,
            })
        });
        moves.collect()
    }
}

/// Deletes, where they lay, the rows of moves that a crash has cut short.
pub(crate) fn clear_all(connection: &mut Connection) -> Result<(), WarehouseError> {
    let sql = "SELECT DISTINCT batch FROM identity_homes WHERE former != user \
               AND batch NOT IN (SELECT batch FROM batches WHERE step = 4) ORDER BY batch";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    while !rows.is_empty() {
        clear(connection, BatchNumber(rows.u64()?))?;
    }
    Ok(())
}

fn copy(
    connection: &mut Connection,
    homes: &[Home],
    batch: BatchNumber,
) -> Result<(), WarehouseError> {
    insert_homes(connection, homes, batch)?;
    for table in TABLES {
        let sql = format!(
            "INSERT INTO {table} SELECT rows.* REPLACE (homes.user AS user, {{batch:UInt64}} AS batch) \
             FROM {table} AS rows INNER JOIN \
             (SELECT identity, user, former FROM identity_homes WHERE batch = {{batch:UInt64}}) AS homes \
             ON rows.identity = homes.identity AND rows.user = homes.former \
             WHERE rows.user IN (SELECT former FROM identity_homes WHERE batch = {{batch:UInt64}})"
        );
        connection.execute(&sql, &Params::new().integer("batch", batch.0))?;
    }
    Ok(())
}

/// Deletes the rows that a batch has moved where they lay.
fn clear(connection: &mut Connection, batch: BatchNumber) -> Result<(), WarehouseError> {
    let BatchNumber(number) = batch;
    for table in TABLES {
        let sql = format!(
            "DELETE FROM {table} WHERE batch < {number} AND (user, identity) IN \
             (SELECT former, identity FROM identity_homes WHERE batch = {number} AND former != user) \
             SETTINGS lightweight_deletes_sync = 2"
        );
        connection.execute(&sql, &Params::new())?;
    }
    batches::clear(connection, batch)
}

/// Writes where rows of identities lie.
pub(crate) fn insert_homes(
    connection: &mut Connection,
    homes: &[Home],
    batch: BatchNumber,
) -> Result<(), WarehouseError> {
    let mut rows = RowWriter::with_capacity(homes.len() * 20);
    for home in homes {
        rows.u32(home.identity.0);
        rows.u32(home.user.0);
        rows.u32(home.former.0);
        rows.u64(batch.0);
    }
    let sql = "INSERT INTO identity_homes (identity, user, former, batch)";
    insert(
        connection,
        sql,
        InsertFormat::RowBinary,
        rows.bytes(),
        homes.len(),
    )
}
