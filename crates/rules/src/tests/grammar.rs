//! The examples of `GRAMMAR.md`, which `GRAMMAR.zh-CN.md` has, too.

use std::fs;
use std::path::Path;

use domain::Language;

use crate::diagnostic::{Severity, render};
use crate::tests::vocabulary::vocabulary;
use crate::{CheckOptions, Rule, parse, print, read};

const GRAMMAR: &str = include_str!("../../GRAMMAR.md");

/// The contents of the fenced blocks of that kind.
fn blocks(kind: &str) -> Vec<String> {
    let opening = format!("```{kind}");
    let mut blocks = Vec::new();
    let mut lines = GRAMMAR.lines();
    while let Some(line) = lines.next() {
        if line == opening {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// All rules of the examples.
pub(super) fn examples() -> impl Iterator<Item = String> {
    let single = blocks("rules");
    let lines = single
        .into_iter()
        .flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>());
    lines.chain(blocks("rule"))
}

#[test]
fn every_example_of_the_grammar_is_read_and_checks() {
    assert!(examples().count() > 40 && !blocks("rule").is_empty());
    for text in examples() {
        let diagnostics = match read(&text, &vocabulary(), &CheckOptions::default()) {
            Ok(checked) => checked.diagnostics,
            Err(diagnostics) => diagnostics,
        };
        let is_wrong = diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity != Severity::Hint);
        assert!(
            !is_wrong,
            "{}",
            render("example", &text, &diagnostics, Language::English)
        );
    }
}

/// Every fenced block with the range of its content in the text.
fn ranges(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        match start {
            None if line.starts_with("```") => start = Some(at + line.len()),
            Some(begin) if line.trim_end() == "```" => {
                ranges.push(begin..at);
                start = None;
            }
            _ => {}
        }
        at += line.len();
    }
    ranges
}

#[test]
fn both_languages_of_the_grammar_have_the_same_examples() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("GRAMMAR.zh-CN.md");
    let chinese = fs::read_to_string(&path).unwrap();
    let (ours, theirs) = (ranges(GRAMMAR), ranges(&chinese));
    assert_eq!(
        ours.len(),
        theirs.len(),
        "a section of GRAMMAR.md is missing in Chinese"
    );
    let mut updated = chinese.clone();
    for (english, block) in ours.into_iter().zip(theirs).rev() {
        updated.replace_range(block, &GRAMMAR[english]);
    }
    if std::env::var_os("UPDATE_CORPUS").is_some() {
        fs::write(&path, &updated).unwrap();
    } else {
        assert_eq!(chinese, updated, "UPDATE_CORPUS=1 takes over the examples");
    }
}

#[test]
fn the_tree_in_the_grammar_is_that_of_its_text() {
    let json = blocks("json").concat();
    let rule = Rule::from_json(&json).unwrap();
    let text = "kyc_level >= 2 and not tag(sybil) and count(swap where token is set, last 30d) > 0";
    assert_eq!(print(&rule), text);
    assert_eq!(parse(text).unwrap(), rule);
}
