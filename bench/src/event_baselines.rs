//! What ClickHouse alone takes for tags over events: a query for each tag, or simple aggregates
//! of each event name by one grouped query.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use server::as_sql;
use server::engine::Engine;
use warehouse::{PromotedForm, Scope};

use crate::arguments::NOW;
use crate::clickhouse;
use crate::measure::measured;
use crate::report::Baseline;

/// Tags that are queried one by one.
const SINGLE: usize = 50;

/// Measures both: the grouped queries, then the single ones.
///
/// # Errors
/// The store's.
pub fn measure(engine: &Engine) -> Result<[Baseline; 2]> {
    let single = single(engine)?;
    Ok([grouped(engine)?, single])
}

/// One query for each tag, scaled from a sample of those that have one.
fn single(engine: &Engine) -> Result<Baseline> {
    let tags = &engine.book.tags;
    let step = (tags.len() / SINGLE).max(1);
    let mut queries = Vec::new();
    let mut sampled = 0;
    for tag in tags.iter().step_by(step).take(SINGLE) {
        sampled += 1;
        if let Some(rule) = tag.rule()
            && let Ok(query) = as_sql::query(engine, rule, NOW)?
        {
            queries.push(query.with_literals());
        }
    }
    let mut connection = engine.platform.store.connection()?;
    let (_, cost) = measured(|| {
        for query in &queries {
            let query = format!("SELECT groupBitmapState(user) FROM ({query})");
            clickhouse::run_for_nobody(&mut connection, &query)?;
        }
        Ok(())
    })?;
    let scale = tags.len() as f64 / queries.len().max(1) as f64;
    Ok(Baseline {
        what: format!(
            "one query a tag, scaled from {} of {sampled} tags",
            queries.len()
        ),
        cost: cost.times(scale),
    })
}

/// Counts, days, last times, and sums and maxima of the numbers of each event name.
fn grouped(engine: &Engine) -> Result<Baseline> {
    let store = &engine.platform.store;
    let mut numbers: BTreeMap<String, String> = BTreeMap::new();
    for column in store.promoted()? {
        if column.scope == Scope::Events && column.form != PromotedForm::Text {
            numbers.insert(column.path.clone(), column.name());
        }
    }
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for property in store.statistics().iter() {
        if property.scope == Scope::Events {
            let columns = names.entry(property.event.clone()).or_default();
            columns.extend(numbers.get(&property.path).cloned());
        }
    }
    let now = format!("fromUnixTimestamp64Milli(toInt64({}), 'UTC')", NOW.millis());
    let mut connection = store.connection()?;
    let mut aggregates = 0;
    let (_, cost) = measured(|| {
        for (event, columns) in &names {
            let mut found = vec![
                "count()".to_owned(),
                format!("countIf(time > {now} - INTERVAL 7 DAY)"),
                "uniqExact(toDate(time))".to_owned(),
                "max(time)".to_owned(),
            ];
            for column in columns {
                found.push(format!("sum({column})"));
                found.push(format!("sumIf({column}, time > {now} - INTERVAL 7 DAY)"));
                found.push(format!("max({column})"));
            }
            aggregates += found.len();
            let query = format!(
                "SELECT user, {} FROM events WHERE name = '{event}' AND time <= {now} \
                 GROUP BY user",
                found.join(", ")
            );
            clickhouse::run_for_nobody(&mut connection, &query)?;
        }
        Ok(())
    })?;
    Ok(Baseline {
        what: format!(
            "{} grouped queries of {aggregates} simple aggregates, nothing else",
            names.len()
        ),
        cost,
    })
}
