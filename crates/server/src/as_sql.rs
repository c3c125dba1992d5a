//! A rule as a ClickHouse query over the columns that the store has.

use std::sync::Arc;

use anyhow::Result;
use domain::{ListKey, Time};
use features::sql::{self, Columns, Folds, Lists, SqlQuery, StoredColumn, StoredForm};
use features::{FeatureSet, Program, WantedColumn, WantedForm};
use rules::CheckedRule;
use rules::checked::Body;
use warehouse::{PromotedColumn, PromotedForm, PropertyStatistics, Scope};

use crate::engine::Engine;

/// The query, or why the rule is folded instead.
///
/// # Errors
/// The store's.
pub fn query(engine: &Engine, rule: &CheckedRule, now: Time) -> Result<Result<SqlQuery, Folds>> {
    let store = &engine.platform.store;
    let mut set = FeatureSet::default();
    if let Body::Condition(condition) = rule.body() {
        set.add_condition(condition);
    }
    let program = Program::new(set, now, engine.inputs.value_lists.clone());
    store.plan_histories(program.wanted())?;
    let columns = StoreColumns {
        engine,
        promoted: store.promoted()?,
        statistics: store.statistics(),
    };
    Ok(sql::translate(rule, &columns, now))
}

struct StoreColumns<'e> {
    engine: &'e Engine,
    promoted: Vec<PromotedColumn>,
    statistics: Arc<Vec<PropertyStatistics>>,
}

impl StoreColumns<'_> {
    fn find(&self, scope: Scope, wanted: &WantedColumn) -> Option<StoredColumn> {
        let of_path =
            |column: &&PromotedColumn| column.scope == scope && *column.path == *wanted.path;
        let is_text = |column: &&PromotedColumn| column.form == PromotedForm::Text;
        let number = self
            .promoted
            .iter()
            .filter(of_path)
            .find(|column| !is_text(column));
        let text = self.promoted.iter().filter(of_path).find(is_text);
        let column = match wanted.form {
            WantedForm::Numbers => number.or(text),
            WantedForm::Texts => text,
        }?;
        let form = match column.form {
            PromotedForm::Number64 { scale } => StoredForm::Number64 { scale },
            PromotedForm::Number128 { scale } => StoredForm::Number128 { scale },
            PromotedForm::Text => StoredForm::Text {
                lists: self.lists(scope, &wanted.path),
            },
        };
        Some(StoredColumn {
            name: column.name(),
            form,
        })
    }

    fn lists(&self, scope: Scope, path: &str) -> Lists {
        let has = self.statistics.iter().any(|property| {
            property.scope == scope && property.path == path && property.counts.lists > 0
        });
        if has { Lists::Some } else { Lists::None }
    }
}

impl Columns for StoreColumns<'_> {
    fn event(&self, wanted: &WantedColumn) -> Option<StoredColumn> {
        self.find(Scope::Events, wanted)
    }

    fn attribute(&self, wanted: &WantedColumn) -> Option<StoredColumn> {
        self.find(Scope::Traits, wanted)
    }

    fn list(&self, list: &ListKey) -> Option<Vec<Arc<str>>> {
        let texts = self.engine.inputs.value_lists.get(list)?;
        Some(texts.iter().cloned().collect())
    }

    fn kept_since(&self, now: Time) -> Option<Time> {
        self.engine.platform.store.kept_since(now)
    }
}
