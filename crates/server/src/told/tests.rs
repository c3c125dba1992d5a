//! What is told of many problems.

use rules::{CheckOptions, Vocabulary};

use super::*;

/// The tags of a template at a line, with what the checker says of their rules.
fn tags(line: u64, rule: &str, constants: &[&str]) -> Vec<Problems> {
    let one = |constant: &&str| {
        let text = rule.replace("{n}", constant);
        let checked = rules::read(&text, &Vocabulary::default(), &CheckOptions::default());
        let found = checked.map_or_else(|mistakes| mistakes, |checked| checked.diagnostics);
        let file = "a.yaml".to_owned();
        Problems {
            place: Some(Place { file, line }),
            template: Some("t_{n}".into()),
            ..Problems::of_rule("tag", format!("t_{constant}"), text, found)
        }
    };
    constants.iter().map(one).collect()
}

fn parts(problems: &[Problems]) -> Vec<String> {
    Told::of(problems, Language::English).parts(Language::English)
}

#[test]
fn the_tags_of_a_template_are_told_of_once_what_the_template_filled_in_aside() {
    let rule = "count(swap, last {n} calendar days) > 10";
    let mut problems = tags(2, rule, &["1", "10", "100", "1000", "10000"]);
    problems.iter_mut().for_each(|tag| {
        // Only of a single day it is doubtful whether the current one is meant.
        tag.diagnostics.truncate(1);
    });
    problems.extend(tags(7, "count(lend) > {n}", &["1", "2"]));
    let told = parts(&problems);
    let expected = "\
warning[unknown-event]: unknown event `swap`: there are none yet
  ┌─ a.yaml:2 tag t_1:1:7
  │
1 │ count(swap, last 1 calendar days) > 10
  │       ^^^^
  = 4 more definitions of this template have the same: `t_10`, `t_100`, `t_1000`, …";
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], expected);
    assert!(told[1].contains("a.yaml:7 tag t_1:1:7"), "{told:?}");
    let told = Told::of(&problems, Language::Chinese).parts(Language::Chinese);
    let further = "= 这个模板的另外 4 个定义也是如此：`t_10`、`t_100`、`t_1000`、…";
    assert!(told[0].ends_with(further), "{told:?}");
}

#[test]
fn problems_at_different_places_of_a_template_are_all_told() {
    let problems = tags(2, "did(swap) and did(x{n}) and did(lend)", &["1", "22"]);
    let told = parts(&problems).join("\n");
    for event in ["`swap`", "`x1`", "`lend`"] {
        assert_eq!(told.matches(&format!("event {event}")).count(), 1, "{told}");
    }
    assert!(!told.contains("`x22`"), "{told}");
    assert_eq!(told.matches("1 more definition").count(), 3, "{told}");
    // Without a template, tags of one line are strangers.
    let mut strangers = problems;
    strangers.iter_mut().for_each(|one| one.template = None);
    let told = parts(&strangers).join("\n");
    assert_eq!(told.matches("event `swap`").count(), 2, "{told}");
}

#[test]
fn of_too_many_problems_the_gravest_are_told_and_the_others_counted() {
    let mut problems: Vec<Problems> = (1..=60)
        .flat_map(|line| tags(line, "did(swap{n})", &["1", "2"]))
        .collect();
    problems.extend(tags(99, "did(", &["1"]));
    let told = parts(&problems);
    assert_eq!(told.len(), MOST + 1);
    assert!(told[MOST - 1].contains("a.yaml:99"), "{told:?}");
    // 49 of 60 templates are told, of two tags each.
    assert_eq!(told[MOST], "… and 22 more: `--json` tells all");
}
