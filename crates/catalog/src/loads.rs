//! The members of imported tags: loaded beside those that count, and then put in their place at once.

use domain::{TagKey, Time};
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use crate::number::stored;
use crate::{Catalog, Digest, Error};

/// Rows of one statement; SQLite takes 32,766 parameters.
const ROWS_PER_STATEMENT: usize = 1_000;

/// The number of an import of a tag's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadId(u64);

/// An import of a tag's members that is about to begin, or to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadStart {
    /// Whose members.
    pub tag: TagKey,
    /// The content of the source.
    pub source: Digest,
    /// How it is read, and what becomes of it.
    pub mapping: Digest,
}

/// How far an import of members is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Its number.
    pub id: LoadId,
    /// Rows of the source that are behind it.
    pub position: u64,
    /// Those among them that were refused.
    pub rejected: u64,
}

/// What becomes of the members that a tag has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadMode {
    /// They are members no more.
    Replace,
    /// They stay, unless they come with another value.
    Add,
}

/// A member of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppliedMember {
    /// The key of the user as it is written.
    pub user: String,
    /// The canonical text of the value; empty, where the tag has none.
    pub value: String,
}

/// The members of an imported tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// In the order in which they came.
    pub members: Vec<SuppliedMember>,
    /// When the last import became current; `None` where there was none.
    pub as_of: Option<Time>,
}

impl Catalog {
    /// Begins an import of members, or finds where the same one was interrupted. Others of the tag that were
    /// interrupted are given up.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn open_load(&self, start: &LoadStart, at: Time) -> Result<Load, Error> {
        let mut writing = self.write().await?;
        let sql = "select load_id, position, rows_rejected, source_digest, mapping_digest from tag_loads \
                   where tag_key = ? and state = 'open'";
        let open = sqlx::query(sql).bind(start.tag.as_str());
        let (source, mapping) = (start.source.to_string(), start.mapping.to_string());
        for row in open.fetch_all(&mut *writing).await? {
            let number = |column: &str| row.try_get::<i64, _>(column).map(i64::unsigned_abs);
            let load = Load {
                id: LoadId(number("load_id")?),
                position: number("position")?,
                rejected: number("rows_rejected")?,
            };
            let is_same = source == row.try_get::<&str, _>("source_digest")?
                && mapping == row.try_get::<&str, _>("mapping_digest")?;
            if is_same {
                writing.commit().await?;
                return Ok(load);
            }
            remove(&mut writing, load.id).await?;
        }
        let last: i64 = sqlx::query("select coalesce(max(load_id), 0) from tag_loads")
            .fetch_one(&mut *writing)
            .await?
            .try_get(0)?;
        let sql = "insert into tag_loads (load_id, tag_key, source_digest, mapping_digest, state, position, \
                   rows_rejected, as_of) values (?, ?, ?, ?, 'open', 0, 0, ?)";
        let query = sqlx::query(sql).bind(last + 1).bind(start.tag.as_str());
        let query = query.bind(source).bind(mapping).bind(at.millis());
        query.execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(Load {
            id: LoadId((last + 1).unsigned_abs()),
            position: 0,
            rejected: 0,
        })
    }

    /// Keeps rows of an import, and how far it is, at once. A user who comes again has the later value.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn advance_load(
        &self,
        load: &Load,
        members: &[(u64, SuppliedMember)],
    ) -> Result<(), Error> {
        let mut writing = self.write().await?;
        let id = stored(load.id.0)?;
        for rows in members.chunks(ROWS_PER_STATEMENT) {
            // Safe: the text is made of nothing but question marks.
            let places = vec!["(?, ?, ?, ?)"; rows.len()].join(", ");
            let sql = format!(
                "replace into tag_load_rows (load_id, user_key, value, place) values {places}"
            );
            let is_usual = rows.len() == ROWS_PER_STATEMENT;
            let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(is_usual);
            for (place, member) in rows {
                query = query.bind(id).bind(&member.user).bind(&member.value);
                query = query.bind(stored(*place)?);
            }
            query.execute(&mut *writing).await?;
        }
        let sql = "update tag_loads set position = ?, rows_rejected = ? where load_id = ?";
        let query = sqlx::query(sql).bind(stored(load.position)?);
        let query = query.bind(stored(load.rejected)?).bind(id);
        query.execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(())
    }

    /// How many different values the members of an import have.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn load_values(&self, load: &Load) -> Result<u64, Error> {
        let sql = "select count(distinct value) from tag_load_rows where load_id = ?";
        let row = sqlx::query(sql).bind(stored(load.id.0)?);
        let count: i64 = row.fetch_one(self.pool()).await?.try_get(0)?;
        Ok(count.unsigned_abs())
    }

    /// Gives an import up.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn abandon_load(&self, load: &Load) -> Result<(), Error> {
        let mut writing = self.write().await?;
        remove(&mut writing, load.id).await?;
        writing.commit().await?;
        Ok(())
    }

    /// Makes the members of an import those of its tag, or some of them. From then on they are as of that instant.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn finish_load(
        &self,
        tag: &TagKey,
        (load, mode): (&Load, LoadMode),
        at: Time,
    ) -> Result<(), Error> {
        let mut writing = self.write().await?;
        let current = current(&mut writing, tag).await?;
        let id = stored(load.id.0)?;
        if let Some((old, _)) = current {
            if mode == LoadMode::Add {
                let sql = "replace into tag_load_rows (load_id, user_key, value, place) \
                           select ?, user_key, value, place from tag_load_rows old where load_id = ? and \
                           not exists (select 1 from tag_load_rows new where new.load_id = ? \
                           and new.user_key = old.user_key)";
                let last =
                    "select coalesce(max(place), 0) + 1 from tag_load_rows where load_id = ?";
                let last = sqlx::query(last).bind(stored(old.0)?);
                let last: i64 = last.fetch_one(&mut *writing).await?.try_get(0)?;
                let behind = "update tag_load_rows set place = place + ? where load_id = ?";
                let query = sqlx::query(behind).bind(last).bind(id);
                query.execute(&mut *writing).await?;
                let query = sqlx::query(sql).bind(id).bind(stored(old.0)?).bind(id);
                query.execute(&mut *writing).await?;
            }
            remove(&mut writing, old).await?;
        }
        let sql = "update tag_loads set state = 'current', as_of = ? where load_id = ?";
        let query = sqlx::query(sql).bind(at.millis()).bind(id);
        query.execute(&mut *writing).await?;
        writing.commit().await?;
        self.touched.tag(tag);
        Ok(())
    }

    /// Who has an imported tag.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn imported(&self, tag: &TagKey) -> Result<Imported, Error> {
        let mut reading = self.pool().begin().await?;
        let Some((load, as_of)) = current(&mut reading, tag).await? else {
            return Ok(Imported::default());
        };
        let sql = "select user_key, value from tag_load_rows where load_id = ? order by place";
        let query = sqlx::query_as::<_, (String, String)>(sql).bind(stored(load.0)?);
        let member = |(user, value)| SuppliedMember { user, value };
        let rows = query.fetch_all(&mut *reading).await?;
        Ok(Imported {
            members: rows.into_iter().map(member).collect(),
            as_of: Some(as_of),
        })
    }
}

/// The import whose members count.
async fn current(
    connection: &mut SqliteConnection,
    tag: &TagKey,
) -> Result<Option<(LoadId, Time)>, Error> {
    let sql = "select load_id, as_of from tag_loads where tag_key = ? and state = 'current'";
    let query = sqlx::query(sql).bind(tag.as_str());
    let Some(row) = query.fetch_optional(connection).await? else {
        return Ok(None);
    };
    let id = LoadId(row.try_get::<i64, _>("load_id")?.unsigned_abs());
    Ok(Some((id, Time::from_millis(row.try_get("as_of")?))))
}

async fn remove(writing: &mut SqliteConnection, load: LoadId) -> Result<(), Error> {
    for sql in [
        "delete from tag_load_rows where load_id = ?",
        "delete from tag_loads where load_id = ?",
    ] {
        let query = sqlx::query(sql).bind(stored(load.0)?);
        query.execute(&mut *writing).await?;
    }
    Ok(())
}

/// Forgets all imports of a tag.
pub(crate) async fn forget(writing: &mut SqliteConnection, tag: &TagKey) -> Result<(), Error> {
    for sql in [
        "delete from tag_load_rows where load_id in (select load_id from tag_loads where tag_key = ?)",
        "delete from tag_loads where tag_key = ?",
    ] {
        let query = sqlx::query(sql).bind(tag.as_str());
        query.execute(&mut *writing).await?;
    }
    Ok(())
}
