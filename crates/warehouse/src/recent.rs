//! What one user did last, and how the user's attributes came about: for people who look at a user.

use domain::{EventName, Time, UserNumber};

use crate::WarehouseError;
use crate::chdb::{Format, Params};
use crate::row_binary::RowReader;
use crate::store::Store;

/// Pairs of dotted path and stored text.
pub type StoredPairs = Vec<(String, String)>;

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// When it happened.
    pub time: Time,
    /// What happened.
    pub name: EventName,
    /// The source that brought it.
    pub source: String,
    /// Its properties.
    pub properties: StoredPairs,
}

/// A change of attributes as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChange {
    /// The identity that it came with.
    pub identity: UserNumber,
    /// What was set.
    pub traits: StoredPairs,
}

impl Store {
    /// The newest events of a user that are visible at `now`, the newest first.
    ///
    /// # Errors
    /// What the engine says.
    pub fn recent_events(
        &self,
        user: UserNumber,
        now: Time,
        most: usize,
    ) -> Result<Vec<StoredEvent>, WarehouseError> {
        let sql = "SELECT toUnixTimestamp64Milli(time), name::String, source::String, \
                   mapSort(properties)::Map(String, String) FROM events \
                   WHERE user IN {users:Array(UInt32)} AND identity IN {identities:Array(UInt32)} \
                   AND toUnixTimestamp64Milli(time) <= {now:Int64} \
                   AND toUnixTimestamp64Milli(time) > {after:Int64} \
                   ORDER BY time DESC, arrival DESC LIMIT {most:UInt64}";
        let params = self
            .places_of(user)
            .integer("now", now.millis())
            .integer("after", self.kept_since(now).map_or(i64::MIN, Time::millis))
            .integer("most", most as u64);
        let bytes = self.connection()?.query(sql, &params, Format::RowBinary)?;
        let mut rows = RowReader::new(&bytes);
        let mut events = Vec::new();
        while !rows.is_empty() {
            events.push(StoredEvent {
                time: Time::from_millis(rows.i64()?),
                name: EventName::new(rows.str()?),
                source: rows.str()?.to_owned(),
                properties: pairs(&mut rows)?,
            });
        }
        Ok(events)
    }

    /// The attribute changes of a user that are visible at `now`, in their order.
    ///
    /// # Errors
    /// What the engine says.
    pub fn attribute_changes(
        &self,
        user: UserNumber,
        now: Time,
    ) -> Result<Vec<StoredChange>, WarehouseError> {
        let sql = "SELECT identity, traits::Map(String, String) FROM traits \
                   WHERE user IN {users:Array(UInt32)} AND identity IN {identities:Array(UInt32)} \
                   AND toUnixTimestamp64Milli(time) <= {now:Int64} \
                   ORDER BY time, arrival";
        let params = self.places_of(user).integer("now", now.millis());
        let bytes = self.connection()?.query(sql, &params, Format::RowBinary)?;
        let mut rows = RowReader::new(&bytes);
        let mut changes = Vec::new();
        while !rows.is_empty() {
            changes.push(StoredChange {
                identity: UserNumber(rows.u32()?),
                traits: pairs(&mut rows)?,
            });
        }
        Ok(changes)
    }
}

impl Store {
    /// Where the rows of a user lie, and with which identities, bound as `users` and `identities`.
    fn places_of(&self, user: UserNumber) -> Params {
        let identities = self.identities().of_user(user);
        let homes = self.homes();
        let home = |identity: &UserNumber| homes.get(identity).unwrap_or(identity).0;
        let users: Vec<u32> = identities.iter().map(home).collect();
        let identities: Vec<u32> = identities.into_iter().map(u32::from).collect();
        Params::new()
            .integers("users", &users)
            .integers("identities", &identities)
    }
}

fn pairs(rows: &mut RowReader<'_>) -> Result<StoredPairs, WarehouseError> {
    let length = rows.length()?;
    (0..length)
        .map(|_| Ok((rows.str()?.to_owned(), rows.str()?.to_owned())))
        .collect()
}
