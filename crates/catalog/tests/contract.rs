//! What every catalogue must do, in memory and in a file.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "contract/checked_queries.rs"]
mod checked_queries;
#[path = "contract/definitions.rs"]
mod definitions;
#[path = "contract/files.rs"]
mod files;
#[path = "contract/imports.rs"]
mod imports;
#[path = "contract/members.rs"]
mod members;
#[path = "contract/runs.rs"]
mod runs;
#[path = "contract/scorecards.rs"]
mod scorecards;
#[path = "contract/supplied.rs"]
mod supplied;
#[path = "contract/versions.rs"]
mod versions;

use std::future::Future;

use catalog::{Catalog, Error, ErrorKind};
use domain::{
    ListDefinition, ListKey, ListKind, LocalizedText, TagBody, TagDefinition, TagKey, Time,
};

/// Runs a test on an empty catalogue of each sort.
fn on_each<F: Future<Output = ()>>(test: impl Fn(Catalog) -> F) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        test(Catalog::in_memory().await.unwrap()).await;
        let folder = tempfile::tempdir().unwrap();
        test(Catalog::open(folder.path()).await.unwrap()).await;
    });
}

fn at(millis: i64) -> Time {
    Time::from_millis(millis)
}

fn key(text: &str) -> TagKey {
    TagKey::new(text).unwrap()
}

fn tag(text: &str, rule: &str) -> TagDefinition {
    TagDefinition {
        name: LocalizedText::same("名"),
        category: "链上".to_owned(),
        ..TagDefinition::new(key(text), TagBody::Rule(rule.to_owned()))
    }
}

fn list(text: &str, kind: ListKind) -> ListDefinition {
    ListDefinition {
        key: ListKey::new(text).unwrap(),
        name: LocalizedText::default(),
        description: LocalizedText::default(),
        kind,
    }
}

fn is<T: std::fmt::Debug>(kind: ErrorKind, result: Result<T, Error>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    error.to_string()
}
