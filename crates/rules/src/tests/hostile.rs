//! No text makes the reader panic, hang or overflow, and places of problems lie in the text.

use std::time::{Duration, Instant};

use domain::Language;
use proptest::prelude::*;

use crate::arbitrary::{checkable_rule, names};
use crate::diagnostic::render;
use crate::tests::cases;
use crate::tests::vocabulary::vocabulary;
use crate::{CheckOptions, Diagnostic, Rule, parse, read};

/// Reads a text and looks at every problem's place.
fn read_hostile(text: &str) {
    let diagnostics: Vec<Diagnostic> = match read(text, &vocabulary(), &CheckOptions::default()) {
        Ok(checked) => checked.diagnostics,
        Err(diagnostics) => {
            let is_told = diagnostics.iter().any(Diagnostic::is_error);
            assert!(is_told, "refused without a word: {text:?}");
            diagnostics
        }
    };
    for diagnostic in &diagnostics {
        let ranges =
            std::iter::once(diagnostic.range).chain(diagnostic.fix.as_ref().map(|fix| fix.range));
        for range in ranges {
            let (start, end) = (range.start as usize, range.end as usize);
            assert!(
                text.get(start..end).is_some(),
                "{range:?} of {text:?}: {diagnostic:?}"
            );
        }
    }
    if text.len() < 10_000 {
        for language in Language::ALL {
            let _ = render("rule", text, &diagnostics, language);
        }
    }
}

const WORDS: [&str; 48] = [
    "count", "(", ")", "swap", ".", ",", "where", "and", "or", "not", "in", "list", "tag", "last",
    "7d", "calendar", "days", "5", "\"a\"", "`b`", "=", "!=", "<", ">=", "+", "-", "*", "/", "is",
    "set", "between", "has", "any", "of", "at", "least", "2", "case", "when", "else", "from", "to",
    "now", "if", "sequence", "->", "，", "“",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(2_000), ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,60}") {
        read_hostile(&text);
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        read_hostile(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_words_in_any_order_are_read_without_panic(
        words in proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..40),
    ) {
        read_hostile(&words.join(" "));
    }

    #[test]
    fn a_rule_with_something_cut_out_or_put_in_is_read_without_panic(
        text in checkable_rule(),
        place in any::<prop::sample::Index>(),
        length in 0..6_usize,
        word in proptest::sample::select(&WORDS[..]),
    ) {
        let letters: Vec<char> = text.chars().collect();
        let place = place.index(letters.len().max(1)).min(letters.len());
        let rest = letters.get(place + length..).unwrap_or_default();
        let changed: String = letters[..place].iter().chain(word.chars().collect::<Vec<_>>().iter()).chain(rest).collect();
        read_hostile(&changed);
        let _ = read(&changed, &names(), &CheckOptions::default());
    }

    #[test]
    fn any_json_is_read_without_panic(json in "[\\[\\]{}\":,a-z0-9_ ]{0,60}") {
        let _ = Rule::from_json(&json);
    }
}

#[test]
fn a_megabyte_of_anything_is_read_in_linear_time() {
    let patterns = [
        "(",
        ")",
        "not ",
        "-",
        "a and ",
        "a or ",
        "a + ",
        "count(",
        "\"",
        "`",
        "“",
        "1 ",
        "1",
        "a.",
        "a",
        "((a) ",
        ", ",
        "= ",
        "a = 1 or ",
        "case ",
        "case \"a\" when b ",
        "tag(",
        "tag(a) and ",
        "sequence(",
        "x in (",
        "\\",
        "--",
        "--\n",
        "count(a where ",
        "last ",
        "\u{1F600}",
        "，",
        "a = \"x\" and ",
        "if(",
        "a between 1 and ",
        "between ",
        "2026-11-01 ",
        "0x",
        "a, ",
        "at least 2 of (",
        "cuont(swap) > 1 and ",
        "country != \"x\" and ",
        "count(swap) < 5 and ",
        "a1 or ",
        "count(swap where chian = 1) > 0 or ",
        "{",
        "[",
    ];
    let started = Instant::now();
    for pattern in patterns {
        let text = pattern.repeat((1 << 20) / pattern.len());
        read_hostile(&text);
        let _ = Rule::from_json(&text);
    }
    let names: Vec<String> = (0..100_000).map(|number| format!("a{number}")).collect();
    read_hostile(&names.join(" or "));
    read_hostile(&format!("count(({})) > 1", names.join(", ")));
    read_hostile(&format!("country in ({})", names.join(", ")));
    // Forty megabytes, also without optimisation on a busy machine.
    assert!(
        started.elapsed() < Duration::from_secs(120),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn very_long_sequences_are_told_in_linear_time() {
    let (steps, same) = ("a -> ".repeat(200_000), ", same b".repeat(100_000));
    let (equal, nots) = (" = a.c".repeat(100_000), "not a -> ".repeat(100_000));
    let filters = "a where b = 1 -> ".repeat(50_000);
    let started = Instant::now();
    for text in [
        format!("sequence({steps}a)"),
        format!("sequence(a -> b{same})"),
        format!("sequence(a -> b, same a.b{equal})"),
        format!("count_sequences({nots}a)"),
        format!("avg(gap({filters}a)) > 1h"),
    ] {
        let problems = read(&text, &vocabulary(), &CheckOptions::default());
        assert!(problems.is_err(), "{:.40}", text);
    }
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_secs(120), "{elapsed:?}");
}

#[test]
fn sixty_four_levels_are_read_and_one_more_is_refused() {
    let nested = |levels: usize, open: &str, close: &str| {
        format!("{}b{}", open.repeat(levels), close.repeat(levels))
    };
    for (open, close) in [
        ("(", ")"),
        ("not ", ""),
        ("not (", ")"),
        ("abs(", ")"),
        ("coalesce(1, ", ")"),
    ] {
        let fit =
            64 / if open == "not (" { 2 } else { 1 } - usize::from(open != "(" && open != "not (");
        parse(&nested(fit, open, close)).unwrap_or_else(|error| panic!("{open}: {error:?}"));
        for levels in [65, 66, 1_000, 100_000] {
            let problems = parse(&nested(levels, open, close)).unwrap_err();
            assert!(
                problems
                    .iter()
                    .any(|problem| problem.message.en.contains("64 levels")),
                "{problems:?}"
            );
        }
    }
    let sum = vec!["a"; 64].join(" + ");
    assert!(parse(&sum).is_ok());
    assert!(parse(&format!("{sum} + a")).is_err());
    let joined = vec!["b"; 100_000].join(" and ");
    assert!(parse(&joined).is_ok());
}

#[test]
fn a_tree_in_json_as_deep_as_a_text_may_be_is_read_and_one_deeper_is_refused() {
    let nested = |levels: usize| {
        format!(
            "{{\"expression\":{}\"everyone\"{}}}",
            "{\"not\":".repeat(levels),
            "}".repeat(levels)
        )
    };
    let rule = Rule::from_json(&nested(63)).unwrap();
    assert_eq!(rule.depth(), 64);
    for levels in [64, 200, 100_000] {
        let error = Rule::from_json(&nested(levels)).unwrap_err();
        assert!(error.to_string().contains("64 levels"), "{error}");
    }
    for wrong in [
        r#"{"expression":{"number":"12x"}}"#,
        r#"{"expression":{"number":12}}"#,
        r#"{"expression":{"not":"everyone","or":[]}}"#,
        r#"{"expression":{"and":["everyone"]}}"#,
        r#"{"expression":{"compare":{"left":"now","operator":"=","right":"now","colour":"red"}}}"#,
        r#"{"expression":{"name":[]}}"#,
        r#"{"expression":{"name":[""]}}"#,
        r#"{"expression":{"duration":"5 d"}}"#,
        r#"{"expression":"broken"}"#,
        r#"{"cases":{"of":[]}}"#,
    ] {
        assert!(Rule::from_json(wrong).is_err(), "{wrong}");
    }
}
