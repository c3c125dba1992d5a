//! Tags set and unset by hand: who did it when, and why. What was written stays; the last setting of a key counts.

use domain::{TagKey, Time};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::{Catalog, Error};

/// A tag set or unset for one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The tag.
    pub tag: TagKey,
    /// The key of the user as it was written.
    pub user: String,
    /// The canonical text of the value, empty where the tag has none; `None`: it was unset.
    pub value: Option<String>,
    /// Who did it.
    pub author: String,
    /// Why; empty where nothing was said.
    pub reason: String,
    /// When.
    pub at: Time,
}

/// Letters of the longest author.
const LONGEST_AUTHOR: usize = 512;

impl Catalog {
    /// Writes a setting.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an author of more than 512 letters; when the store cannot be written.
    pub async fn set_by_hand(&self, setting: &Setting) -> Result<(), Error> {
        if setting.author.chars().count() > LONGEST_AUTHOR {
            return Err(Error::Invalid {
                problem: format!("an author has at most {LONGEST_AUTHOR} letters"),
            });
        }
        let mut writing = self.write().await?;
        let last: i64 = sqlx::query("select coalesce(max(setting_id), 0) from tag_settings")
            .fetch_one(&mut *writing)
            .await?
            .try_get(0)?;
        let sql = "insert into tag_settings (setting_id, tag_key, user_key, value, author, reason, set_at) \
                   values (?, ?, ?, ?, ?, ?, ?)";
        let query = sqlx::query(sql).bind(last + 1).bind(setting.tag.as_str());
        let query = query.bind(&setting.user).bind(setting.value.as_deref());
        let query = query.bind(&setting.author).bind(&setting.reason);
        let query = query.bind(setting.at.millis());
        query.execute(&mut *writing).await?;
        writing.commit().await?;
        self.touched.tag(&setting.tag);
        Ok(())
    }

    /// The last setting of each key for a tag, in the order in which they were made.
    ///
    /// # Errors
    /// [`Error::Damaged`] for one that cannot be read back.
    pub async fn settings_by_hand(&self, tag: &TagKey) -> Result<Vec<Setting>, Error> {
        let sql = "select tag_key, user_key, value, author, reason, set_at from tag_settings where setting_id in \
                   (select max(setting_id) from tag_settings where tag_key = ? group by user_key) \
                   order by setting_id";
        let query = sqlx::query(sql).bind(tag.as_str());
        let rows = query.fetch_all(self.pool()).await?;
        rows.iter().map(setting).collect()
    }
}

fn setting(row: &SqliteRow) -> Result<Setting, Error> {
    let tag = TagKey::new(row.try_get("tag_key")?).map_err(|error| Error::Damaged {
        reason: error.to_string(),
    })?;
    Ok(Setting {
        tag,
        user: row.try_get("user_key")?,
        value: row.try_get("value")?,
        author: row.try_get("author")?,
        reason: row.try_get("reason")?,
        at: Time::from_millis(row.try_get("set_at")?),
    })
}

/// Forgets all settings of a tag.
pub(crate) async fn forget(writing: &mut SqliteConnection, tag: &TagKey) -> Result<(), Error> {
    let query = sqlx::query("delete from tag_settings where tag_key = ?").bind(tag.as_str());
    query.execute(writing).await?;
    Ok(())
}
