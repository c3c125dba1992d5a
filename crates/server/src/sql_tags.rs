//! SQL tags: a query of people's finds who has them, in the sandbox of the warehouse.

mod members;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};
use domain::{Kind, LocalizedText, TagBody, TagDefinition, TagKey, TagStatus, Time};
use rules::checked::Place;
use rules::{Code, Diagnostic, Severity, TagKind, TextRange};
use tags::{GivenTag, Origin, TagSource};
use warehouse::{QueryProblem, QueryProblemKind, Store};

use crate::config::SqlTagsConfig;
use crate::engine::Engine;
use crate::platform::now;

/// What knows queries without running them.
pub trait Queries {
    /// What the tag of a query gives.
    ///
    /// # Errors
    /// Why the query may not run, with its place in the text.
    fn kind(&self, sql: &str) -> Result<TagKind, Diagnostic>;
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
    fn kind(&self, _sql: &str) -> Result<TagKind, Diagnostic> {
        let message = domain::Said::in_both(&Missing::ClickHouse);
        Err(problem(Code::NotAvailable, message, None))
    }
}

/// The queries that a store was asked about, each once.
#[derive(Default)]
pub struct KnownQueries {
    known: Mutex<HashMap<String, Result<TagKind, Diagnostic>>>,
}

/// So many queries are remembered.
const MOST_KNOWN: usize = 20_000;

impl KnownQueries {
    /// The queries of a store.
    pub fn of<'s>(&'s self, store: &'s Store, config: &'s SqlTagsConfig) -> StoreQueries<'s> {
        StoreQueries {
            known: self,
            store,
            config,
        }
    }
}

/// The queries of a store.
pub struct StoreQueries<'s> {
    known: &'s KnownQueries,
    store: &'s Store,
    config: &'s SqlTagsConfig,
}

impl Queries for StoreQueries<'_> {
    fn kind(&self, sql: &str) -> Result<TagKind, Diagnostic> {
        let known = || {
            self.known
                .known
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(kind) = known().get(sql) {
            return kind.clone();
        }
        let sandbox = self.store.sandbox(self.config.limits(), now());
        let shape = sandbox.and_then(|sandbox| sandbox.check(sql));
        // What failed for another reason than the text may be right next time.
        let lasts = !matches!(&shape, Err(problem) if problem.kind != QueryProblemKind::Refused);
        let kind = shape.map(|shape| kind_of(shape.value)).map_err(diagnostic);
        if lasts {
            let mut known = known();
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            known.insert(sql.to_owned(), kind.clone());
        }
        kind
    }
}

/// What a tag gives whose query has such a second column.
fn kind_of(value: Option<Kind>) -> TagKind {
    match value {
        Some(Kind::Number) => TagKind::Metric(Place::Number),
        Some(Kind::Text) => TagKind::Values(BTreeSet::new()),
        // A truth decides who has the tag.
        _ => TagKind::YesNo,
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
                Ok(members) => {
                    self.book.queried.insert(tag.key, members);
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
                Ok(members) => source.origin = Origin::Given(members),
                Err(why) => bail!("tag `{}`: {}", tag.key, why.en),
            }
        }
        Ok(())
    }

    /// Runs the query of a tag as of an instant, or its own.
    fn run_query(&self, tag: &TagDefinition, as_of: Time) -> Result<GivenTag, LocalizedText> {
        let own = tag.as_of.map_or(as_of, |own| own.min(as_of));
        let sql = query_of(tag).unwrap_or_default();
        let (store, config) = (&self.platform.store, &self.platform.config.sql_tags);
        let sandbox = store.sandbox(config.limits(), own);
        let answer = sandbox.and_then(|sandbox| sandbox.run(sql));
        let answer = answer.map_err(|problem| problem.message)?;
        let found = members::of(answer, &self.users)?;
        let (unknown, without_user) = (found.unknown, found.without_user);
        if unknown + without_user > 0 {
            tracing::warn!(
                tag.key = tag.key.as_str(),
                unknown,
                without_user,
                "rows of the query of a tag name users whom nobody knows, or none; they are left out"
            );
        }
        Ok(found.given)
    }
}
