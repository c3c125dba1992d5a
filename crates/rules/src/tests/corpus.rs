//! The corpus in `tests/corpus`: rules with their canonical text and what is said about them.
//!
//! A file holds cases between lines of `====`; a case is a text, a line of `----` and what comes
//! out of it. `UPDATE_CORPUS=1` writes what comes out; look at the difference before you keep it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::tests::vocabulary::vocabulary;
use crate::{CheckOptions, Plan, Rule, parse, print, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// What comes out of a text: the canonical text, if it is another one, and every problem.
fn outcome(text: &str, plan: Plan) -> String {
    let mut outcome = String::new();
    if let Ok(rule) = parse(text) {
        let canonical = print(&rule);
        let json = rule.to_json().unwrap();
        assert_eq!(parse(&canonical).as_ref(), Ok(&rule), "{text}");
        assert_eq!(Rule::from_json(&json).unwrap(), rule, "{text}");
        if canonical != text {
            writeln!(outcome, "= {}", canonical.replace('\n', "\n  ")).unwrap();
        }
    }
    let vocabulary = crate::Vocabulary {
        plan,
        ..vocabulary()
    };
    let diagnostics = match read(text, &vocabulary, &CheckOptions::default()) {
        Ok(checked) => checked.diagnostics,
        Err(diagnostics) => diagnostics,
    };
    for diagnostic in &diagnostics {
        writeln!(outcome, "{}", line(text, diagnostic)).unwrap();
    }
    if outcome.is_empty() {
        "ok\n".to_owned()
    } else {
        outcome
    }
}

fn line(text: &str, diagnostic: &Diagnostic) -> String {
    let severity = format!("{:?}", diagnostic.severity).to_lowercase();
    let range = diagnostic.range;
    let mut line = format!(
        "{severity} {} at {}..{} {:?}: {}",
        diagnostic.code.as_str(),
        range.start,
        range.end,
        range.of(text),
        diagnostic.message
    );
    if let Some(fix) = &diagnostic.fix {
        write!(
            line,
            " | fix {:?} by {:?}",
            fix.range.of(text),
            fix.replacement
        )
        .unwrap();
    }
    line
}

#[test]
fn every_case_of_the_corpus_comes_out_as_written() {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = String::new();
    for file in files {
        let written = fs::read_to_string(&file).unwrap();
        let plan = if file.ends_with("closed_plan.txt") {
            Plan::Closed
        } else {
            Plan::Open
        };
        let mut updated = Vec::new();
        for case in written.trim_end().split("\n====\n") {
            let (text, expected) = case.split_once("\n----").unwrap_or((case, ""));
            let found = outcome(text, plan);
            if found.trim_end() != expected.trim() {
                writeln!(
                    wrong,
                    "{}:\n{text}\n--- expected\n{expected}\n--- found\n{found}",
                    file.display()
                )
                .unwrap();
            }
            updated.push(format!("{text}\n----\n{}", found.trim_end()));
        }
        if std::env::var_os("UPDATE_CORPUS").is_some() {
            fs::write(&file, updated.join("\n====\n") + "\n").unwrap();
        }
    }
    assert!(
        wrong.is_empty() || std::env::var_os("UPDATE_CORPUS").is_some(),
        "{wrong}"
    );
}
