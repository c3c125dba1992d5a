//! Which tags are asked for, to the day: what nobody asks for may be archived.

use std::collections::BTreeMap;

use domain::{Date, TagKey};
use sqlx::Row;

use crate::{Catalog, Error};

impl Catalog {
    /// Notes that somebody asked for some tags on a day.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn note_asked(&self, tags: &[TagKey], day: Date) -> Result<(), Error> {
        let mut writing = self.write().await?;
        for tag in tags {
            let sql = "replace into tags_asked_for (tag_key, asked_on) values (?, ?)";
            let query = sqlx::query(sql)
                .bind(tag.as_str())
                .bind(i64::from(day.days()));
            query.execute(&mut *writing).await?;
        }
        writing.commit().await?;
        Ok(())
    }

    /// The last day on which somebody asked for each tag that anybody ever asked for.
    ///
    /// # Errors
    /// [`Error::Damaged`] for one that cannot be read back.
    pub async fn asked_for(&self) -> Result<BTreeMap<TagKey, Date>, Error> {
        let rows = sqlx::query("select tag_key, asked_on from tags_asked_for")
            .fetch_all(self.pool())
            .await?;
        let damaged = |reason: String| Error::Damaged { reason };
        rows.iter()
            .map(|row| {
                let key =
                    TagKey::new(row.try_get(0)?).map_err(|error| damaged(error.to_string()))?;
                let day: i64 = row.try_get(1)?;
                let day = i32::try_from(day).map_err(|_| damaged(format!("`{day}` is no day")))?;
                Ok((key, Date::from_days(day)))
            })
            .collect()
    }
}
