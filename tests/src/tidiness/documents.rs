//! Checks of documents: the READMEs show the same commands, links lead somewhere, invariants have tests.

use std::collections::BTreeSet;

use crate::repository::RepositoryFile;

/// The fenced blocks of a Markdown text, without comments and empty lines, which may differ by language.
fn fenced_blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<Vec<&str>> = None;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            match open.take() {
                Some(lines) => blocks.push(lines.join("\n")),
                None => open = Some(vec![line.trim()]),
            }
        } else if let Some(lines) = &mut open {
            let code = line.split("  # ").next().unwrap_or(line).trim_end();
            if !code.is_empty() && !code.starts_with("# ") {
                lines.push(code);
            }
        }
    }
    blocks
}

/// Blocks of commands that one README shows and the other does not.
pub fn differing_commands(files: &[RepositoryFile]) -> Vec<String> {
    let text = |path: &str| {
        files
            .iter()
            .find(|file| file.path == path)
            .and_then(|file| file.text.as_deref())
    };
    let (Some(english), Some(chinese)) = (text("README.md"), text("README.zh-CN.md")) else {
        return vec!["README.md and README.zh-CN.md must both be there".to_owned()];
    };
    let (english, chinese) = (fenced_blocks(english), fenced_blocks(chinese));
    let only = |one: &[String], other: &[String], name: &str| -> Vec<String> {
        one.iter()
            .filter(|block| !other.contains(block))
            .map(|block| format!("only {name} shows this block:\n{block}"))
            .collect()
    };
    let mut findings = only(&english, &chinese, "README.md");
    findings.extend(only(&chinese, &english, "README.zh-CN.md"));
    if findings.is_empty() && english != chinese {
        findings.push("the READMEs show their blocks in different order or number".to_owned());
    }
    findings
}

/// Links between files of the repository that lead nowhere.
pub fn broken_links(files: &[RepositoryFile]) -> Vec<String> {
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let exists = |path: &str| {
        let folder = format!("{path}/");
        paths.contains(path) || paths.iter().any(|other| other.starts_with(&folder))
    };
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        for link in links(file.text.as_deref().unwrap_or_default()) {
            if !exists(&resolve(&file.path, link)) {
                findings.push(format!("{}: `{link}` is not there", file.path));
            }
        }
    }
    findings
}

/// The targets of a text's links to files, without anchors.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|link| !link.is_empty() && !link.contains(':'))
}

/// The path that a link in the file at `from` means.
fn resolve(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Rows of ARCHITECTURE.md's table of invariants that name no test, or a test that is not there.
pub fn invariants_without_test(files: &[RepositoryFile]) -> Vec<String> {
    let architecture = files.iter().find(|file| file.path == "ARCHITECTURE.md");
    let text = architecture.and_then(|file| file.text.as_deref());
    let Some((_, section)) = text.and_then(|text| text.split_once("## Invariants")) else {
        return vec!["ARCHITECTURE.md: has no section `Invariants`".to_owned()];
    };
    let section = section.split("\n## ").next().unwrap_or(section);
    let rows = section.lines().filter(|line| line.starts_with("| "));
    let is_there = |test: &str| {
        let function = format!("fn {test}(");
        let mut sources = files.iter().filter_map(RepositoryFile::rust);
        sources.any(|text| text.contains(&function))
    };
    let mut findings = Vec::new();
    // The first row holds the names of the columns.
    for row in rows.skip(1) {
        let tests = row.trim_end_matches([' ', '|']).rsplit('|').next();
        let mut tests = tests
            .unwrap_or_default()
            .split('`')
            .skip(1)
            .step_by(2)
            .peekable();
        if tests.peek().is_none() {
            findings.push(format!("ARCHITECTURE.md: no test is named: {row}"));
        }
        for test in tests.filter(|test| !is_there(test)) {
            findings.push(format!("ARCHITECTURE.md: there is no test `{test}`"));
        }
    }
    findings
}
