//! How fresh each tag is: what the last computation that looked at it found, and the last that
//! succeeded.

use domain::{LocalizedText, Span, TagKey, Time};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

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

impl Catalog {
    /// How fresh each tag is that was ever computed and is still defined, in the order of keys.
    ///
    /// # Errors
    /// [`Error::Damaged`] for one that cannot be read back.
    pub async fn freshness(&self) -> Result<Vec<TagFreshness>, Error> {
        let sql = "select f.* from tag_freshness f \
                   join definitions d on d.kind = 'tag' and d.definition_key = f.tag_key and d.removed_at is null \
                   order by f.tag_key";
        let rows = sqlx::query(sql).fetch_all(self.pool()).await?;
        rows.iter().map(freshness).collect()
    }
}

/// Notes what a computation found about a tag.
pub(crate) async fn write_outcome(
    writing: &mut SqliteConnection,
    run: (RunId, Time),
    end: &RunEnd,
    outcome: &TagOutcome,
) -> Result<(), Error> {
    if update(writing, run, end, outcome).await? == 0 {
        let (_, started_at) = run;
        let sql = "insert into tag_freshness (tag_key, attempted_version, attempted_at, failures) values (?, ?, ?, 0)";
        let query = sqlx::query(sql).bind(outcome.key.as_str());
        let query = query.bind(stored(outcome.version)?);
        query
            .bind(started_at.millis())
            .execute(&mut *writing)
            .await?;
        update(writing, run, end, outcome).await?;
    }
    Ok(())
}

/// Notes it in the row of the tag; how many rows there are.
async fn update(
    writing: &mut SqliteConnection,
    (run, started_at): (RunId, Time),
    end: &RunEnd,
    outcome: &TagOutcome,
) -> Result<u64, Error> {
    let version = stored(outcome.version)?;
    let took = end.finished_at.since(started_at).millis();
    let query = match &outcome.result {
        TagResult::Computed(members) => sqlx::query(
            "update tag_freshness set version = ?, users = ?, as_of = ?, batch = ?, fingerprint = ?, left_out = ?, \
             run_id = ?, succeeded_at = ?, duration_ms = ?, failures = 0, error_zh = null, error_en = null, \
             attempted_version = ?, attempted_at = ? where tag_key = ?",
        )
        .bind(version)
        .bind(stored(members.users)?)
        .bind(members.as_of.millis())
        .bind(stored(members.batch)?)
        .bind(members.fingerprint.cast_signed())
        .bind(stored(members.left_out)?)
        .bind(stored(run.0)?)
        .bind(end.finished_at.millis())
        .bind(took),
        TagResult::Unchanged { as_of, batch } => sqlx::query(
            "update tag_freshness set version = ?, as_of = ?, batch = ?, run_id = ?, succeeded_at = ?, duration_ms = ?, \
             failures = 0, error_zh = null, error_en = null, attempted_version = ?, attempted_at = ? where tag_key = ?",
        )
        .bind(version)
        .bind(as_of.millis())
        .bind(stored(*batch)?)
        .bind(stored(run.0)?)
        .bind(end.finished_at.millis())
        .bind(took),
        TagResult::Failed(error) => sqlx::query(
            "update tag_freshness set failures = failures + 1, error_zh = ?, error_en = ?, \
             attempted_version = ?, attempted_at = ? where tag_key = ?",
        )
        .bind(&error.zh)
        .bind(&error.en),
    };
    let query = query.bind(version).bind(started_at.millis());
    let done = query.bind(outcome.key.as_str()).execute(writing).await?;
    Ok(done.rows_affected())
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
