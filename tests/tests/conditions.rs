//! The published condition cases of a feature-flag product mean the same here, but for the cases
//! in [`EXCEPTIONS`], each with the decision behind it.
//!
//! The cases are no part of the repository: `MUSTER_DATA` names the folder that has them.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that is skipped says so; what fails in a test fails the test"
)]

#[path = "conditions/evaluate.rs"]
mod evaluate;
#[path = "conditions/translate.rs"]
mod translate;

use std::ops::RangeInclusive;

use muster_tests::real_data;
use serde_json::Value as Json;

use self::translate::NoRule;

/// How a case can come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// As published, by the reference evaluator and by the fold.
    Agrees,
    /// The other way round, by both.
    Differs,
    /// The checker refuses the rule.
    Refused,
    /// There is no rule for it.
    NoRule(NoRule),
}

/// Cases, how they come out here, and the decision behind it: a section or a point of "Meaning"
/// in `docs/rules.md`.
type Exception = (RangeInclusive<u32>, Outcome, &'static str);

const EXCEPTIONS: &[Exception] = &[
    (
        51..=51,
        Outcome::Differs,
        "meaning 1: a comparison with a missing value is false; there it is 0",
    ),
    (
        53..=53,
        Outcome::Differs,
        "meaning 5: beside a text stands a text, and texts compare by code point",
    ),
    (
        101..=101,
        Outcome::Differs,
        "what a rule can measure: `length` of a text is its characters",
    ),
    (
        247..=247,
        Outcome::Differs,
        "meaning 5: in a text place the number 3 is its text, so \"3\" is in the list",
    ),
    (
        94..=95,
        Outcome::Refused,
        "checking: a wrong regular expression is an error, not false",
    ),
    (
        242..=242,
        Outcome::Refused,
        "checking: an unknown list is an error, not an empty list",
    ),
    (
        245..=245,
        Outcome::Refused,
        "checking: an unknown list is an error, not an empty list",
    ),
    (
        17..=17,
        Outcome::NoRule(NoRule::Malformed),
        "checking: `in` takes constants in parentheses",
    ),
    (
        26..=26,
        Outcome::NoRule(NoRule::Malformed),
        "checking: `not in` takes constants in parentheses",
    ),
    (
        40..=40,
        Outcome::NoRule(NoRule::Malformed),
        "checking: there is nothing to compare with",
    ),
    (
        47..=47,
        Outcome::NoRule(NoRule::Malformed),
        "checking: there is nothing to compare with",
    ),
    (
        93..=93,
        Outcome::NoRule(NoRule::Malformed),
        "checking: an unknown operator is an error",
    ),
    (
        81..=82,
        Outcome::NoRule(NoRule::TypeOfValue),
        "meaning 5: the place of use decides the type",
    ),
    (
        85..=92,
        Outcome::NoRule(NoRule::TypeOfValue),
        "meaning 5: the place of use decides the type",
    ),
    (
        129..=137,
        Outcome::NoRule(NoRule::WholeListOrObject),
        "conditions: tests of a list are tests of its elements",
    ),
    (
        220..=220,
        Outcome::Differs,
        "what a rule can measure: what does not begin with a number is no version",
    ),
    (
        232..=235,
        Outcome::Differs,
        "what a rule can measure: behind the first hyphen of a version stands its pre-release",
    ),
];

/// How many cases are published.
const CASES: usize = 248;

fn cases() -> Option<Vec<Json>> {
    let path = real_data::folder()?.join("conditions/growthbook_conditions.json");
    let published: Json = serde_json::from_str(&std::fs::read_to_string(path).ok()?).unwrap();
    Some(published["cases"].as_array().unwrap().clone())
}

fn outcome(case: &Json) -> (Outcome, String) {
    let rule = match translate::rule(&case["condition_mongo"]) {
        Ok(rule) => rule,
        Err(reason) => return (Outcome::NoRule(reason), String::new()),
    };
    let groups = case["saved_groups"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let outcome = match evaluate::holds(&rule, &case["attributes"], &groups) {
        None => Outcome::Refused,
        Some([reference, fold]) => {
            assert_eq!(reference, fold, "reference and fold differ: {rule}: {case}");
            if Json::Bool(fold) == case["expected"] {
                Outcome::Agrees
            } else {
                Outcome::Differs
            }
        }
    };
    (outcome, rule)
}

fn expected(number: u32) -> Outcome {
    let exception = EXCEPTIONS
        .iter()
        .find(|(cases, ..)| cases.contains(&number));
    exception.map_or(Outcome::Agrees, |(_, outcome, _)| *outcome)
}

#[test]
fn published_conditions_mean_the_same_but_for_the_exceptions_with_a_decision() {
    let Some(cases) = cases() else {
        println!("skipped: no data");
        return;
    };
    assert_eq!(cases.len(), CASES);
    let mut agreeing = 0;
    let mut wrong = Vec::new();
    for case in &cases {
        let id = case["id"].as_str().unwrap();
        let number: u32 = id.trim_start_matches("growthbook-").parse().unwrap();
        let (outcome, rule) = outcome(case);
        agreeing += usize::from(outcome == Outcome::Agrees);
        if outcome != expected(number) {
            wrong.push(format!(
                "{outcome:?}, not {:?}: `{rule}`: {case}",
                expected(number)
            ));
        }
    }
    println!("{agreeing} of {CASES} cases agree, the others are exceptions with a decision");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
