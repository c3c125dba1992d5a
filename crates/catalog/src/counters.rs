//! Numbers that only grow.

use sqlx::{Row, SqliteConnection};

use crate::Error;

/// What is counted.
#[derive(Clone, Copy)]
pub(crate) enum Counter {
    /// Changes of definitions and of the members of lists.
    Revision,
    /// Events that have arrived.
    Arrival,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Self::Revision => "revision",
            Self::Arrival => "arrival",
        }
    }
}

pub(crate) async fn value(
    connection: &mut SqliteConnection,
    counter: Counter,
) -> Result<u64, Error> {
    let query = sqlx::query("select value from counters where name = ?").bind(counter.name());
    let value: i64 = query.fetch_one(connection).await?.try_get(0)?;
    Ok(value.unsigned_abs())
}

/// Adds to the counter; the value before.
pub(crate) async fn advance(
    writing: &mut SqliteConnection,
    counter: Counter,
    by: u64,
) -> Result<u64, Error> {
    let before = value(writing, counter).await?;
    let after = i64::try_from(before.saturating_add(by)).map_err(|_| Error::Invalid {
        problem: format!("the counter `{}` cannot grow by {by}", counter.name()),
    })?;
    let query = sqlx::query("update counters set value = ? where name = ?");
    query
        .bind(after)
        .bind(counter.name())
        .execute(writing)
        .await?;
    Ok(before)
}
