//! One definition that stands for many.

use super::*;

#[test]
fn a_template_stands_for_every_choice_of_its_constants() {
    let text = r#"
tags:
  - key: done_{quest}_{days}
    name: {zh: "完成 {quest}", en: "Completed {quest}"}
    for: {quest: [q001, q002], days: [7, 30]}
    rule: |
      did(quest_complete where quest_id = "{quest}" and path matches "^a{2}{x}", last {days}d)
"#;
    let wanted = wanted(text);
    let keys: Vec<&str> = wanted.tags.keys().map(TagKey::as_str).collect();
    assert_eq!(
        keys,
        ["done_q001_30", "done_q001_7", "done_q002_30", "done_q002_7"]
    );
    let one = tag(&wanted, "done_q002_7");
    assert_eq!(one.name.zh, "完成 q002");
    let rule =
        "did(quest_complete where quest_id = \"q002\" and path matches \"^a{2}{x}\", last 7d)";
    assert_eq!(one.body, TagBody::Rule(rule.into()));
}

#[test]
fn what_is_wrong_with_many_of_a_template_is_told_once() {
    let text = "tags:\n- key: done_{quest}\n  rule: did(swap)\n  timezone: Asia/Shangai\n  \
                for: {quest: [a, b, c, d, e]}\n- {key: x, rule: did(swap), timezone: Asia/Shangai}\n";
    let told = problems(text);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(
        lines[0].ends_with(
            "4 more definitions of this template have the same: `done_b`, `done_c`, `done_d`, …"
        ),
        "{told}"
    );
    assert!(lines[1].starts_with("a.yaml:6: tag `x`: "), "{told}");
    let twice = "tags:\n- key: done_{quest}\n  rule: did(swap)\n  for: {quest: [a, b]}\n";
    let all = parse([("x.yaml", twice), ("y.yaml", twice)]).unwrap_err();
    assert_eq!(
        all.in_words(Language::Chinese),
        "y.yaml:2：标签 `done_a` 在这里和 x.yaml:2 都有定义：去掉一处；这个模板的另外 1 个定义也是如此：`done_b`"
    );
    let json = all.json(Language::English);
    assert_eq!(json["problems"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_template_that_cannot_be_expanded_says_why() {
    let text = |key: &str, rule: &str, constants: &str| {
        format!("tags:\n- key: {key}\n  rule: \"{rule}\"\n  for: {{quest: [{constants}]}}\n")
    };
    let told = problems(&text("\"done_{quest}\"", "did({qest})", "a"));
    assert_eq!(
        told,
        "a.yaml:2: unknown variable `{qest}`: did you mean `{quest}`?"
    );
    let told = problems(&text("done", "did({quest})", "a, b, c"));
    assert!(
        told.ends_with("its key must name every variable of `for`"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1, "{told}");
    let told = problems(&text("\"done_{quest}\"", "did({quest})", ""));
    assert!(
        told.contains("`quest` of `for` stands for nothing"),
        "{told}"
    );
}
