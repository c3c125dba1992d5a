//! Checks of the repository as a whole: sizes, leftovers, and that every crate is documented and linted.

use crate::repository::RepositoryFile;

/// Bytes of a file kept in git.
const LARGEST_FILE: u64 = 1024 * 1024;

/// Marks of work left undone, written in two parts so that this file holds none.
const LEFTOVERS: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
];

/// First folders of paths that exist only on somebody's machine.
const MACHINE_FOLDERS: [&str; 3] = ["home", "root", "work"];

/// Lints that the workspace must deny, as (tool, lint).
const LINTS: [(&str, &str); 8] = [
    ("rust", "missing_docs"),
    ("rust", "unsafe_code"),
    ("clippy", "all"),
    ("clippy", "unwrap_used"),
    ("clippy", "expect_used"),
    ("clippy", "panic"),
    ("clippy", "print_stdout"),
    ("clippy", "print_stderr"),
];

/// Files that are too large for git.
pub fn large_files(files: &[RepositoryFile]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.bytes > LARGEST_FILE)
        .map(|file| {
            format!(
                "{}: {} bytes, at most {LARGEST_FILE}",
                file.path, file.bytes
            )
        })
        .collect()
}

/// Marks of unfinished work in anything but prose.
pub fn unfinished_work(files: &[RepositoryFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| !file.path.ends_with(".md")) {
        for (number, line) in numbered(file) {
            for mark in LEFTOVERS.iter().filter(|mark| has_word(line, mark)) {
                findings.push(format!("{}:{number}: `{mark}`", file.path));
            }
        }
    }
    findings
}

/// Absolute paths of somebody's machine.
pub fn machine_paths(files: &[RepositoryFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files {
        for (number, line) in numbered(file) {
            for folder in MACHINE_FOLDERS {
                let path = format!("/{folder}/");
                let begins = |at: usize| {
                    let before = line.get(..at).and_then(|text| text.chars().next_back());
                    !before.is_some_and(|c| c.is_alphanumeric() || "._-}/)*".contains(c))
                };
                if line.match_indices(&path).any(|(at, _)| begins(at)) {
                    findings.push(format!("{}:{number}: names `{path}…`", file.path));
                }
            }
        }
    }
    findings
}

/// Crates without a README, or that do not take the workspace's lints.
pub fn bare_crates(folders: &[&str], files: &[RepositoryFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for folder in folders {
        let text = |name: &str| {
            let path = format!("{folder}/{name}");
            let file = files.iter().find(|file| file.path == path);
            file.and_then(|file| file.text.clone())
        };
        if text("README.md").is_none() {
            findings.push(format!("{folder}: has no README.md"));
        }
        let manifest = text("Cargo.toml").and_then(|text| text.parse::<toml::Table>().ok());
        let takes_lints = manifest
            .as_ref()
            .and_then(|manifest| manifest.get("lints"))
            .and_then(|lints| lints.get("workspace"))
            .and_then(toml::Value::as_bool);
        if takes_lints != Some(true) {
            findings.push(format!(
                "{folder}: its Cargo.toml lacks `[lints] workspace = true`"
            ));
        }
    }
    findings
}

/// Lints that the root manifest should deny and does not.
pub fn missing_lints(manifest: &toml::Table) -> Vec<String> {
    let level = |tool: &str, lint: &str| {
        let lint = manifest
            .get("workspace")?
            .get("lints")?
            .get(tool)?
            .get(lint)?;
        lint.get("level")
            .unwrap_or(lint)
            .as_str()
            .map(str::to_owned)
    };
    LINTS
        .iter()
        .filter(|(tool, lint)| level(tool, lint).as_deref() != Some("deny"))
        .map(|(tool, lint)| format!("Cargo.toml: the workspace must deny {tool}'s `{lint}`"))
        .collect()
}

fn numbered(file: &RepositoryFile) -> impl Iterator<Item = (usize, &str)> {
    let text = file.text.as_deref().unwrap_or_default();
    text.lines().enumerate().map(|(at, line)| (at + 1, line))
}

fn has_word(line: &str, word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(is_letter) && !after.is_some_and(is_letter)
    })
}
