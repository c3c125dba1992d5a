//! What has come into the store since a batch: which rows, and of whom.

use std::collections::BTreeSet;

use domain::{EventName, Time, UserNumber, UserSet};

use crate::WarehouseError;
use crate::batches::BatchNumber;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::RowReader;
use crate::store::Store;

/// What has come into the store since a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The names of new events.
    pub events: BTreeSet<EventName>,
    /// Whether attributes were set, or holdings.
    pub attributes: bool,
    /// Whether users came, or something was said of identities.
    pub identities: bool,
}

impl News {
    /// Whether nothing has come.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Store {
    /// What has come since a batch. Reads one column of all events, unless nothing has.
    ///
    /// # Errors
    /// What the engine says.
    pub fn news_since(&self, batch: BatchNumber) -> Result<News, WarehouseError> {
        if batch >= self.settled_batch() {
            return Ok(News::default());
        }
        let connection = &mut *self.connection()?;
        let sql = "SELECT DISTINCT name::String FROM events WHERE batch > {batch:UInt64}";
        let params = Params::new().integer("batch", batch.0);
        let bytes = connection.query(sql, &params, Format::RowBinary)?;
        let (mut rows, mut events) = (RowReader::new(&bytes), BTreeSet::new());
        while !rows.is_empty() {
            events.insert(EventName::new(rows.str()?));
        }
        let users = has_rows(connection, "users", batch)?;
        Ok(News {
            events,
            attributes: has_rows(connection, "traits", batch)?,
            identities: users || has_rows(connection, "identity_statements", batch)?,
        })
    }

    /// The users of whom something has come since a batch, as identities stand now.
    ///
    /// # Errors
    /// What the engine says.
    pub fn users_since(&self, batch: BatchNumber) -> Result<UserSet, WarehouseError> {
        let sql = "SELECT DISTINCT identity FROM (\
                   SELECT identity FROM events WHERE batch > {batch:UInt64} UNION ALL \
                   SELECT identity FROM traits WHERE batch > {batch:UInt64} UNION ALL \
                   SELECT number FROM users WHERE batch > {batch:UInt64} UNION ALL \
                   SELECT arrayJoin([one, other]) FROM identity_statements WHERE batch > {batch:UInt64}\
                   ) ORDER BY identity";
        let params = Params::new().integer("batch", batch.0);
        let bytes = self.connection()?.query(sql, &params, Format::RowBinary)?;
        let (mut rows, identities) = (RowReader::new(&bytes), self.identities());
        let mut users = Vec::new();
        while !rows.is_empty() {
            // An identity that was merged away is looked at too: it is nobody now.
            let identity = UserNumber(rows.u32()?);
            users.extend([identity, identities.owner(identity)]);
        }
        users.sort_unstable();
        Ok(users.into_iter().collect())
    }

    /// The time of the latest event or change of attributes; rows later than a computation become
    /// visible with time.
    ///
    /// # Errors
    /// What the engine says.
    pub fn latest_row(&self) -> Result<Time, WarehouseError> {
        self.known().latest_row(|| {
            let latest = "max(toUnixTimestamp64Milli(time)) AS latest";
            let sql = format!(
                "SELECT max(latest)::Int64 FROM (SELECT {latest} FROM events UNION ALL SELECT {latest} FROM traits)"
            );
            let bytes = self
                .connection()?
                .query(&sql, &Params::new(), Format::RowBinary)?;
            Ok(Time::from_millis(RowReader::new(&bytes).i64()?))
        })
    }

    /// The number of the newest results that are stored; `None` before the first.
    ///
    /// # Errors
    /// What the engine says.
    pub fn newest_results(&self) -> Result<Option<u64>, WarehouseError> {
        let sql = "SELECT max(run) FROM runs";
        let bytes = self
            .connection()?
            .query(sql, &Params::new(), Format::RowBinary)?;
        let run = RowReader::new(&bytes).u64()?;
        Ok(Some(run).filter(|run| *run > 0))
    }
}

fn has_rows(
    connection: &mut Connection,
    table: &str,
    batch: BatchNumber,
) -> Result<bool, WarehouseError> {
    let sql = format!("SELECT count() > 0 FROM {table} WHERE batch > {{batch:UInt64}}");
    let params = Params::new().integer("batch", batch.0);
    let bytes = connection.query(&sql, &params, Format::RowBinary)?;
    Ok(RowReader::new(&bytes).u8()? != 0)
}
