//! SQL tags: a query of people's finds who has them, in the sandbox of the warehouse.

mod known;
mod members;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, bail};
use domain::{Kind, LocalizedText, TagBody, TagDefinition, TagKey, TagStatus, Time};
use rules::checked::Place;
use rules::{Code, Diagnostic, Severity, TagKind, TextRange};
use serde::{Deserialize, Serialize};
use tags::{Origin, TagSource};
use warehouse::{QueryProblem, QueryProblemKind, QueryReads};

use self::members::Found;
use crate::engine::Engine;

pub use self::known::{KnownQueries, StoreQueries};

/// What knows queries without running them.
pub trait Queries {
    /// What a query gives and reads.
    ///
    /// # Errors
    /// Why the query may not run, with its place in the text.
    fn checked(&self, sql: &str) -> Result<Arc<CheckedQuery>, Diagnostic>;
}

/// A query that may run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedQuery {
    /// The kind of its second column, if it has one.
    value: Option<Kind>,
    /// What it reads.
    pub reads: QueryReads,
}

impl CheckedQuery {
    /// What its tag gives.
    pub fn kind(&self) -> TagKind {
        match self.value {
            Some(Kind::Number) => TagKind::Metric(Place::Number),
            Some(Kind::Text) => TagKind::Values(BTreeSet::new()),
            // A truth decides who has the tag.
            _ => TagKind::YesNo,
        }
    }
}

/// Where there is no ClickHouse that could know a query.
pub struct WithoutQueries;

domain::words! {
    /// Why there is no query.
    enum Missing {
        ClickHouse,
            "这里没有 ClickHouse，不能运行 SQL 标签：场景在内存里运行，请改用规则，或用 `muster compute` 试它",
            "there is no ClickHouse here that could run an SQL tag: scenarios run in memory, so use a rule, or try it with `muster compute`";
    }
}

impl Queries for WithoutQueries {
    fn checked(&self, _sql: &str) -> Result<Arc<CheckedQuery>, Diagnostic> {
        let message = domain::Said::in_both(&Missing::ClickHouse);
        Err(problem(Code::NotAvailable, message, None))
    }
}

fn diagnostic(found: QueryProblem) -> Diagnostic {
    let code = match found.kind {
        QueryProblemKind::Refused => Code::NotAllowedHere,
        QueryProblemKind::Limited(_) | QueryProblemKind::Failed => Code::NotAvailable,
    };
    problem(code, found.message, found.place)
}

fn problem(code: Code, message: LocalizedText, place: Option<(usize, usize)>) -> Diagnostic {
    let offset = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let range = place.map(|(start, end)| TextRange {
        start: offset(start),
        end: offset(end),
    });
    Diagnostic {
        code,
        severity: Severity::Error,
        message,
        range: range.unwrap_or_default(),
        fix: None,
        concern: None,
    }
}

/// The query of a tag that has one.
pub fn query_of(tag: &TagDefinition) -> Option<&str> {
    match &tag.body {
        TagBody::Sql(sql) => Some(sql),
        _ => None,
    }
}

impl Engine {
    /// Runs the queries of those of these tags that have one, as of an instant, and gives the tags what they found. A tag
    /// whose query fails keeps the members that it has.
    ///
    /// Gives the tags that failed, and why.
    pub fn run_queries(
        &mut self,
        tags: &BTreeSet<TagKey>,
        as_of: Time,
    ) -> Vec<(TagKey, LocalizedText)> {
        let asked = self.book.tags.iter().filter(|tag| {
            let (key, body) = (&tag.definition.key, &tag.definition.body);
            tag.definition.state() != TagStatus::Paused
                && matches!(body, TagBody::Sql(_))
                && tags.contains(key)
        });
        let asked: Vec<TagDefinition> = asked.map(|tag| tag.definition.clone()).collect();
        let mut failed = Vec::new();
        for tag in asked {
            match self.run_query(&tag, as_of) {
                Ok(found) => {
                    let left_out = (found.unknown + found.without_user) as u64;
                    self.left_out.remove(&tag.key);
                    if left_out > 0 {
                        self.left_out.insert(tag.key.clone(), left_out);
                    }
                    self.book.queried.insert(tag.key, found.given);
                }
                Err(why) => failed.push((tag.key, why)),
            }
        }
        failed
    }

    /// Gives sources of SQL tags the members that their queries find as of an instant.
    ///
    /// # Errors
    /// Why a query fails.
    pub fn run_queries_of(&self, sources: &mut [TagSource], as_of: Time) -> Result<()> {
        for source in sources {
            let tag = self.book.tag(&source.key).map(|tag| &tag.definition);
            let Some(tag) = tag.filter(|tag| matches!(tag.body, TagBody::Sql(_))) else {
                continue;
            };
            match self.run_query(tag, as_of) {
                Ok(found) => source.origin = Origin::Given(found.given),
                Err(why) => bail!("tag `{}`: {}", tag.key, why.en),
            }
        }
        Ok(())
    }

    /// Runs the query of a tag as of an instant, or its own.
    fn run_query(&self, tag: &TagDefinition, as_of: Time) -> Result<Found, LocalizedText> {
        let own = tag.as_of.map_or(as_of, |own| own.min(as_of));
        let sql = query_of(tag).unwrap_or_default();
        let (store, config) = (&self.platform.store, &self.platform.config.sql_tags);
        let sandbox = store.sandbox(config.limits(), own);
        let answer = sandbox.and_then(|sandbox| sandbox.run(sql));
        let answer = answer.map_err(|problem| problem.message)?;
        members::of(answer, &self.users)
    }
}
