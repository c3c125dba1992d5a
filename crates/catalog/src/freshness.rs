//! How fresh each tag is: what the last computation that looked at it found, and the last that
//! succeeded.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{LocalizedText, Span, TagKey, Time};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, SqliteConnection, Transaction};

use crate::number::stored;
use crate::runs::{RunEnd, RunId};
use crate::{Catalog, Error};

/// What a computation found about one tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagOutcome {
    /// The tag.
    pub key: TagKey,
    /// The version of its definition that was looked at.
    pub version: u64,
    /// Who has it, or why it could not be computed.
    pub result: TagResult,
}

/// What became of one tag in a computation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagResult {
    /// Its members are those of this computation.
    Computed(Members),
    /// Nothing that they follow from has changed: its members are true as of this computation too.
    Unchanged {
        /// The instant as of which they are true.
        as_of: Time,
        /// The last batch of rows that was looked at.
        batch: u64,
    },
    /// It could not be computed, in words for its author; the members before stay.
    Failed(LocalizedText),
}

/// The members of a tag in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// How many users have the tag.
    pub users: u64,
    /// The instant as of which this is true.
    pub as_of: Time,
    /// The last batch of rows that is in them.
    pub batch: u64,
    /// What they follow from beside rows and time, in short.
    pub fingerprint: u64,
    /// How many rows of its query named no known user, of a tag that has one.
    #[serde(default)]
    pub left_out: u64,
}

/// How fresh a tag is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagFreshness {
    /// The tag.
    pub key: TagKey,
    /// The last success; `None` before the first.
    pub success: Option<Success>,
    /// The version of the definition that was looked at last.
    pub attempted_version: u64,
    /// When the last attempt began.
    pub attempted_at: Time,
    /// How many attempts have failed since the last success.
    pub failures: u32,
    /// Why the last attempt failed; `None` if it did not.
    pub error: Option<LocalizedText>,
}

/// The last computation that succeeded for a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Success {
    /// The version of the definition that the members follow from.
    pub version: u64,
    /// The computation.
    pub run: RunId,
    /// The members.
    pub members: Members,
    /// When it ended.
    pub at: Time,
    /// How long it took, all tags together.
    pub duration: Span,
}

/// How fresh each tag is, by its key.
pub type AllFreshness = BTreeMap<TagKey, TagFreshness>;

/// A computation that ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndingRun {
    pub id: RunId,
    pub started_at: Time,
    pub end: RunEnd,
}

impl TagFreshness {
    /// How fresh a tag is after a computation has found something about it.
    fn after(before: Option<&Self>, run: &EndingRun, outcome: &TagOutcome) -> Self {
        let last = before.and_then(|before| before.success);
        let success = |members: Members| Success {
            version: outcome.version,
            run: run.id,
            members,
            at: run.end.finished_at,
            duration: run.end.finished_at.since(run.started_at),
        };
        let (success, failures, error) = match &outcome.result {
            TagResult::Computed(members) => (Some(success(*members)), 0, None),
            TagResult::Unchanged { as_of, batch } => {
                let known = last.map(|last| last.members);
                let members = Members {
                    users: known.map_or(0, |known| known.users),
                    as_of: *as_of,
                    batch: *batch,
                    fingerprint: known.map_or(0, |known| known.fingerprint),
                    left_out: known.map_or(0, |known| known.left_out),
                };
                (Some(success(members)), 0, None)
            }
            TagResult::Failed(error) => {
                let failures = before.map_or(0, |before| before.failures);
                (last, failures.saturating_add(1), Some(error.clone()))
            }
        };
        Self {
            key: outcome.key.clone(),
            success,
            attempted_version: outcome.version,
            attempted_at: run.started_at,
            failures,
            error,
        }
    }
}

impl Catalog {
    /// How fresh each tag is that was ever computed, also of those that were removed since; read once, and kept.
    ///
    /// # Errors
    /// [`Error::Damaged`] for one that cannot be read back.
    pub async fn freshness(&self) -> Result<Arc<AllFreshness>, Error> {
        if let Some(kept) = &*self.kept_freshness() {
            return Ok(Arc::clone(kept));
        }
        let all = read_all(&mut *self.pool().acquire().await?).await?;
        // What somebody has written meanwhile is newer.
        let mut kept = self.kept_freshness();
        Ok(Arc::clone(kept.get_or_insert_with(|| Arc::new(all))))
    }

    /// Notes what a computation has found, and commits.
    pub(crate) async fn note_outcomes(
        &self,
        mut writing: Transaction<'static, Sqlite>,
        run: EndingRun,
        outcomes: &[TagOutcome],
    ) -> Result<(), Error> {
        let kept = self.kept_freshness().clone();
        let mut all = match kept {
            Some(kept) => kept,
            None => Arc::new(read_all(&mut writing).await?),
        };
        for outcome in outcomes {
            let after = TagFreshness::after(all.get(&outcome.key), &run, outcome);
            write(&mut writing, &after).await?;
            Arc::make_mut(&mut all).insert(after.key.clone(), after);
        }
        // There is one writer at a time: nobody has seen what was before and has not been seen here.
        *self.kept_freshness() = Some(all);
        let committed = writing.commit().await;
        if committed.is_err() {
            *self.kept_freshness() = None;
        }
        Ok(committed?)
    }
}

async fn read_all(connection: &mut SqliteConnection) -> Result<AllFreshness, Error> {
    let query = sqlx::query("select * from tag_freshness");
    let rows = query.fetch_all(connection).await?;
    let one = |row: &SqliteRow| freshness(row).map(|one| (one.key.clone(), one));
    rows.iter().map(one).collect()
}

/// Writes how fresh a tag is.
async fn write(writing: &mut SqliteConnection, tag: &TagFreshness) -> Result<(), Error> {
    let sql = "replace into tag_freshness (tag_key, version, run_id, users, as_of, succeeded_at, duration_ms, fingerprint, \
               batch, left_out, attempted_version, attempted_at, failures, error_zh, error_en) \
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let success = tag.success.as_ref();
    let number = |number: u64| stored(number);
    let query = sqlx::query(sql)
        .bind(tag.key.as_str())
        .bind(success.map(|last| number(last.version)).transpose()?)
        .bind(success.map(|last| number(last.run.0)).transpose()?)
        .bind(success.map(|last| number(last.members.users)).transpose()?)
        .bind(success.map(|last| last.members.as_of.millis()))
        .bind(success.map(|last| last.at.millis()))
        .bind(success.map(|last| last.duration.millis()))
        .bind(success.map(|last| last.members.fingerprint.cast_signed()))
        .bind(success.map(|last| number(last.members.batch)).transpose()?)
        .bind(number(success.map_or(0, |last| last.members.left_out))?)
        .bind(number(tag.attempted_version)?)
        .bind(tag.attempted_at.millis())
        .bind(i64::from(tag.failures))
        .bind(tag.error.as_ref().map(|error| error.zh.as_str()))
        .bind(tag.error.as_ref().map(|error| error.en.as_str()));
    query.execute(writing).await?;
    Ok(())
}

fn freshness(row: &SqliteRow) -> Result<TagFreshness, Error> {
    let key = TagKey::new(row.try_get("tag_key")?).map_err(|error| Error::Damaged {
        reason: error.to_string(),
    })?;
    let number = |column: &str| row.try_get::<i64, _>(column);
    let error: Option<String> = row.try_get("error_en")?;
    let error = match error {
        Some(en) => Some(LocalizedText {
            zh: row.try_get("error_zh")?,
            en,
        }),
        None => None,
    };
    Ok(TagFreshness {
        key,
        success: success(row)?,
        attempted_version: number("attempted_version")?.unsigned_abs(),
        attempted_at: Time::from_millis(number("attempted_at")?),
        failures: u32::try_from(number("failures")?).unwrap_or(u32::MAX),
        error,
    })
}

fn success(row: &SqliteRow) -> Result<Option<Success>, Error> {
    let number = |column: &str| row.try_get::<Option<i64>, _>(column);
    let Some(run) = number("run_id")? else {
        return Ok(None);
    };
    let or_nothing = |column: &str| number(column).map(Option::unwrap_or_default);
    Ok(Some(Success {
        version: or_nothing("version")?.unsigned_abs(),
        run: RunId(run.unsigned_abs()),
        members: Members {
            users: or_nothing("users")?.unsigned_abs(),
            as_of: Time::from_millis(or_nothing("as_of")?),
            batch: or_nothing("batch")?.unsigned_abs(),
            fingerprint: or_nothing("fingerprint")?.cast_unsigned(),
            left_out: or_nothing("left_out")?.unsigned_abs(),
        },
        at: Time::from_millis(or_nothing("succeeded_at")?),
        duration: Span::from_millis(or_nothing("duration_ms")?),
    }))
}
