//! What was found of the queries of SQL tags, so that no process has to look at them again.

use std::collections::HashMap;

use sqlx::Row;

use crate::{Catalog, Digest, Error};

/// So many are kept; then all are forgotten.
const MOST: i64 = 50_000;

impl Catalog {
    /// What a checker has found of queries, by the digests of their texts.
    ///
    /// # Errors
    /// [`Error::Damaged`] for what cannot be read back.
    pub async fn checked_queries(&self, checker: &str) -> Result<HashMap<Digest, String>, Error> {
        let sql = "select query_digest, found from checked_queries where checker = ?";
        let rows = sqlx::query(sql)
            .bind(checker)
            .fetch_all(self.pool())
            .await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in &rows {
            let digest: &str = row.try_get("query_digest")?;
            found.insert(digest.parse()?, row.try_get("found")?);
        }
        Ok(found)
    }

    /// Keeps what a checker has found of a query, and forgets what others have found.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn keep_checked_query(
        &self,
        checker: &str,
        query: Digest,
        found: &str,
    ) -> Result<(), Error> {
        let mut writing = self.write().await?;
        let count = sqlx::query("select count(*) from checked_queries");
        let count: i64 = count.fetch_one(&mut *writing).await?.try_get(0)?;
        let sql = "delete from checked_queries where checker <> ? or ?";
        let query_of = sqlx::query(sql).bind(checker).bind(count >= MOST);
        query_of.execute(&mut *writing).await?;
        let sql = "replace into checked_queries (query_digest, checker, found) values (?, ?, ?)";
        let put = sqlx::query(sql).bind(query.to_string());
        put.bind(checker).bind(found).execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(())
    }
}
