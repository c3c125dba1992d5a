//! The count of a rule that is no tag yet.

use anyhow::Result;
use domain::{Language, Time};
use rules::{CheckOptions, CheckedRule, Expected};
use server::as_sql;
use server::ask::{self, Question};
use server::engine::Engine;
use tags::Estimate;

use crate::arguments::{Arguments, NOW};
use crate::measure::{Cost, measured, peak_mib, percentile};
use crate::report::Row;
use crate::{clickhouse, folder};

/// Rules that are counted.
const RULES: usize = 100;

/// How many of the rules without an exact query are folded.
const FOLDED: usize = 5;

/// Counts rules that the tags do not have, by query and by fold.
///
/// # Errors
/// The store's.
pub fn measure(asked: &Arguments) -> Result<Vec<Row>> {
    let platform = folder::open(&folder::shared(asked))?;
    let engine = folder::engine(&platform, Vec::new())?;
    let (mut estimated, mut queried, mut folded) = (Vec::new(), Vec::new(), Vec::new());
    let (mut estimate_cpu, mut query_cpu, mut fold_cpu) = (0.0, 0.0, 0.0);
    let mut errors = Vec::new();
    let mut without_query = 0;
    let mut columns_made = 0.0;
    for tag in folder::tags(asked, RULES, asked.seed + 1) {
        let text = rules::text_of(&tag.body);
        let rule = checked(&engine, &text)?;
        // The first translation makes typed columns where they are missing: told apart.
        let (translated, making) = measured(|| as_sql::query(&engine, &rule, NOW))?;
        columns_made += making.wall;
        let question = Question {
            expression: text,
            as_of: Some(NOW),
            ..Question::default()
        };
        let asked = Question {
            estimate: true,
            ..question.clone()
        };
        let (estimate, cost) = measured(|| {
            let answer = ask::ask(&engine, &asked)?;
            Ok((answer.count(), answer.known().count))
        })?;
        estimated.push(cost.wall);
        estimate_cpu += cost.cpu;
        if translated.is_ok() {
            let (exact, cost) = measured(|| count(&engine, &rule, NOW))?;
            errors.push(Off::of(estimate, exact));
            queried.push(cost.wall);
            query_cpu += cost.cpu;
        } else {
            without_query += 1;
        }
        if translated.is_err() && folded.len() < FOLDED || folded.is_empty() {
            let (_, cost) = measured(|| ask::ask(&engine, &question))?;
            folded.push(cost.wall);
            fold_cpu += cost.cpu;
        }
    }
    let peak = peak_mib();
    platform.close();
    estimated.sort_by(f64::total_cmp);
    queried.sort_by(f64::total_cmp);
    folded.sort_by(f64::total_cmp);
    let cost = |sorted: &[f64], cpu: f64, share: f64| Cost {
        wall: percentile(sorted, share),
        cpu: cpu / sorted.len().max(1) as f64,
    };
    let by_estimate = |name: &str, share: f64| {
        Row::new(
            format!("a new tag's estimate, {name}"),
            cost(&estimated, estimate_cpu, share),
        )
        .note(Off::note(&errors))
    };
    let by_query = |name: &str, share: f64| {
        let counted = queried.len();
        Row::new(
            format!("a new tag's count by query, {name}"),
            cost(&queried, query_cpu, share),
        )
        .peak(peak)
        .note(format!(
            "{counted} of {RULES} rules, {without_query} fold; translations with columns made \
             {columns_made:.1} s in all; CPU is the mean"
        ))
    };
    let by_fold = Row::new(
        "a new tag's count by fold, p50",
        cost(&folded, fold_cpu, 0.5),
    )
    .note(format!("{} rules, CPU is the mean", folded.len()));
    Ok(vec![
        by_estimate("p50", 0.5),
        by_estimate("p99", 0.99),
        by_query("p50", 0.5),
        by_query("p99", 0.99),
        by_fold,
    ])
}

/// How far an estimate is from the exact count.
struct Off {
    /// Parts of all known users.
    share: f64,
    is_within: bool,
}

impl Off {
    fn of((estimate, known): (Estimate, u64), exact: u64) -> Self {
        let off = estimate.count.abs_diff(exact);
        Self {
            share: off as f64 / known.max(1) as f64,
            is_within: off <= estimate.error,
        }
    }

    fn note(all: &[Self]) -> String {
        let within = all.iter().filter(|off| off.is_within).count();
        let mean = all.iter().map(|off| off.share).sum::<f64>() / all.len().max(1) as f64;
        format!(
            "{within} of {} within the error that is told; off by {:.2} % of all users on average",
            all.len(),
            mean * 100.0
        )
    }
}

/// The users for whom a rule holds, counted by its query; translated anew.
fn count(engine: &Engine, rule: &CheckedRule, now: Time) -> Result<u64> {
    let query = as_sql::query(engine, rule, now)??;
    let mut connection = engine.platform.store.connection()?;
    let text = format!("SELECT count() FROM ({})", query.with_literals());
    clickhouse::number(&mut connection, &text)
}

/// A rule as the engine's vocabulary reads it.
///
/// # Errors
/// Its mistakes.
fn checked(engine: &Engine, text: &str) -> Result<CheckedRule> {
    let options = CheckOptions {
        zone: engine.platform.zone.clone(),
        expected: Expected::Anything,
        ..CheckOptions::default()
    };
    match rules::read(text, &engine.book.vocabulary, &options) {
        Ok(checked) => Ok(checked.rule),
        Err(problems) => anyhow::bail!(
            "{}",
            rules::render("rule", text, &problems, Language::English)
        ),
    }
}
