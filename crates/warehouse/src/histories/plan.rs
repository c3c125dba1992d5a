//! Which columns of a table a program reads, and in which form.

use std::collections::HashMap;
use std::fmt::Write as _;

use features::{Wanted, WantedColumn, WantedForm, holdings};

use crate::promoted::{PromotedColumn, PromotedForm};
use crate::sql;
use crate::statistics::{PropertyStatistics, Scope, ValueCounts};

/// The path that stands for the source that brought an event.
const SOURCE: &str = "$source";
/// The path that stands for the place of an event in its source's own order.
const POSITION: &str = "$position";

/// About how large the engine makes a block: large enough that what is done once for each block counts little, small
/// enough to stay in the last-level cache until it is taken over.
const BLOCK_BYTES: u32 = 4 << 20;

/// How histories are read for one program; made by [`crate::Store::plan_histories`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPlan {
    /// What is read.
    pub(super) wanted: Wanted,
    pub(super) events: TablePlan,
    pub(super) traits: TablePlan,
}

/// How one table is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TablePlan {
    pub(super) scope: Scope,
    pub(super) columns: Vec<Planned>,
    /// Whether the identity that each row came with is read.
    pub(super) with_identity: bool,
}

/// A column of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Planned {
    Promoted(PromotedColumn),
    Source,
    Position,
}

impl HistoryPlan {
    /// Chooses a form for each wanted column by what its values look like.
    pub(super) fn new(wanted: &Wanted, statistics: &[PropertyStatistics]) -> Self {
        let mut counts: HashMap<(Scope, &str), ValueCounts> = HashMap::new();
        for property in statistics {
            counts
                .entry((property.scope, &property.path))
                .or_default()
                .merge(&property.counts);
        }
        let table = |scope: Scope, columns: &[WantedColumn]| TablePlan {
            scope,
            columns: columns
                .iter()
                .map(|column| planned(scope, column, &counts))
                .collect(),
            with_identity: scope == Scope::Traits && holdings::are_wanted(columns),
        };
        Self {
            wanted: wanted.clone(),
            events: table(Scope::Events, &wanted.event_columns),
            traits: table(Scope::Traits, &wanted.trait_columns),
        }
    }

    /// The typed columns that it reads.
    pub(super) fn promoted(&self) -> Vec<PromotedColumn> {
        let columns = self.events.columns.iter().chain(&self.traits.columns);
        columns
            .filter_map(|column| match column {
                Planned::Promoted(promoted) => Some(promoted.clone()),
                Planned::Source | Planned::Position => None,
            })
            .collect()
    }
}

fn planned(
    scope: Scope,
    column: &WantedColumn,
    counts: &HashMap<(Scope, &str), ValueCounts>,
) -> Planned {
    if &*column.path == SOURCE {
        return Planned::Source;
    }
    if &*column.path == POSITION {
        return Planned::Position;
    }
    let form = match column.form {
        _ if scope == Scope::Traits && holdings::are_wanted(std::slice::from_ref(column)) => {
            PromotedForm::Text
        }
        WantedForm::Texts => PromotedForm::Text,
        WantedForm::Numbers => {
            let counts = counts
                .get(&(scope, &*column.path))
                .copied()
                .unwrap_or_default();
            PromotedForm::of_numbers(&counts).unwrap_or(PromotedForm::Text)
        }
    };
    Planned::Promoted(PromotedColumn {
        scope,
        path: column.path.to_string(),
        form,
    })
}

impl TablePlan {
    /// The query. One thread without an order reads part after part, each as it is sorted on disk.
    pub(super) fn sql(&self, with_arrival: bool, condition: &str) -> String {
        let mut sql = "SELECT user, time".to_owned();
        if with_arrival {
            sql.push_str(", arrival");
        }
        if self.scope == Scope::Events {
            sql.push_str(", name");
        }
        if self.with_identity {
            sql.push_str(", identity");
        }
        for column in &self.columns {
            let name = match column {
                Planned::Promoted(promoted) => promoted.name(),
                Planned::Source => "source".to_owned(),
                Planned::Position => "position".to_owned(),
            };
            // Writing to a text cannot fail.
            let _ = write!(sql, ", {}", sql::identifier(&name));
        }
        let _ = write!(
            sql,
            " FROM {} WHERE {condition} SETTINGS max_threads = 1, preferred_block_size_bytes = {BLOCK_BYTES}",
            self.scope.table()
        );
        sql
    }
}
