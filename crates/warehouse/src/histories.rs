//! Histories of users as columns, read as they lie on disk: one sorted run for each part of a table.

mod gather;
mod memberships;
mod plan;

use std::mem;
use std::ops::Range;
use std::sync::{Arc, PoisonError};

use domain::Time;
use features::{Arrivals, HistoryBlock, Table, Wanted, holdings};

use self::gather::Gather;
pub use self::plan::HistoryPlan;
use self::plan::TablePlan;
use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::RowReader;
use crate::statistics::Scope;
use crate::store::Store;

/// Whose histories are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserSelection<'users> {
    /// All users with numbers in a range.
    Range(Range<u32>),
    /// These users, in ascending order.
    Listed(&'users [u32]),
}

impl UserSelection<'_> {
    /// The condition on a column of user numbers, and what is bound in it.
    pub(crate) fn condition(&self, column: &str) -> (String, Params) {
        match self {
            Self::Range(range) => (
                format!("{column} >= {{first:UInt32}} AND {column} < {{end:UInt32}}"),
                Params::new()
                    .integer("first", range.start)
                    .integer("end", range.end),
            ),
            Self::Listed(list) => (
                format!("{column} IN {{users:Array(UInt32)}}"),
                Params::new().integers("users", list),
            ),
        }
    }
}

impl Store {
    /// Makes typed columns for what a program wants to read, where they are not there yet, and plans how it is read.
    /// The plan is good until the next batch is written: values of a new shape may need other columns. It is kept, so
    /// that asking again costs nothing.
    ///
    /// # Errors
    /// What the engine says.
    pub fn plan_histories(&self, wanted: &Wanted) -> Result<Arc<HistoryPlan>, WarehouseError> {
        self.move_home_if_due()?;
        let mut kept = self.kept_plan();
        let quiet = self.writes().quiet();
        if let Some(kept) = kept
            .as_ref()
            .filter(|kept| kept.written.is_some() && kept.written == quiet)
            && kept.wanted == *wanted
        {
            return Ok(Arc::clone(&kept.plan));
        }
        let plan = Arc::new(HistoryPlan::new(wanted, &self.statistics()));
        self.promote(&plan.promoted())?;
        *kept = Some(KeptPlan {
            wanted: wanted.clone(),
            written: quiet,
            plan: Arc::clone(&plan),
        });
        Ok(plan)
    }

    /// The histories of some users, with the columns of the plan and all events, however old.
    ///
    /// # Errors
    /// What the engine says.
    pub fn histories(
        &self,
        plan: &HistoryPlan,
        users: &UserSelection<'_>,
    ) -> Result<HistoryBlock, WarehouseError> {
        let mut block = HistoryBlock::default();
        self.histories_into(plan, users, None, &mut block)?;
        Ok(block)
    }

    /// The same without the events up to an instant, read into a block that is needed no more: its memory is used again.
    ///
    /// # Errors
    /// What the engine says.
    pub fn histories_into(
        &self,
        plan: &HistoryPlan,
        users: &UserSelection<'_>,
        after: Option<Time>,
        block: &mut HistoryBlock,
    ) -> Result<(), WarehouseError> {
        let _here = self.moving().read().unwrap_or_else(PoisonError::into_inner);
        let mut connection = self.connection()?;
        let [events, traits] = [&mut block.events, &mut block.traits].map(mem::take);
        *block = HistoryBlock {
            users: match users {
                UserSelection::Range(range) => range.clone().collect(),
                UserSelection::Listed(list) => list.to_vec(),
            },
            events: self
                .table(
                    &mut connection,
                    plan,
                    (&plan.events, events),
                    &Rows { users, after },
                )?
                .0,
            traits: self.trait_table(&mut connection, plan, traits, users)?,
            identities: self.identity_table(&mut connection, &plan.wanted, users)?,
            identity_events: self.identity_events(&plan.wanted, users),
            memberships: self.memberships(&plan.wanted.memberships, users)?,
        };
        Ok(())
    }

    /// Reads the changes of attributes, with the holdings of all identities of each user.
    fn trait_table(
        &self,
        connection: &mut Connection,
        plan: &HistoryPlan,
        spent: Table,
        users: &UserSelection<'_>,
    ) -> Result<Table, WarehouseError> {
        let (traits, rows) = ((&plan.traits, spent), Rows { users, after: None });
        let (mut table, identities) = self.table(connection, plan, traits, &rows)?;
        if plan.traits.with_identity {
            holdings::join(&mut table, &plan.wanted.trait_columns, &identities);
        }
        Ok(table)
    }

    /// Reads one table, in the memory of another, and the identities of its rows where they are needed. The order of
    /// arrival is read where it was asked for, and where rows of the same time can lie in different parts.
    fn table(
        &self,
        connection: &mut Connection,
        whole: &HistoryPlan,
        (plan, spent): (&TablePlan, Table),
        rows: &Rows<'_>,
    ) -> Result<(Table, Vec<u32>), WarehouseError> {
        let before = self.writes().quiet();
        let arrival = match before {
            _ if whole.wanted.arrivals == Arrivals::Always => Arrival::Read,
            Some(writes) if self.is_merged(connection, plan.scope, writes)? => Arrival::Left,
            _ => Arrival::Read,
        };
        let table = read(connection, (plan, spent), rows, arrival)?;
        if arrival == Arrival::Read || self.writes().quiet() == before {
            return Ok(table);
        }
        read(connection, (plan, table.0), rows, Arrival::Read)
    }

    /// Whether every partition is one part, so that rows of the same user and time lie in their order.
    fn is_merged(
        &self,
        connection: &mut Connection,
        scope: Scope,
        writes: u64,
    ) -> Result<bool, WarehouseError> {
        if self.writes().is_known_merged(scope, writes) {
            return Ok(true);
        }
        let sql = "SELECT count() = uniqExact(partition_id) FROM system.parts \
            WHERE database = currentDatabase() AND table = {table:String} AND active";
        let bytes = connection.query(
            sql,
            &Params::new().text("table", scope.table()),
            Format::RowBinary,
        )?;
        let is_merged = RowReader::new(&bytes).u8()? == 1;
        if is_merged && self.writes().quiet() == Some(writes) {
            self.writes().note_merged(scope, writes);
        }
        Ok(is_merged)
    }
}

/// A plan that is kept for the next block of users.
pub(crate) struct KeptPlan {
    wanted: Wanted,
    /// The number of writes when it was made; none if one was under way.
    written: Option<u64>,
    plan: Arc<HistoryPlan>,
}

/// Whether the order of arrival is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrival {
    Read,
    Left,
}

/// Which rows of a table are read.
struct Rows<'r> {
    users: &'r UserSelection<'r>,
    /// Only those later than an instant.
    after: Option<Time>,
}

impl Rows<'_> {
    /// The condition, and what is bound in it.
    fn condition(&self) -> (String, Params) {
        let (condition, params) = self.users.condition("user");
        match self.after {
            None => (condition, params),
            Some(after) => (
                format!("{condition} AND time > fromUnixTimestamp64Milli({{after:Int64}}, 'UTC')"),
                params.integer("after", after.millis()),
            ),
        }
    }
}

fn read(
    connection: &mut Connection,
    (plan, spent): (&TablePlan, Table),
    rows: &Rows<'_>,
    arrival: Arrival,
) -> Result<(Table, Vec<u32>), WarehouseError> {
    let (condition, params) = rows.condition();
    let numbers = match rows.users {
        UserSelection::Range(range) => range.clone(),
        UserSelection::Listed(list) => 0..u32::try_from(list.len()).unwrap_or(u32::MAX),
    };
    let mut gather = Gather::new(plan, arrival == Arrival::Read, numbers, spent);
    let sql = plan.sql(arrival == Arrival::Read, &condition);
    for blocks in connection.stream(&sql, &params, Format::Native)? {
        gather.add(blocks?.bytes())?;
    }
    Ok(gather.finish())
}
