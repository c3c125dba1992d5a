//! What a run says of scenarios that pass, that fail, and that cannot be read.

mod catalogue;

use super::*;

/// What a run of one file prints.
fn run_text(text: &str, format: Format) -> (Summary, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("test.yaml"), text).unwrap();
    let mut printed = Vec::new();
    let summary = run(
        &[folder.path().to_owned()],
        format,
        Language::English,
        &mut printed,
    )
    .unwrap();
    let printed = String::from_utf8(printed).unwrap();
    (
        summary,
        printed.replace(&format!("{}/", folder.path().display()), ""),
    )
}

/// The failures of one step after `at`, in one text.
fn failures_of(step: &str) -> String {
    let indented = step.replace('\n', "\n    ");
    let text = format!("scenario: s\nsteps:\n  - at: 2026-11-22T00:00:00Z\n    {indented}\n");
    run_text(&text, Format::Text).1
}

const WHALES: &str = r#"
scenario: whales
steps:
  - at: 2026-11-22T00:00:00Z
    define:
      tags:
        - {key: whale, rule: 'sum(swap.usd, last 30d) >= 10000 and not country = "SG"'}
    ingest:
      - {user: u1, track: swap, properties: {usd: 12000}}
      - {user: u2, track: swap, properties: {usd: 9999.99}}
    expect:
      tags: {whale: MEMBERS}
"#;

#[test]
fn a_scenario_that_passes_is_a_line() {
    let (summary, printed) = run_text(&WHALES.replace("MEMBERS", "[u1]"), Format::Text);
    assert_eq!(
        summary,
        Summary {
            passed: 1,
            failed: 0
        }
    );
    assert_eq!(printed, "passed  whales\n1 passed, 0 failed\n");
}

#[test]
fn a_scenario_that_fails_says_where_what_and_why() {
    let (summary, printed) = run_text(&WHALES.replace("MEMBERS", "[u1, u2]"), Format::Text);
    assert_eq!(
        summary,
        Summary {
            passed: 0,
            failed: 1
        }
    );
    let expected = "\
FAILED  whales (test.yaml:2)
    step 1: tag `whale`
      expected  [u1, u2]
      got       [u1]
      why       u2 does not have whale, as of 2026-11-22T00:00:00Z
                  ✗ all of these:
                    ✗ the sum of usd over swap events in the last 30 × 24 hours is at least 10,000
                        sum(swap.usd, last 30d) = 9999.99   (compared: >= 10000)
                          window: 2026-10-23T00:00:00.001Z … 2026-11-22T00:00:00Z
                          1 event counted:
                            2026-11-22T00:00:00Z swap  usd=9999.99
                    ✓ not:
                      ✗ country is “SG”
                          country = no value   (compared: = \"SG\")
0 passed, 1 failed
";
    assert_eq!(printed, expected);
}

#[test]
fn a_failure_shows_the_rank_and_speaks_of_no_other_user() {
    let text = "
scenario: ranks
steps:
  - at: 2026-11-22T00:00:00Z
    define:
      tags:
        - {key: best, rule: 'rank(level) in top 1 or user(referrer).tag(rich)'}
        - {key: rich, rule: level > 2}
    ingest:
      - {user: u1, identify: {level: 3}}
      - {user: u2, identify: {level: 2, referrer: u3}}
      - {user: u3, identify: {level: 1}}
    expect:
      tags: {best: [u1, u2]}
";
    let (_, printed) = run_text(text, Format::Text);
    let expected = "\
      why       u2 does not have best, as of 2026-11-22T00:00:00Z
                  ✗ at least one of these:
                    ✗ the user is in the top 1 by level
                        rank(level) = 2   (compared: in top 1)
                        level = 2
                          last set at 2026-11-22T00:00:00Z
                    ✗ the user whom referrer names has the tag rich
                        referrer = u3
                          last set at 2026-11-22T00:00:00Z
0 passed, 1 failed
";
    assert!(printed.ends_with(expected), "{printed}");
}

#[test]
fn as_json_there_is_one_object_for_each_scenario() {
    let both = format!(
        "{}---{}",
        WHALES.replace("MEMBERS", "[u1]"),
        WHALES.replace("MEMBERS", "{includes: [u1], excludes: [u1]}")
    );
    let (_, printed) = run_text(&both, Format::Json);
    let objects: Vec<serde_json::Value> = printed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(objects.len(), 2);
    assert_eq!(objects[0]["passed"], true);
    assert_eq!(objects[1]["failures"][0]["what"], "tag `whale` excludes");
    assert_eq!(objects[1]["failures"][0]["got"], "[u1]");
}

#[test]
fn a_mistake_in_one_scenario_leaves_the_others() {
    let text = "scenario: a\nsteps: []\n---\nscenario: b\nstep: []\n---\nscenario: c\nsteps: []\n";
    let (summary, printed) = run_text(text, Format::Text);
    assert_eq!(
        summary,
        Summary {
            passed: 2,
            failed: 1
        }
    );
    assert!(
        printed.contains(
            "unknown field `step`, expected one of scenario, timezone, event_retention, steps"
        ),
        "{printed}"
    );
    assert!(printed.contains("test.yaml:5"), "{printed}");
}

#[test]
fn unknown_keys_are_errors_at_every_level() {
    for step in [
        "inges: []",
        "define: {tag: []}",
        "define: {tags: [{key: a, rule: everyone, colour: red}]}",
        "ingest: [{user: u1, track: a, propertie: {}}]",
        "expect: {tag: {}}",
        "define: {events: [{key: a, colour: red}]}",
        "define: {events: [{key: a, properties: {b: {kind: text}}}]}",
    ] {
        assert!(
            failures_of(step).contains("unknown field"),
            "{step}: {}",
            failures_of(step)
        );
    }
}

#[test]
fn an_entry_that_is_no_event_fails_with_its_number() {
    for (entry, reason) in [
        ("{track: a}", "neither `userId` nor `anonymousId`"),
        (
            "{user: u1}",
            "needs one of `track`, `identify`, `page`, `screen`, `group`, `holdings`, `alias`, `link`,",
        ),
        (
            "{user: u1, track: a, page: b}",
            "this one has `track`, `page`",
        ),
        ("{link: [u1, u2], track: a}", "this one has `track`, `link`"),
        ("{user: u1, erase: u1}", "`erase` takes no `user`"),
        (
            "{user: u1, link: u2, properties: {a: 1}}",
            "`link` takes no `properties`",
        ),
        (
            "{user: u1, identify: {a: 1}, properties: {b: 1}}",
            "it has no `properties`",
        ),
        (
            "{user: u1, track: a, traits: {b: 1}}",
            "`traits` go with `group`",
        ),
        ("{user: u1, track: $page}", "reserved"),
        ("{user: u1, track: a, at: soon}", "`soon` is not a time"),
        ("{link: [u1]}", "`link` needs two identities or more"),
        ("{link: [u1, u2], at: soon}", "`soon` is no time"),
        ("{erase: nobody}", "there is no user `nobody` to erase"),
    ] {
        let printed = failures_of(&format!("ingest: [{{user: u1, track: fine}}, {entry}]"));
        assert!(printed.contains("entry 2 of `ingest`"), "{printed}");
        assert!(printed.contains(reason), "{printed}");
    }
}

#[test]
fn a_definition_is_refused_if_and_only_if_that_is_expected() {
    let broken = "define: {tags: [{key: a, rule: 'did('}]}";
    let printed = failures_of(broken);
    assert!(printed.contains("tag `a` is refused"), "{printed}");
    assert!(printed.contains("tag a:1:5"), "{printed}");
    let expected = format!("{broken}\nexpect: {{rejected: {{a: expected}}}}");
    assert!(failures_of(&expected).contains("1 passed"));
    let elsewhere = format!("{broken}\nexpect: {{rejected: {{a: nonsense}}}}");
    assert!(failures_of(&elsewhere).contains("`a` is refused"));
    let fine = "define: {tags: [{key: a, rule: everyone}]}\nexpect: {rejected: {a: ''}}";
    assert!(
        failures_of(fine).contains("got       accepted"),
        "{}",
        failures_of(fine)
    );
}

#[test]
fn what_is_refused_of_a_template_is_told_once_but_to_programs_always() {
    let folder = tempfile::tempdir().unwrap();
    let template =
        "tags:\n- key: n_{n}\n  rule: \"count(swap) >= 'x' and did(n{n}\"\n  for: {n: [1, 2, 3]}\n";
    std::fs::write(folder.path().join("tags.yml"), template).unwrap();
    let scenario = "scenario: s\nsteps: [{at: 2026-11-22T00:00:00Z, define: {from: tags.yml}}]\n";
    let file = folder.path().join("s.yaml");
    std::fs::write(&file, scenario).unwrap();
    let printed = |format| {
        let mut printed = Vec::new();
        run(
            std::slice::from_ref(&file),
            format,
            Language::English,
            &mut printed,
        )
        .unwrap();
        String::from_utf8(printed).unwrap()
    };
    let told = printed(Format::Text);
    assert_eq!(told.matches("is refused").count(), 1, "{told}");
    assert!(told.contains("tags.yml:2 tag n_1:1:"), "{told}");
    let others = "= 2 more definitions of this template have the same: `n_2`, `n_3`";
    assert!(told.contains(others), "{told}");
    let told = printed(Format::Json);
    assert_eq!(told.matches("is refused").count(), 3, "{told}");
    assert!(told.contains("tag n_3:1:"), "{told}");
}

#[test]
fn whoever_expects_members_of_a_draft_is_told_what_to_do() {
    let step = |status: &str| {
        format!(
            "define: {{tags: [{{key: a, status: {status}, rule: everyone}}]}}\nexpect: {{tags: {{a: []}}}}"
        )
    };
    let printed = failures_of(&step("draft"));
    let told =
        "tag `a` is a draft, and nothing follows from it: `define: {publish: a}` puts it in force";
    assert!(printed.contains(told), "{printed}");
    let printed = failures_of(&step("archived"));
    assert!(printed.contains("tag `a` is archived"), "{printed}");
    assert!(failures_of(&step("paused")).contains("1 passed"));
}

#[test]
fn what_cannot_be_learned_is_told_where_someone_is_expected() {
    let step = "define: {tags: [{key: a, lookalike: {seed: did(s), features: [did(t)], size: 5}}]}\n\
                ingest: [{user: u1, track: s}]\nexpect: {tags: {a: WHO}}";
    assert!(failures_of(&step.replace("WHO", "[]")).contains("1 passed"));
    let printed = failures_of(&step.replace("WHO", "[u1]"));
    assert!(
        printed.contains("the seed has 1 users: at least 20"),
        "{printed}"
    );
}

#[test]
fn expectations_of_every_kind_can_fail() {
    let given = "define: {tags: [{key: t, value: sum(a.x)}, {key: l, cases: [{value: v, rule: did(a)}]}], \
                 audiences: [{key: p, rule: did(a)}]}\n\
                 ingest: [{user: u1, track: a, properties: {x: 0.1}}, {user: u1, identify: {c: SG}}]";
    for (expect, what, got) in [
        (
            "values: {t: {u1: 0.10000000000000001}}",
            "value of `t` for u1",
            "0.1",
        ),
        (
            "values: {t: {u1: 5}}",
            "value of `t` for u1",
            "why       u1 has t",
        ),
        ("left: {t: [u1]}", "left `t`", "why       u1 has t"),
        ("hints: {nope: []}", "there is no tag `nope`", ""),
        (
            "values: {t: {nobody: 1}}",
            "value of `t` for nobody",
            "no value",
        ),
        ("attributes: {u1: {c: JP}}", "attribute `c` of u1", "\"SG\""),
        ("counts: {t: 2}", "count of `t`", "1"),
        ("counts: {l: {v: 2}}", "count of `l` = \"v\"", "1"),
        ("tags: {l: {v: []}}", "tag `l` = \"v\"", "[u1]"),
        ("tags: {t: {includes: [u2]}}", "tag `t` includes", "[u1]"),
        ("audiences: {p: []}", "audience `p`", "[u1]"),
        ("entered: {t: []}", "entered `t`", "[u1]"),
        ("left: {t: [u1]}", "left `t`", "[]"),
        ("hints: {l: nonsense}", "hints about `l`", "unknown event"),
    ] {
        let printed = failures_of(&format!("{given}\nexpect: {{{expect}}}"));
        assert!(printed.contains(what), "{expect}: {printed}");
        assert!(printed.contains(got), "{expect}: {printed}");
    }
    let unknown = failures_of("expect: {tags: {nope: []}, audiences: {nope: []}}");
    assert!(unknown.contains("there is no tag `nope`"), "{unknown}");
    assert!(unknown.contains("there is no audience `nope`"), "{unknown}");
}

#[test]
fn steps_go_forward_in_time() {
    let back = "scenario: s\nsteps:\n  - at: 2026-11-22\n  - at: 2026-11-21\n";
    let (_, printed) = run_text(back, Format::Text);
    assert!(
        printed.contains("step 2: steps go forward in time"),
        "{printed}"
    );
    let first = "scenario: s\nsteps:\n  - ingest: [{user: u1, track: a}]\n";
    let (_, printed) = run_text(first, Format::Text);
    assert!(printed.contains("the first step needs `at`"), "{printed}");
}

#[test]
fn what_yaml_takes_for_something_else_stays_what_it_is() {
    let step = "define: {tags: [{key: t, rule: 'country = \"NO\" and to = \"0x10\" and usd = 1.000000000000000001'}]}\n\
                ingest: [{user: 007, identify: {country: NO, to: 0x10, usd: 1.000000000000000001}}]\n\
                expect: {tags: {t: [007]}}";
    assert!(
        failures_of(step).contains("1 passed"),
        "{}",
        failures_of(step)
    );
}

#[test]
fn what_is_refused_without_a_rule_is_told_in_words() {
    let printed = failures_of("define: {events: [{key: swap, properties: {usd: nubmer}}]}");
    let expected = "\
    step 1: event `swap` is refused
      got       event swap: event `swap`: property `usd`: unknown type `nubmer`: did you mean `number`?
";
    assert!(printed.contains(expected), "{printed}");
    let printed = failures_of("define: {lists: [{key: team}]}");
    assert!(
        printed.contains("list `team` needs either `users` or `values`"),
        "{printed}"
    );
    let printed = failures_of("define: {events: [{properties: {usd: number}}]}");
    assert!(printed.contains("an event needs `key`"), "{printed}");
}

#[test]
fn other_line_ends_a_mark_at_the_beginning_and_empty_documents_change_nothing() {
    let text = format!(
        "\u{feff}{}\n---\n---\nscenario: b\nsteps: []\n---\n",
        WHALES.trim_start().replace("MEMBERS", "[u1]")
    );
    let (summary, printed) = run_text(&text.replace('\n', "\r\n"), Format::Text);
    assert_eq!((summary.passed, summary.failed), (2, 0), "{printed}");
}

#[test]
fn no_scenario_at_all_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [folder.path().to_owned()];
    assert!(run(&paths, Format::Text, Language::English, &mut Vec::new()).is_err());
    assert!(
        run(
            &[folder.path().join("absent.yaml")],
            Format::Text,
            Language::English,
            &mut Vec::new()
        )
        .is_err()
    );
}

#[test]
fn a_scenario_takes_over_definition_files_and_replaces_what_it_defines_itself() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("tags")).unwrap();
    let definitions = "tags:\n  - {key: \"over_{usd}\", for: {usd: [1, 100]}, rule: 'sum(swap.usd) > {usd} and not in list(staff)'}\n  \
                       - {key: stable, rule: did(swap where token in list(stablecoins))}\n\
                       lists:\n  - {key: staff, kind: users}\n  - {key: stablecoins, values: [DAI]}\n";
    write("tags/swaps.yaml", definitions);
    let scenario = "\
scenario: from a file
steps:
  - at: 2026-11-22T00:00:00Z
    define: {from: tags/swaps.yaml}
    ingest:
      - {user: u1, track: swap, properties: {usd: 500, token: DAI}}
      - {user: u2, track: swap, properties: {usd: 5, token: UNI}}
    expect:
      tags: {over_1: [u1, u2], over_100: [u1], stable: [u1]}
  - define:
      from: [tags]
      lists: [{key: staff, users: [u1]}]
      tags: [{key: stable, rule: did(swap where token = \"UNI\")}]
    expect:
      tags: {over_1: [u2], over_100: [], stable: [u2]}
---
scenario: no such file
steps:
  - at: 2026-11-22T00:00:00Z
    define: {from: absent.yaml}
";
    write("test.yaml", scenario);
    let mut printed = Vec::new();
    let path = folder.path().join("test.yaml");
    let summary = run(&[path], Format::Text, Language::English, &mut printed).unwrap();
    let printed = String::from_utf8(printed).unwrap();
    assert_eq!((summary.passed, summary.failed), (1, 1), "{printed}");
    assert!(printed.contains("absent.yaml: cannot be read"), "{printed}");
}

#[test]
fn an_entry_that_repeats_is_as_many_events_one_after_the_other() {
    let step = "define: {tags: [{key: days, value: days(login)}, {key: last, value: last_time(login)}]}\n\
                ingest: [{user: u1, track: login, at: 2026-11-01T09:00:00Z, times: 3, every: 1.5d}]\n\
                expect: {values: {days: {u1: 3}, last: {u1: 2026-11-04T09:00:00Z}}}";
    assert!(
        failures_of(step).starts_with("passed"),
        "{}",
        failures_of(step)
    );
    for (wrong, message) in [
        ("times: 3", "`times` and `every` go together"),
        ("times: 3, every: 1 day", "`1 day` is no duration"),
        (
            "times: 3, every: 1d, message_id: m1",
            "without `message_id`",
        ),
    ] {
        let told = failures_of(&format!("ingest: [{{user: u1, track: login, {wrong}}}]"));
        assert!(told.contains(message), "{wrong}: {told}");
    }
}
