//! What is known of queries: each text is looked at once, and what was found is kept over the end of the process, until
//! other software looks at queries, or other views are there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use catalog::Digest;
use rules::Diagnostic;
use sha2::{Digest as _, Sha256};
use warehouse::{QueryProblemKind, QueryShape};

use super::{CheckedQuery, Queries, diagnostic};
use crate::platform::{Platform, now};

/// The queries that a store was asked about.
#[derive(Default)]
pub struct KnownQueries(Mutex<Known>);

#[derive(Default)]
struct Known {
    of_process: HashMap<String, Result<Arc<CheckedQuery>, Diagnostic>>,
    /// What earlier processes have found; `None` before it was read.
    of_before: Option<HashMap<Digest, String>>,
}

/// So many queries are remembered.
const MOST_KNOWN: usize = 20_000;

/// The queries of a store.
pub struct StoreQueries<'p> {
    /// What is known of them.
    pub known: &'p KnownQueries,
    /// Where they run.
    pub platform: &'p Platform,
}

impl Queries for StoreQueries<'_> {
    fn checked(&self, sql: &str) -> Result<Arc<CheckedQuery>, Diagnostic> {
        let known = || self.known.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(checked) = known().of_process.get(sql) {
            return checked.clone();
        }
        let digest = Digest(Sha256::digest(sql).into());
        let before = known()
            .of_before
            .get_or_insert_with(|| self.found_before())
            .get(&digest)
            .and_then(|found| serde_json::from_str(found).ok());
        let (checked, lasts) = match before {
            Some(checked) => (Ok(Arc::new(checked)), true),
            None => self.look(sql, digest),
        };
        if lasts {
            let mut known = known();
            if known.of_process.len() >= MOST_KNOWN {
                known.of_process.clear();
            }
            known.of_process.insert(sql.to_owned(), checked.clone());
        }
        checked
    }
}

impl StoreQueries<'_> {
    /// Looks at a query that nobody has looked at; and whether it would be found the same next time.
    fn look(&self, sql: &str, digest: Digest) -> (Result<Arc<CheckedQuery>, Diagnostic>, bool) {
        let limits = self.platform.config.sql_tags.limits();
        let sandbox = self.platform.store.sandbox(limits, now());
        match sandbox.and_then(|sandbox| sandbox.check(sql)) {
            Ok(QueryShape { reads, value, .. }) => {
                let checked = CheckedQuery { value, reads };
                self.keep(digest, &checked);
                (Ok(Arc::new(checked)), true)
            }
            // What failed for another reason than the text may be right next time.
            Err(problem) => {
                let lasts = problem.kind == QueryProblemKind::Refused;
                (Err(diagnostic(problem)), lasts)
            }
        }
    }

    /// What earlier processes have found; nothing where it cannot be read, since it can be found again.
    fn found_before(&self) -> HashMap<Digest, String> {
        let catalog = &self.platform.catalog;
        let found = self.platform.wait(catalog.checked_queries(&checker()));
        found.unwrap_or_else(|error| {
            tracing::warn!(
                error = format!("{error:#}"),
                "what is known of queries cannot be read"
            );
            HashMap::new()
        })
    }

    fn keep(&self, digest: Digest, checked: &CheckedQuery) {
        let keep = || {
            let found = serde_json::to_string(checked)?;
            let (catalog, checker) = (&self.platform.catalog, checker());
            let keep = catalog.keep_checked_query(&checker, digest, &found);
            self.platform.wait(keep)
        };
        if let Err(error) = keep() {
            tracing::warn!(
                error = format!("{error:#}"),
                "what was found of a query cannot be kept"
            );
        }
    }
}

/// What looks at queries: another version may find another thing.
fn checker() -> String {
    format!(
        "{} {}",
        env!("CARGO_PKG_VERSION"),
        warehouse::sandbox_version()
    )
}
