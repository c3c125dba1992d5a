//! The corpus in `tests/corpus`: rules with their canonical text and what is said about them.

use std::fmt::Write as _;

use super::files::compare;
use crate::diagnostic::Diagnostic;
use crate::tests::vocabulary::vocabulary;
use crate::{CheckOptions, Plan, Rule, parse, print, read};

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
        let message = &diagnostic.message;
        assert_eq!(named(&message.zh), named(&message.en), "{message:?}");
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
        diagnostic.message.en
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

/// What is named in backticks, in any order.
fn named(message: &str) -> Vec<&str> {
    let mut named: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    named.sort_unstable();
    named.dedup();
    named
}

#[test]
fn every_case_of_the_corpus_comes_out_as_written() {
    compare("tests/corpus", |file, text| {
        let plan = if file.ends_with("closed_plan.txt") {
            Plan::Closed
        } else {
            Plan::Open
        };
        outcome(text, plan)
    });
}
