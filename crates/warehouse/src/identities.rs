//! Who is who: what was said about identities, kept, and what is asked of it.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use domain::{Time, UserKey, UserNumber};
use features::{IdentityEvent, Table, Wanted};
use foldhash::fast::RandomState;
use identity::ports::Statements;
use identity::{IdentityChange, Moment, PortError, Relation, Statement};

use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::histories::UserSelection;
use crate::row_binary::RowReader;
use crate::store::Store;
use crate::users::{read_users, users_of};

/// For identities whose rows lie elsewhere than at their own number: where.
pub type Homes = HashMap<UserNumber, UserNumber, RandomState>;

impl Store {
    /// Goes on to an instant: what was said of identities holds from its time on. An earlier instant than before
    /// changes nothing.
    pub fn settle(&self, now: Time) {
        if !self.identities().awaits(now) {
            return;
        }
        let known = &self.known().identities;
        if !known.change(|known| known.settle(now)).is_empty() {
            self.moves_are_due().store(true, Ordering::SeqCst);
        }
    }

    /// What is asked of the identities of some users, a row for each.
    pub(crate) fn identity_table(
        &self,
        connection: &mut Connection,
        wanted: &Wanted,
        users: &UserSelection<'_>,
    ) -> Result<Table, WarehouseError> {
        if wanted.identity_columns.is_empty() {
            return Ok(Table::default());
        }
        let identities = self.identities();
        let own = users_of(connection, users)?;
        let with_keys = own
            .iter()
            .filter(|(number, _)| identities.owner(*number) == *number);
        let with_keys = with_keys.map(|(number, own)| {
            let of_user = identities.of_user(*number);
            let key = |identity: &UserNumber| identities.key(*identity).unwrap_or(own);
            (number.0, of_user.iter().map(key).collect())
        });
        let wanted = &wanted.identity_columns;
        Ok(features::identity::table(with_keys, wanted))
    }

    /// What was linked to some users and unlinked from them.
    pub(crate) fn identity_events(
        &self,
        wanted: &Wanted,
        users: &UserSelection<'_>,
    ) -> Vec<IdentityEvent> {
        if !wanted.identity_events {
            return Vec::new();
        }
        let identities = self.identities();
        let events = |user: u32| {
            let changes = identities.changes(UserNumber(user)).iter();
            let event = |change: &IdentityChange| {
                Some(IdentityEvent {
                    user,
                    time: change.moment.time.millis(),
                    arrival: change.moment.arrival,
                    identity: identities.key(change.identity)?.clone(),
                    is_linked: change.is_linked,
                })
            };
            changes.filter_map(event).collect::<Vec<_>>()
        };
        match users {
            UserSelection::Range(range) => range.clone().flat_map(events).collect(),
            UserSelection::Listed(list) => list.iter().copied().flat_map(events).collect(),
        }
    }
}

impl Statements for Store {
    fn statements(&self) -> Result<Vec<Statement>, PortError> {
        Ok(statements(&mut *self.connection()?)?)
    }

    fn keys(&self) -> Result<Vec<(UserNumber, UserKey)>, PortError> {
        Ok(keys(&mut *self.connection()?)?)
    }
}

pub(crate) fn statements(connection: &mut Connection) -> Result<Vec<Statement>, WarehouseError> {
    let sql = "SELECT toUnixTimestamp64Milli(time), arrival, relation::String, one, other \
               FROM identity_statements";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    let mut statements = Vec::new();
    while !rows.is_empty() {
        let moment = Moment {
            time: Time::from_millis(rows.i64()?),
            arrival: rows.u64()?,
        };
        let name = rows.str()?;
        let relation = Relation::named(name)
            .ok_or_else(|| WarehouseError::unexpected("a relation of identities", name))?;
        statements.push(Statement {
            moment,
            relation,
            one: UserNumber(rows.u32()?),
            other: UserNumber(rows.u32()?),
        });
    }
    Ok(statements)
}

fn keys(connection: &mut Connection) -> Result<Vec<(UserNumber, UserKey)>, WarehouseError> {
    let sql = "SELECT number, kind::String, key FROM users WHERE number IN \
               (SELECT arrayJoin([one, other]) FROM identity_statements)";
    read_users(connection, sql, &Params::new())
}

pub(crate) fn homes(connection: &mut Connection) -> Result<Homes, WarehouseError> {
    let sql = "SELECT identity, argMax(user, batch) FROM identity_homes GROUP BY identity";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    let mut homes = Homes::default();
    while !rows.is_empty() {
        homes.insert(UserNumber(rows.u32()?), UserNumber(rows.u32()?));
    }
    Ok(homes)
}
