//! What people supply goes with the tag that it was supplied for.

use domain::{TagBody, TagDefinition};
use sqlx::{Row, SqliteConnection};

use crate::definitions::{Sort, read, row_of};
use crate::{Error, loads, settings_by_hand};

/// Members that people supplied are of one type: a tag that has such members does not become another. One that was
/// removed before, and is another now, forgets them.
pub(crate) async fn keep_apart(
    writing: &mut SqliteConnection,
    tag: &TagDefinition,
) -> Result<(), Error> {
    let Some(row) = row_of(writing, Sort::Tag, tag.key.as_str()).await? else {
        return Ok(());
    };
    let before: TagDefinition = read(&row.definition, Sort::Tag, tag.key.as_str())?;
    if !matches!(before.body, TagBody::Supplied(_)) || before.body == tag.body {
        return Ok(());
    }
    if row.removed_at.is_some() {
        loads::forget(writing, &tag.key).await?;
        return settings_by_hand::forget(writing, &tag.key).await;
    }
    let sql = "select (select count(*) from tag_loads where tag_key = ?) \
               + (select count(*) from tag_settings where tag_key = ?)";
    let query = sqlx::query(sql).bind(tag.key.as_str());
    let query = query.bind(tag.key.as_str());
    if query.fetch_one(writing).await?.try_get::<i64, _>(0)? == 0 {
        return Ok(());
    }
    Err(Error::Conflict {
        problem: format!(
            "tag `{}` has members that people supplied, of another sort or type: \
             give the new tag a key of its own, or remove this one first",
            tag.key
        ),
    })
}
