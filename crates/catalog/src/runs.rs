//! Computations of tags, and what the last one that looked at a tag found.

use domain::{TagKey, Time};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

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

/// What a computation found about one tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagOutcome {
    /// The tag.
    pub key: TagKey,
    /// The version of its definition that was computed.
    pub version: u64,
    /// How many users have it, or why it could not be computed, in words for its author.
    pub result: Result<u64, String>,
}

/// The last outcome of a tag beside the last success before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRun {
    /// The tag.
    pub key: TagKey,
    /// The version of its definition that was computed last.
    pub version: u64,
    /// The last computation that looked at it.
    pub run: RunId,
    /// How many users had it after the last computation that succeeded for it.
    pub users: Option<u64>,
    /// The last computation that succeeded for it.
    pub succeeded: Option<RunId>,
    /// Why the last computation failed for it; `None` if it succeeded.
    pub error: Option<String>,
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
        let mut writing = self.write().await?;
        let users = Some(stored(end.users)?);
        end_run(
            &mut writing,
            id,
            ("succeeded", users, None),
            end.finished_at,
        )
        .await?;
        for outcome in outcomes {
            write_outcome(&mut writing, id, outcome).await?;
        }
        writing.commit().await?;
        Ok(())
    }

    /// Writes that a computation failed. The outcomes of its tags stay those of earlier ones.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown run, [`Error::Conflict`] for one that has ended.
    pub async fn fail_run(&self, id: RunId, error: &str, finished_at: Time) -> Result<(), Error> {
        let mut writing = self.write().await?;
        end_run(&mut writing, id, ("failed", None, Some(error)), finished_at).await?;
        writing.commit().await?;
        Ok(())
    }

    /// Marks the computations that a process left behind when it was killed as failed; says how
    /// many there were. For the start of the one process that computes.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn fail_abandoned_runs(&self, at: Time) -> Result<u64, Error> {
        let mut writing = self.write().await?;
        let sql = "update runs set status = 'failed', finished_at = ?, \
                   error = 'the process ended before the computation did' where status = 'running'";
        let done = sqlx::query(sql)
            .bind(at.millis())
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(done.rows_affected())
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

    /// What is known of each tag that was ever computed and is still defined.
    ///
    /// # Errors
    /// [`Error::Damaged`] for one that cannot be read back.
    pub async fn tag_runs(&self) -> Result<Vec<TagRun>, Error> {
        let sql = "select o.tag_key, o.version, o.run_id, o.users, o.succeeded, o.error from tag_outcomes o \
                   join definitions d on d.kind = 'tag' and d.definition_key = o.tag_key and d.removed_at is null \
                   order by o.tag_key";
        let rows = sqlx::query(sql).fetch_all(self.pool()).await?;
        rows.iter().map(tag_run).collect()
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

async fn end_run(
    writing: &mut SqliteConnection,
    id: RunId,
    (status, users, error): (&str, Option<i64>, Option<&str>),
    finished_at: Time,
) -> Result<(), Error> {
    let sql = "update runs set status = ?, users = ?, error = ?, finished_at = ? where run_id = ? and status = 'running'";
    let query = sqlx::query(sql)
        .bind(status)
        .bind(users)
        .bind(error)
        .bind(finished_at.millis());
    let run_id = stored(id.0)?;
    if query
        .bind(run_id)
        .execute(&mut *writing)
        .await?
        .rows_affected()
        > 0
    {
        return Ok(());
    }
    let known = sqlx::query("select status from runs where run_id = ?").bind(run_id);
    match known.fetch_optional(writing).await? {
        None => Err(Error::NotFound {
            what: "run",
            key: id.0.to_string(),
            hint: None,
        }),
        Some(row) => Err(Error::Conflict {
            problem: format!(
                "the run {} has ended already: it {}",
                id.0,
                row.try_get::<&str, _>(0)?
            ),
        }),
    }
}

async fn write_outcome(
    writing: &mut SqliteConnection,
    run: RunId,
    outcome: &TagOutcome,
) -> Result<(), Error> {
    let (run_id, version) = (stored(run.0)?, stored(outcome.version)?);
    let key = outcome.key.as_str();
    match &outcome.result {
        Ok(users) => {
            let sql = "replace into tag_outcomes (tag_key, version, run_id, users, succeeded, error) \
                       values (?, ?, ?, ?, ?, null)";
            let query = sqlx::query(sql).bind(key).bind(version).bind(run_id);
            query
                .bind(stored(*users)?)
                .bind(run_id)
                .execute(writing)
                .await?;
        }
        Err(error) => {
            let sql =
                "update tag_outcomes set version = ?, run_id = ?, error = ? where tag_key = ?";
            let query = sqlx::query(sql)
                .bind(version)
                .bind(run_id)
                .bind(error)
                .bind(key);
            if query.execute(&mut *writing).await?.rows_affected() == 0 {
                let sql = "insert into tag_outcomes (tag_key, version, run_id, error) values (?, ?, ?, ?)";
                let query = sqlx::query(sql)
                    .bind(key)
                    .bind(version)
                    .bind(run_id)
                    .bind(error);
                query.execute(writing).await?;
            }
        }
    }
    Ok(())
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

fn tag_run(row: &SqliteRow) -> Result<TagRun, Error> {
    let number = |column: &str| {
        row.try_get::<Option<i64>, _>(column)
            .map(|number| number.map(i64::unsigned_abs))
    };
    let key = TagKey::new(row.try_get("tag_key")?).map_err(|error| Error::Damaged {
        reason: error.to_string(),
    })?;
    Ok(TagRun {
        key,
        version: number("version")?.unwrap_or(0),
        run: RunId(number("run_id")?.unwrap_or(0)),
        users: number("users")?,
        succeeded: number("succeeded")?.map(RunId),
        error: row.try_get("error")?,
    })
}
