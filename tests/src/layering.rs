//! Who may import whom, who may know which driver, and what the pure crates must not reach.

use std::collections::BTreeSet;

use crate::metadata::Dependencies;
use crate::repository::RepositoryFile;

/// The language and its meaning: no I/O, no clock, no threads.
pub const PURE: [&str; 3] = ["domain", "rules", "features"];
/// Logic, each with its own ports. No stage imports another.
pub const STAGES: [&str; 4] = ["collector", "identity", "tags", "audiences"];
/// A driver each. No adapter imports another.
pub const ADAPTERS: [&str; 3] = ["sources", "warehouse", "catalog"];

/// What a crate of the workspace may import of the workspace. `None`: the crate is not in the picture.
fn may_import(name: &str) -> Option<Vec<&'static str>> {
    let pure_and_stages = || [&PURE[..], &STAGES].concat();
    let everything = || [&PURE[..], &STAGES, &ADAPTERS].concat();
    let allowed = match name {
        "domain" => vec![],
        "rules" => vec!["domain"],
        "features" => vec!["domain", "rules"],
        "collector" | "identity" | "tags" | "audiences" => PURE.to_vec(),
        "sources" | "warehouse" | "catalog" | "api" => pure_and_stages(),
        "server" => [&everything()[..], &["api", "quest-platform"]].concat(),
        "quest-platform" => vec!["domain"],
        "muster-bench" => [&everything()[..], &["api", "server", "quest-platform"]].concat(),
        "muster-tests" => vec![],
        _ => return None,
    };
    Some(allowed)
}

/// How high a crate stands: its tests may use what stands as high or lower, and the generator.
fn height(name: &str) -> usize {
    match name {
        "domain" => 0,
        "rules" => 1,
        "features" => 2,
        name if STAGES.contains(&name) => 3,
        name if ADAPTERS.contains(&name) => 4,
        "api" => 5,
        "server" => 6,
        _ => 7,
    }
}

/// Libraries that only the named crates of `crates/` may import, so that a driver can be changed in one place.
const DRIVERS: &[(&str, &[&str])] = &[
    ("axum", &["api"]),
    ("hyper", &["api"]),
    ("tower-http", &["api"]),
    ("async-graphql", &["api"]),
    ("libloading", &["warehouse"]),
    ("clickhouse", &["warehouse"]),
    ("sqlx", &["catalog"]),
    ("arrow-array", &["sources"]),
    ("arrow-buffer", &["sources"]),
    ("arrow-schema", &["sources"]),
    ("csv", &["sources", "server"]),
    ("parquet", &["sources"]),
    (
        "tokio",
        &["sources", "warehouse", "catalog", "api", "server"],
    ),
    ("clap", &["server"]),
    ("anyhow", &["server"]),
];

/// Families of packages that the pure crates must not even reach through others. A family is a name and
/// everything that begins with the name and a hyphen.
const IMPURE: &[&str] = &[
    "tokio",
    "mio",
    "socket2",
    "async-std",
    "smol",
    "rayon",
    "crossbeam",
    "libloading",
    "arrow",
    "parquet",
    "sqlx",
    "libsqlite3",
    "rusqlite",
    "mysql_async",
    "axum",
    "hyper",
    "tower",
    "reqwest",
    "redis",
    "rdkafka",
    "tempfile",
    "getrandom",
    "rand",
];

/// What a pure crate's sources must not say, with the reason.
const IMPURE_WORDS: &[(&str, &str)] = &[
    ("std::fs", "files"),
    ("std::net", "the network"),
    ("std::process", "processes"),
    ("std::thread", "threads"),
    ("std::env", "the environment"),
    ("std::sync::mpsc", "channels"),
    ("stdin()", "standard input"),
    ("stdout()", "standard output"),
    ("stderr()", "standard error"),
    ("SystemTime", "a clock"),
    ("Instant::now", "a clock"),
    ("::now()", "a clock"),
];

/// Imports between crates of the workspace that the picture forbids.
pub fn forbidden_imports(dependencies: &Dependencies) -> Vec<String> {
    let ours: BTreeSet<&str> = dependencies.members.keys().map(String::as_str).collect();
    let mut findings = Vec::new();
    for (name, member) in &dependencies.members {
        let Some(allowed) = may_import(name) else {
            findings.push(format!(
                "`{name}` is not in the picture: say in tests/src/layering.rs what it may import"
            ));
            continue;
        };
        for other in member
            .normal
            .iter()
            .filter(|other| ours.contains(&***other))
        {
            if !allowed.contains(&other.as_str()) {
                findings.push(format!(
                    "`{name}` imports `{other}`, but may only import {allowed:?}"
                ));
            }
        }
        for other in member
            .development
            .iter()
            .filter(|other| ours.contains(&***other))
        {
            if height(other) > height(name) && other != "quest-platform" {
                findings.push(format!(
                    "the tests of `{name}` use `{other}`, which stands above it"
                ));
            }
        }
    }
    findings
}

/// Drivers imported by crates that must not know them. Tests, benchmarks and the generator are free.
pub fn misplaced_drivers(dependencies: &Dependencies) -> Vec<String> {
    let mut findings = Vec::new();
    for (name, member) in &dependencies.members {
        if !member.folder.starts_with("crates/") {
            continue;
        }
        for (driver, owners) in DRIVERS {
            if member.normal.contains(*driver) && !owners.contains(&name.as_str()) {
                findings.push(format!(
                    "`{name}` imports `{driver}`, which only {owners:?} may know"
                ));
            }
        }
    }
    findings
}

/// Runtimes, drivers and sources of chance that a pure crate reaches, with the way to them.
pub fn impure_reach(dependencies: &Dependencies) -> Vec<String> {
    let mut findings = Vec::new();
    for name in PURE {
        for (package, chain) in dependencies.reach(name) {
            if IMPURE.iter().any(|family| belongs(&package, family)) {
                findings.push(format!(
                    "`{name}` must stay pure, but reaches `{package}`: {chain}"
                ));
            }
        }
    }
    findings
}

fn belongs(package: &str, family: &str) -> bool {
    package
        .strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Places where a pure crate's production code does I/O, reads a clock or spawns.
pub fn impure_sources(files: &[RepositoryFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| !file.is_test()) {
        let in_pure_crate = PURE
            .iter()
            .any(|name| file.path.starts_with(&format!("crates/{name}/src/")));
        let Some(text) = file.rust().filter(|_| in_pure_crate) else {
            continue;
        };
        for (number, line) in production_lines(text) {
            for (word, what) in IMPURE_WORDS {
                if line.contains(word) {
                    findings.push(format!(
                        "{}:{number}: `{word}`: a pure crate must not use {what}",
                        file.path
                    ));
                }
            }
        }
    }
    findings
}

/// The lines of code before the tests at the end of a file, comments left out, with their numbers.
fn production_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .take_while(|(_, line)| *line != "#[cfg(test)]")
        .filter(|(_, line)| !line.starts_with("//"))
}

#[cfg(test)]
mod tests;
