//! Computations of tags: that they begin, are ready, and how they end.

use domain::Time;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::freshness::{EndingRun, TagOutcome};
use crate::number::stored;
use crate::{Catalog, Error};

/// The number of a computation. Later ones have greater numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub u64);

/// How a computation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// It has not ended, or the process ended first.
    Running,
    /// Its results are stored.
    Succeeded {
        /// How many users it looked at.
        users: u64,
    },
    /// Nothing of it counts.
    Failed {
        /// Why, in words for people.
        error: String,
    },
}

/// One computation of tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// Its number.
    pub id: RunId,
    /// The instant as of which it computes.
    pub as_of: Time,
    /// When it started.
    pub started_at: Time,
    /// When it ended; `None` while it runs.
    pub finished_at: Option<Time>,
    /// How it ended.
    pub status: RunStatus,
}

impl Catalog {
    /// Writes that a computation starts.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn begin_run(&self, as_of: Time, started_at: Time) -> Result<RunId, Error> {
        let mut writing = self.write().await?;
        let last: i64 = sqlx::query("select coalesce(max(run_id), 0) from runs")
            .fetch_one(&mut *writing)
            .await?
            .try_get(0)?;
        let sql =
            "insert into runs (run_id, as_of, started_at, status) values (?, ?, ?, 'running')";
        let query = sqlx::query(sql)
            .bind(last + 1)
            .bind(as_of.millis())
            .bind(started_at.millis());
        query.execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(RunId((last + 1).unsigned_abs()))
    }

    /// Writes what a computation has found before its results are stored under a number: where the
    /// process ends between the two, [`Catalog::settle_runs`] sees by the results which came first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown run, [`Error::Conflict`] for one that has ended.
    pub async fn prepare_run(
        &self,
        id: RunId,
        results: u64,
        end: &RunEnd,
        outcomes: &[TagOutcome],
    ) -> Result<(), Error> {
        let found = serde_json::to_string(outcomes).map_err(|error| Error::Invalid {
            problem: format!("the outcomes of a run cannot be written as JSON: {error}"),
        })?;
        let mut writing = self.write().await?;
        let sql = "update runs set results = ?, users = ?, finished_at = ?, found = ? \
                   where run_id = ? and status = 'running'";
        let query = sqlx::query(sql)
            .bind(stored(results)?)
            .bind(stored(end.users)?)
            .bind(end.finished_at.millis())
            .bind(found)
            .bind(stored(id.0)?);
        if query.execute(&mut *writing).await?.rows_affected() == 0 {
            return Err(not_running(&mut writing, id).await?);
        }
        writing.commit().await?;
        Ok(())
    }

    /// Writes that a computation succeeded, and what it found, at once.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown run, [`Error::Conflict`] for one that has ended.
    pub async fn succeed_run(
        &self,
        id: RunId,
        end: &RunEnd,
        outcomes: &[TagOutcome],
    ) -> Result<(), Error> {
        self.succeed(id, end, outcomes).await
    }

    /// Writes that a computation failed, and why each of its tags did.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown run, [`Error::Conflict`] for one that has ended.
    pub async fn fail_run(
        &self,
        id: RunId,
        error: &str,
        finished_at: Time,
        outcomes: &[TagOutcome],
    ) -> Result<(), Error> {
        let mut writing = self.write().await?;
        end_run(&mut writing, id, ("failed", None, Some(error)), finished_at).await?;
        let end = RunEnd {
            finished_at,
            users: 0,
        };
        let run = ending(&mut writing, id, end).await?;
        self.note_outcomes(writing, run, outcomes).await
    }

    /// Ends the computations that a process left behind when it was killed, given the number of the
    /// newest results that are stored: one whose results are those has succeeded, all others have
    /// failed. Says how many there were. For the start of the one process that computes.
    ///
    /// # Errors
    /// When the store cannot be written; [`Error::Damaged`] for outcomes that cannot be read back.
    pub async fn settle_runs(&self, results: Option<u64>, at: Time) -> Result<u64, Error> {
        let left =
            "select run_id, results, users, finished_at, found from runs where status = 'running'";
        let left = sqlx::query(left).fetch_all(self.pool()).await?;
        for row in &left {
            let id = RunId(row.try_get::<i64, _>("run_id")?.unsigned_abs());
            let stored_as = row.try_get::<Option<i64>, _>("results")?;
            let is_stored = stored_as.is_some_and(|number| Some(number.unsigned_abs()) == results);
            let found: Option<String> = row.try_get("found")?;
            match found.filter(|_| is_stored) {
                Some(found) => {
                    let outcomes: Vec<TagOutcome> =
                        serde_json::from_str(&found).map_err(|error| Error::Damaged {
                            reason: format!("the outcomes of run {} cannot be read: {error}", id.0),
                        })?;
                    let end = RunEnd {
                        finished_at: Time::from_millis(row.try_get("finished_at")?),
                        users: row.try_get::<i64, _>("users")?.unsigned_abs(),
                    };
                    self.succeed(id, &end, &outcomes).await?;
                }
                None => {
                    let error = Some("the process ended before the computation did");
                    let mut writing = self.write().await?;
                    end_run(&mut writing, id, ("failed", None, error), at).await?;
                    writing.commit().await?;
                }
            }
        }
        Ok(left.len() as u64)
    }

    async fn succeed(&self, id: RunId, end: &RunEnd, outcomes: &[TagOutcome]) -> Result<(), Error> {
        let mut writing = self.write().await?;
        let users = Some(stored(end.users)?);
        let status = ("succeeded", users, None);
        end_run(&mut writing, id, status, end.finished_at).await?;
        let run = ending(&mut writing, id, *end).await?;
        self.note_outcomes(writing, run, outcomes).await
    }

    /// The newest computations, the last one first.
    ///
    /// # Errors
    /// [`Error::Damaged`] for one that cannot be read back.
    pub async fn runs(&self, newest: u32) -> Result<Vec<RunRecord>, Error> {
        let sql = "select run_id, as_of, started_at, finished_at, status, users, error from runs \
                   order by run_id desc limit ?";
        let rows = sqlx::query(sql).bind(newest).fetch_all(self.pool()).await?;
        rows.iter().map(record).collect()
    }

    /// The last computation that succeeded.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it cannot be read back.
    pub async fn last_success(&self) -> Result<Option<RunRecord>, Error> {
        let sql = "select run_id, as_of, started_at, finished_at, status, users, error from runs \
                   where status = 'succeeded' order by run_id desc limit 1";
        let row = sqlx::query(sql).fetch_optional(self.pool()).await?;
        row.as_ref().map(record).transpose()
    }
}

/// What a computation that succeeded leaves in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunEnd {
    /// When it ended.
    pub finished_at: Time,
    /// How many users it looked at.
    pub users: u64,
}

/// A run that ends so.
async fn ending(
    writing: &mut SqliteConnection,
    id: RunId,
    end: RunEnd,
) -> Result<EndingRun, Error> {
    let sql = "select started_at from runs where run_id = ?";
    let row = sqlx::query(sql).bind(stored(id.0)?);
    let started_at = row.fetch_one(writing).await?.try_get("started_at")?;
    Ok(EndingRun {
        id,
        started_at: Time::from_millis(started_at),
        end,
    })
}

async fn end_run(
    writing: &mut SqliteConnection,
    id: RunId,
    (status, users, error): (&str, Option<i64>, Option<&str>),
    finished_at: Time,
) -> Result<(), Error> {
    let sql = "update runs set status = ?, users = ?, error = ?, finished_at = ?, found = null \
               where run_id = ? and status = 'running'";
    let query = sqlx::query(sql)
        .bind(status)
        .bind(users)
        .bind(error)
        .bind(finished_at.millis())
        .bind(stored(id.0)?);
    if query.execute(&mut *writing).await?.rows_affected() > 0 {
        return Ok(());
    }
    Err(not_running(writing, id).await?)
}

/// Why a run cannot end.
async fn not_running(writing: &mut SqliteConnection, id: RunId) -> Result<Error, Error> {
    let known = sqlx::query("select status from runs where run_id = ?").bind(stored(id.0)?);
    Ok(match known.fetch_optional(writing).await? {
        None => Error::NotFound {
            what: "run",
            key: id.0.to_string(),
            hint: None,
        },
        Some(row) => Error::Conflict {
            problem: format!(
                "the run {} has ended already: it {}",
                id.0,
                row.try_get::<&str, _>(0)?
            ),
        },
    })
}

fn record(row: &SqliteRow) -> Result<RunRecord, Error> {
    let status = match row.try_get("status")? {
        "running" => RunStatus::Running,
        "succeeded" => RunStatus::Succeeded {
            users: row.try_get::<i64, _>("users")?.unsigned_abs(),
        },
        "failed" => RunStatus::Failed {
            error: row.try_get("error")?,
        },
        other => {
            return Err(Error::Damaged {
                reason: format!("a run has the unknown status `{other}`"),
            });
        }
    };
    Ok(RunRecord {
        id: RunId(row.try_get::<i64, _>("run_id")?.unsigned_abs()),
        as_of: Time::from_millis(row.try_get("as_of")?),
        started_at: Time::from_millis(row.try_get("started_at")?),
        finished_at: row
            .try_get::<Option<i64>, _>("finished_at")?
            .map(Time::from_millis),
        status,
    })
}
