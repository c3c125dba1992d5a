//! Queries that people write: read only, over views that are meant for them, within limits.
//!
//! A query runs on a connection of its own that may only read and has limits of time, rows and memory. Because that
//! alone still lets a query read files and other people's queries, it is looked at first (`gate`): the engine's parser
//! must take it for one reading statement, and its syntax tree may hold nothing but what is allowed by name. Then the
//! engine resolves all names (`resolved`), and what it found must be the same views. Only then it runs.
//!
//! The engine looks whether it should stop between blocks of rows. A query that spends too long in one call is left
//! alone: its connection is not used again, and it ends when the call does.

mod answer;
mod functions;
mod gate;
mod limits;
mod query_tree;
mod reads;
mod refusal;
mod resolved;
mod tree;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use domain::{Kind, Time};

pub use self::answer::{QueryAnswer, QueryRow};
pub use self::limits::{Limit, QueryLimits};
pub use self::reads::QueryReads;
use self::refusal::Refusal;
pub use self::refusal::{QueryProblem, QueryProblemKind};
use crate::WarehouseError;
use crate::chdb::{CLICKHOUSE_VERSION, Cancel, Connection, Params};
use crate::store::{Store, schema_version};

/// What a query reads and returns, found without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryShape {
    /// What it reads.
    pub reads: QueryReads,
    /// The kind of its second column, if it has one: truth, number or text.
    pub value: Option<Kind>,
    /// The names of its columns.
    columns: Vec<String>,
}

/// A query in its sandbox: a connection that is used for one query.
pub struct Sandbox<'store> {
    store: &'store Store,
    connection: Connection,
    limits: QueryLimits,
    params: Params,
}

/// What looks at queries: the engine, and the views that are there.
#[must_use]
pub fn sandbox_version() -> String {
    format!("{CLICKHOUSE_VERSION} {}", schema_version())
}

/// How much longer than its time a query may take to stop.
const GRACE: Duration = Duration::from_secs(2);

/// So many queries that did not stop are borne; while they run, no other begins.
const MOST_STUBBORN: usize = 2;

impl Store {
    /// A sandbox for one query that sees the data as of an instant: nothing later, and of events what is kept then.
    ///
    /// # Errors
    /// What the engine says; earlier queries that have not stopped.
    pub fn sandbox(&self, limits: QueryLimits, now: Time) -> Result<Sandbox<'_>, QueryProblem> {
        let failed = |error: WarehouseError| QueryProblem::of_engine(&error, "", 0);
        if self.stubborn().load(Ordering::SeqCst) >= MOST_STUBBORN {
            return Err(Refusal::TooManyStubborn.problem());
        }
        self.move_home_if_due().map_err(failed)?;
        let settings = limits.settings(self.database(), now, self.kept_since(now));
        let connection = self.engine().connect_with(self.database(), &settings);
        Ok(Sandbox {
            store: self,
            connection: connection.map_err(failed)?,
            limits,
            params: Params::new().text("now", written(now)),
        })
    }
}

impl Sandbox<'_> {
    /// A way to stop the query, from any thread.
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        self.connection.cancel()
    }

    /// Tells what a query reads and returns, or why it may not run, without running it.
    ///
    /// # Errors
    /// Why it may not run.
    pub fn check(self, sql: &str) -> Result<QueryShape, QueryProblem> {
        self.watched(sql, check)
    }

    /// Checks a query and runs it.
    ///
    /// # Errors
    /// Why it may not run, or was stopped.
    pub fn run(self, sql: &str) -> Result<QueryAnswer, QueryProblem> {
        self.watched(sql, |connection, sql, params| {
            let shape = check(connection, sql, params)?;
            answer::read(connection, sql, params, shape)
        })
    }

    /// Works on a thread of its own, which is left alone when it does not stop.
    fn watched<T: Send + 'static>(
        self,
        sql: &str,
        work: impl FnOnce(&mut Connection, &str, &Params) -> Result<T, QueryProblem> + Send + 'static,
    ) -> Result<T, QueryProblem> {
        let _here = self
            .store
            .moving()
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let (mut connection, params) = (self.connection, self.params);
        let (cancel, sql) = (connection.cancel(), gate::trimmed(sql).to_owned());
        let (sender, receiver) = mpsc::channel();
        let stubborn = Arc::clone(self.store.stubborn());
        let one_is_done = Arc::new(AtomicBool::new(false));
        let thread_is_done = Arc::clone(&one_is_done);
        let thread = thread::Builder::new().name("query".to_owned());
        let spawned = thread.spawn(move || {
            let result = work(&mut connection, &sql, &params);
            drop(connection);
            let _ = sender.send(result);
            // Nobody waited any more: the query was counted as one that does not stop.
            if thread_is_done.swap(true, Ordering::SeqCst) {
                stubborn.fetch_sub(1, Ordering::SeqCst);
            }
        });
        if let Err(error) = spawned {
            let reason = error.to_string();
            return Err(Refusal::Failed { reason }.problem());
        }
        // Checking, resolving names and running are three statements, each with its own time.
        if let Ok(result) = receiver.recv_timeout(self.limits.time.saturating_mul(3) + GRACE) {
            return result;
        }
        if let Err(error) = cancel.cancel() {
            tracing::warn!(%error, "a query could not be stopped");
        }
        if let Ok(result) = receiver.recv_timeout(GRACE) {
            return result;
        }
        self.store.stubborn().fetch_add(1, Ordering::SeqCst);
        if one_is_done.swap(true, Ordering::SeqCst) {
            self.store.stubborn().fetch_sub(1, Ordering::SeqCst);
        }
        let limit = Limit::Time;
        Err(Refusal::Stubborn { limit }.problem())
    }
}

/// What a query reads and returns, if it may run.
fn check(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
) -> Result<QueryShape, QueryProblem> {
    let views = gate::check(connection, sql, params)?;
    let reads = resolved::check(connection, sql, params, views)?;
    let (columns, value) = answer::describe(connection, sql, params)?;
    Ok(QueryShape {
        reads,
        value,
        columns,
    })
}

/// An instant as the engine reads it: `2026-11-26 08:00:00.000`, in UTC.
fn written(now: Time) -> String {
    let text = now.to_string();
    let text = text.trim_end_matches('Z').replace('T', " ");
    if text.contains('.') {
        text
    } else {
        format!("{text}.000")
    }
}
