//! Settings of the workspace, and the numbering of arrivals.

use domain::Zone;
use sqlx::Row;

use crate::counters::{self, Counter};
use crate::{Catalog, Error};

const TIMEZONE: &str = "timezone";

impl Catalog {
    /// The zone of the workspace's calendar days; UTC until another is set.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a zone that this binary does not know.
    pub async fn timezone(&self) -> Result<Zone, Error> {
        let query = sqlx::query("select value from settings where name = ?").bind(TIMEZONE);
        let Some(row) = query.fetch_optional(self.pool()).await? else {
            return Ok(Zone::utc());
        };
        Zone::named(row.try_get(0)?).map_err(|error| Error::Damaged {
            reason: error.to_string(),
        })
    }

    /// Sets the zone of the workspace's calendar days.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_timezone(&self, zone: &Zone) -> Result<(), Error> {
        let mut writing = self.write().await?;
        let query = sqlx::query("replace into settings (name, value) values (?, ?)");
        query
            .bind(TIMEZONE)
            .bind(zone.name())
            .execute(&mut *writing)
            .await?;
        // Calendar days decide who has a tag, as definitions do.
        counters::advance(&mut writing, Counter::Revision, 1).await?;
        writing.commit().await?;
        Ok(())
    }

    /// Takes the next `count` numbers of arrival; the first of them. No number is given twice.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn reserve_arrivals(&self, count: u64) -> Result<u64, Error> {
        let mut writing = self.write().await?;
        let first = counters::advance(&mut writing, Counter::Arrival, count).await?;
        writing.commit().await?;
        Ok(first)
    }
}
