//! The sentences in `tests/sentences`: rules with what they say in 中文 and in English.
//!
//! A file holds cases between lines of `====`; a case is a text, a line of `----` and the two
//! sentences; `grammar.txt` has all examples of the grammar. `UPDATE_CORPUS=1` writes what comes out; look at the difference before you keep it.

use std::fs;
use std::path::{Path, PathBuf};

use domain::{EventName, Language, LocalizedText, TagKey};
use proptest::prelude::*;

use crate::arbitrary::any_rule;
use crate::parse;
use crate::sentence::{Names, sentence};
use crate::tests::grammar::examples;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences")
}

fn names() -> Names {
    let mut names = Names::default();
    let whale = LocalizedText {
        zh: "大户".into(),
        en: "Big spender".into(),
    };
    names.tags.insert(TagKey::new("whale").unwrap(), whale);
    let purchase = LocalizedText {
        zh: "下单".into(),
        en: "Purchase".into(),
    };
    names.events.insert(EventName::new("purchase"), purchase);
    names.collections = ["roles", "positions"].map(Into::into).into();
    names
}

fn both(text: &str) -> String {
    match parse(text) {
        Ok(rule) => {
            let said = |language| sentence(&rule, language, &names());
            format!("{}\n{}", said(Language::Chinese), said(Language::English))
        }
        Err(problems) => format!("{problems:?}"),
    }
}

/// Texts, each with what it says.
fn said(texts: &[String]) -> String {
    let cases: Vec<String> = texts
        .iter()
        .map(|text| format!("{text}\n----\n{}", both(text)))
        .collect();
    cases.join("\n====\n") + "\n"
}

fn compare(file: &str, texts: &[String]) {
    let path = folder().join(file);
    let found = said(texts);
    if std::env::var_os("UPDATE_CORPUS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    for (written, found) in written.split("\n====\n").zip(found.split("\n====\n")) {
        assert_eq!(written, found, "{file}");
    }
    assert_eq!(
        written, found,
        "{file}: UPDATE_CORPUS=1 writes what comes out"
    );
}

#[test]
fn every_example_of_the_grammar_says_what_is_written_in_both_languages() {
    let examples: Vec<String> = examples().collect();
    compare("grammar.txt", &examples);
}

#[test]
fn every_wording_is_as_written_in_both_languages() {
    let written = fs::read_to_string(folder().join("wording.txt")).unwrap();
    let texts: Vec<String> = written
        .trim_end()
        .split("\n====\n")
        .map(|case| case.split("\n----").next().unwrap_or_default().to_owned())
        .collect();
    compare("wording.txt", &texts);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_tree_has_a_sentence_without_marks_of_its_making(rule in any_rule()) {
        for language in Language::ALL {
            let said = sentence(&rule, language, &names());
            prop_assert!(!said.is_empty() && !said.contains(['\u{f0000}', '\u{f0001}']), "{}", said);
        }
    }
}
