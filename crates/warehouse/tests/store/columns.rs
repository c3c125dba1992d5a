//! The typed columns of a store, as queries of rules ask for them.

use std::sync::Arc;

use domain::ListKey;
use features::sql::{Columns, Lists, StoredColumn, StoredForm};
use features::{ValueLists, Wanted, WantedColumn, WantedForm};
use warehouse::{PromotedColumn, PromotedForm, Scope, Store};

/// The typed columns of a store.
pub struct StoreColumns {
    columns: Vec<PromotedColumn>,
    with_lists: Vec<(Scope, String)>,
    lists: ValueLists,
}

impl StoreColumns {
    /// Promotes every path that rules may read, as numbers and as text.
    pub fn new(store: &Store, lists: &ValueLists) -> Self {
        let paths = [
            "usd", "fine", "wei", "kind", "labels", "mixed", "ok", "when", "deep", "level",
            "deep.x", "deep.y", "n", "t", "b", "m", "l",
        ];
        let both = |path: &&str| {
            [WantedForm::Numbers, WantedForm::Texts].map(|form| WantedColumn {
                path: Arc::from(*path),
                form,
            })
        };
        let all: Vec<WantedColumn> = paths.iter().flat_map(both).collect();
        let wanted = Wanted {
            event_columns: all.clone(),
            trait_columns: all,
            ..Wanted::default()
        };
        store.plan_histories(&wanted).unwrap();
        let statistics = store.statistics();
        let with_lists = statistics
            .iter()
            .filter(|statistics| statistics.counts.lists > 0)
            .map(|statistics| (statistics.scope, statistics.path.clone()))
            .collect();
        Self {
            columns: store.promoted().unwrap(),
            with_lists,
            lists: lists.clone(),
        }
    }

    fn find(&self, scope: Scope, wanted: &WantedColumn) -> Option<StoredColumn> {
        let fits = |column: &&PromotedColumn| {
            column.scope == scope
                && *column.path == *wanted.path
                && (column.form == PromotedForm::Text) == (wanted.form == WantedForm::Texts)
        };
        let as_text = WantedColumn {
            form: WantedForm::Texts,
            ..wanted.clone()
        };
        let Some(column) = self.columns.iter().find(fits) else {
            return (wanted.form == WantedForm::Numbers)
                .then(|| self.find(scope, &as_text))
                .flatten();
        };
        let key = (scope, column.path.clone());
        let lists = if self.with_lists.contains(&key) {
            Lists::Some
        } else {
            Lists::None
        };
        let form = match column.form {
            PromotedForm::Number64 { scale } => StoredForm::Number64 { scale },
            PromotedForm::Number128 { scale } => StoredForm::Number128 { scale },
            PromotedForm::Text => StoredForm::Text { lists },
        };
        Some(StoredColumn {
            name: column.name(),
            form,
        })
    }
}

impl Columns for StoreColumns {
    fn event(&self, wanted: &WantedColumn) -> Option<StoredColumn> {
        self.find(Scope::Events, wanted)
    }
    fn attribute(&self, wanted: &WantedColumn) -> Option<StoredColumn> {
        self.find(Scope::Traits, wanted)
    }
    fn list(&self, list: &ListKey) -> Option<Vec<Arc<str>>> {
        self.lists
            .get(list)
            .map(|texts| texts.iter().cloned().collect())
    }
}
