//! Text, tree and JSON are convertible without loss, and what should check does.

use domain::Language;
use proptest::prelude::*;

use crate::arbitrary::{any_rule, checkable_rule, names};
use crate::diagnostic::render;
use crate::tests::cases;
use crate::{CheckOptions, Rule, parse, print, read};

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(1_500), ..ProptestConfig::default() })]

    #[test]
    fn a_tree_printed_reads_back_as_itself(rule in any_rule()) {
        let text = print(&rule);
        let read = parse(&text);
        prop_assert_eq!(read.as_ref(), Ok(&rule), "{}", text);
        prop_assert_eq!(print(&read.unwrap()), text);
    }

    #[test]
    fn a_tree_goes_through_json_unchanged(rule in any_rule()) {
        let json = rule.to_json().unwrap();
        prop_assert_eq!(Rule::from_json(&json).map_err(|error| error.to_string()), Ok(rule));
    }

    #[test]
    fn what_should_check_does_and_canonical_text_means_the_same(text in checkable_rule()) {
        let options = CheckOptions::default();
        let checked = read(&text, &names(), &options);
        prop_assert!(checked.is_ok(), "{}", render("rule", &text, &checked.unwrap_err(), Language::English));
        let canonical = print(&parse(&text).unwrap());
        let again = read(&canonical, &names(), &options).unwrap();
        prop_assert_eq!(again.rule, checked.unwrap().rule);
    }
}
