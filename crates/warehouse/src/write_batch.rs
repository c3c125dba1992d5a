//! Rows on their way into the store, gathered as columns.

mod columns;

use std::sync::atomic::Ordering;

use domain::{EventType, Position, Time, UserKey, UserNumber};
use identity::Statement;

use self::columns::{EventColumns, TraitColumns};
use crate::WarehouseError;
use crate::batches::{self, BatchNumber, BatchOrigin};
use crate::chdb::{Connection, InsertFormat};
use crate::homes::{self, Home};
use crate::known::News;
use crate::row_binary::RowWriter;
use crate::statistics::{self, BatchStatistics};
use crate::store::Store;

/// An event without its properties.
#[derive(Clone, Copy, Debug)]
pub struct EventRow<'text> {
    /// The user who owns it.
    pub user: UserNumber,
    /// The identity that it came with.
    pub identity: UserNumber,
    /// When it happened.
    pub time: Time,
    /// The order of arrival among events of the same time; see [`Position::arrival`].
    pub arrival: u64,
    /// The place in the source's own order.
    pub position: Position,
    /// The call that brought it.
    pub event_type: EventType,
    /// Its name.
    pub name: &'text str,
    /// The source that brought it.
    pub source: &'text str,
    /// The source's id of it, hashed; 0 is none.
    pub message: u128,
}

/// A change of attributes without the attributes.
#[derive(Clone, Copy, Debug)]
pub struct TraitRow<'text> {
    /// The user whose attributes change.
    pub user: UserNumber,
    /// The identity that it came with.
    pub identity: UserNumber,
    /// When it happened.
    pub time: Time,
    /// The order of arrival among changes of the same time.
    pub arrival: u64,
    /// The source that brought it.
    pub source: &'text str,
    /// The source's id of it, hashed; 0 is none.
    pub message: u128,
}

/// Rows that enter the store together, or not at all. 100,000 to 1,000,000 rows make good batches.
#[derive(Debug, Default)]
pub struct WriteBatch {
    origin: BatchOrigin,
    users: Vec<(UserNumber, UserKey)>,
    statements: Vec<Statement>,
    /// The keys of the identities that statements name.
    keys: Vec<(UserNumber, UserKey)>,
    homes: Vec<Home>,
    events: EventColumns,
    traits: TraitColumns,
    statistics: BatchStatistics,
}

impl WriteBatch {
    /// A batch without rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says which import the rows come from, and how far it is with them.
    pub fn comes_from(&mut self, origin: BatchOrigin) {
        self.origin = origin;
    }

    /// The number of events and changes of attributes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len() + self.traits.len()
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && self.users.is_empty() && self.statements.is_empty()
    }

    /// About the size of the rows, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.events.bytes() + self.traits.bytes()
    }

    /// Adds a new user.
    pub fn user(&mut self, number: UserNumber, key: &UserKey) {
        self.users.push((number, key.clone()));
    }

    /// Adds what was said about two identities, whose keys are given.
    pub fn statement(&mut self, statement: &Statement, one: &UserKey, other: &UserKey) {
        self.statements.push(*statement);
        self.keys.push((statement.one, one.clone()));
        self.keys.push((statement.other, other.clone()));
    }

    /// Says that the rows of an identity that has none in the store lie at a user, from this batch on.
    pub fn home(&mut self, identity: UserNumber, user: UserNumber) {
        self.homes.push(Home {
            identity,
            user,
            former: user,
        });
    }

    /// Adds an event with its properties: pairs of dotted path and stored text, each path once.
    pub fn event<P: AsRef<str>, V: AsRef<str>>(
        &mut self,
        row: &EventRow<'_>,
        properties: &[(P, V)],
    ) {
        self.events
            .push(row, properties, self.statistics.event(row.name));
    }

    /// Adds a change of attributes: pairs of dotted path and stored text, each path once.
    pub fn traits<P: AsRef<str>, V: AsRef<str>>(&mut self, row: &TraitRow<'_>, traits: &[(P, V)]) {
        self.traits.push(row, traits, self.statistics.traits());
    }
}

impl Store {
    /// The rows of an import's source that are in the store.
    ///
    /// # Errors
    /// What the engine says.
    pub fn imported(&self, import: u64) -> Result<u64, WarehouseError> {
        batches::imported(&mut *self.connection()?, import)
    }

    /// Writes a batch and returns its number; once that is returned, the rows survive a crash. After an error none of
    /// its rows is in the store.
    ///
    /// # Errors
    /// What the engine says.
    pub fn write(&self, batch: &WriteBatch) -> Result<BatchNumber, WarehouseError> {
        let _write = self.writes().begin();
        let number = self.next_batch();
        if batch.is_empty() && batch.origin == BatchOrigin::default() {
            return Ok(number);
        }
        let mut connection = self.connection()?;
        batches::begin(&mut connection, number)?;
        // First, so that whoever sees a row finds its values counted. Those of a batch that fails stay counted until the
        // store is opened again: at worst a column is wider than it need be.
        let statistics = self.known().statistics();
        statistics.change(|known| batch.statistics.add_to(known));
        if let Err(error) = insert_all(&mut connection, batch, number) {
            batches::take_back(&mut connection, number)?;
            return Err(error);
        }
        batches::finish(&mut connection, number, batch.origin)?;
        self.known().add(&News {
            users: &batch.users,
            statements: &batch.statements,
            keys: &batch.keys,
        });
        let latest = batch.events.latest().max(batch.traits.latest());
        self.known().note_row(latest.map(Time::from_millis));
        let homes = batch.homes.iter().map(|home| (home.identity, home.user));
        self.known().add_homes(homes);
        if !batch.statements.is_empty() {
            self.moves_are_due().store(true, Ordering::SeqCst);
        }
        Ok(number)
    }
}

fn insert_all(
    connection: &mut Connection,
    batch: &WriteBatch,
    number: BatchNumber,
) -> Result<(), WarehouseError> {
    let (counted, rows) = batch.statistics.encode(number);
    insert(
        connection,
        statistics::INSERT,
        InsertFormat::RowBinary,
        counted.bytes(),
        rows,
    )?;
    let users = encode_users(&batch.users, number);
    let sql = "INSERT INTO users (number, kind, key, batch)";
    insert(
        connection,
        sql,
        InsertFormat::RowBinary,
        users.bytes(),
        batch.users.len(),
    )?;
    let statements = encode_statements(&batch.statements, number);
    let sql = "INSERT INTO identity_statements (time, arrival, relation, one, other, batch)";
    insert(
        connection,
        sql,
        InsertFormat::RowBinary,
        statements.bytes(),
        batch.statements.len(),
    )?;
    homes::insert_homes(connection, &batch.homes, number)?;
    let events = batch.events.encode(number);
    insert(
        connection,
        columns::INSERT_EVENTS,
        InsertFormat::Native,
        events.bytes(),
        batch.events.len(),
    )?;
    drop(events);
    let traits = batch.traits.encode(number);
    insert(
        connection,
        columns::INSERT_TRAITS,
        InsertFormat::Native,
        traits.bytes(),
        batch.traits.len(),
    )
}

fn encode_users(users: &[(UserNumber, UserKey)], batch: BatchNumber) -> RowWriter {
    let mut rows = RowWriter::with_capacity(users.len() * 40);
    for (number, key) in users {
        rows.u32(number.0);
        rows.text(key.kind().name().as_bytes());
        rows.text(key.text().as_bytes());
        rows.u64(batch.0);
    }
    rows
}

fn encode_statements(statements: &[Statement], batch: BatchNumber) -> RowWriter {
    let mut rows = RowWriter::with_capacity(statements.len() * 40);
    for statement in statements {
        rows.i64(statement.moment.time.millis());
        rows.u64(statement.moment.arrival);
        rows.text(statement.relation.name().as_bytes());
        rows.u32(statement.one.0);
        rows.u32(statement.other.0);
        rows.u64(batch.0);
    }
    rows
}

/// How many bytes go to the engine at a time.
const PIECE: usize = 1 << 20;

pub(crate) fn insert(
    connection: &mut Connection,
    sql: &str,
    format: InsertFormat,
    bytes: &[u8],
    rows: usize,
) -> Result<(), WarehouseError> {
    if rows == 0 {
        return Ok(());
    }
    let mut insert = connection.insert(sql, format)?;
    for piece in bytes.chunks(PIECE) {
        insert.append(piece)?;
    }
    let written = insert.finish()?.rows;
    if written == rows as u64 {
        Ok(())
    } else {
        Err(WarehouseError::unexpected(
            format!("{rows} rows written"),
            written.to_string(),
        ))
    }
}
