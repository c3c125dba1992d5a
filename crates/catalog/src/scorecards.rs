//! What was learned about lookalikes, with the definition from which it was.

use std::collections::BTreeMap;

use domain::{Lookalike, Scorecard, TagKey};
use serde::Serialize;
use sqlx::Row;

use crate::{Catalog, Error};

/// What was learned about a lookalike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnedLookalike {
    /// The definition from which it was learned; another one has to be learned anew.
    pub lookalike: Lookalike,
    /// What was learned.
    pub card: Scorecard,
}

impl Catalog {
    /// What was learned last about each lookalike.
    ///
    /// # Errors
    /// [`Error::Damaged`] for what cannot be read back.
    pub async fn scorecards(&self) -> Result<BTreeMap<TagKey, LearnedLookalike>, Error> {
        let sql = "select tag_key, lookalike, card from scorecards order by tag_key";
        let rows = sqlx::query(sql).fetch_all(self.pool()).await?;
        let damaged = |reason: String| Error::Damaged { reason };
        let mut learned = BTreeMap::new();
        for row in &rows {
            let key = TagKey::new(row.try_get("tag_key")?);
            let key = key.map_err(|error| damaged(error.to_string()))?;
            let (lookalike, card): (&str, &str) = (row.try_get("lookalike")?, row.try_get("card")?);
            let unread = |error: serde_json::Error| {
                damaged(format!("what was learned about tag `{key}`: {error}"))
            };
            let one = LearnedLookalike {
                lookalike: serde_json::from_str(lookalike).map_err(unread)?,
                card: serde_json::from_str(card).map_err(unread)?,
            };
            learned.insert(key, one);
        }
        Ok(learned)
    }

    /// Keeps what was learned about a lookalike, in the place of what was before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_scorecard(
        &self,
        key: &TagKey,
        lookalike: &Lookalike,
        card: &Scorecard,
    ) -> Result<(), Error> {
        let mut writing = self.write().await?;
        let sql = "replace into scorecards (tag_key, lookalike, card) values (?, ?, ?)";
        let query = sqlx::query(sql).bind(key.as_str());
        let query = query.bind(json(lookalike)?).bind(json(card)?);
        query.execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(())
    }
}

fn json(of: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(of).map_err(|error| Error::Damaged {
        reason: error.to_string(),
    })
}
