//! What is wrong with definition files.

use super::*;

#[test]
fn what_is_wrong_is_told_with_file_line_and_correction() {
    let unknown = "tags:\n  - key: a\n    ruel: everyone\n";
    assert_eq!(
        problems(unknown),
        "a.yaml:3: unknown key `ruel`: did you mean `rule`?"
    );
    let unknown = "tag:\n  - key: a\n";
    assert_eq!(
        problems(unknown),
        "a.yaml:1: unknown key `tag`: did you mean `tags`?"
    );
    let unknown = "tags:\n- key: a\n  cases:\n  - {value: x, rule: y, colour: red}\n";
    assert_eq!(
        problems(unknown),
        "a.yaml:4: unknown key `colour`: the keys here are `value`, `name`, `rule`"
    );
    let cut = problems("tags:\n- {key: a, rule: count(swap, last 7d) >= 3}\n");
    assert!(cut.contains("put the rule in single quotes"), "{cut}");
    assert_eq!(
        problems("tags:\n- rule: x\n"),
        "a.yaml:2: the key `key` is missing"
    );
    assert_eq!(
        problems("tags:\n- {key: a, rule: x, rule: y}\n"),
        "a.yaml:2: the key `rule` is written twice"
    );
    let bad_name = problems("tags:\n- {key: a, name: {de: Wal}, rule: x}\n");
    assert!(
        bad_name.starts_with("a.yaml:2: unknown key `de`"),
        "{bad_name}"
    );
    let syntax = problems("tags:\n- key: a\n  rule: [1, 2\n- key: b\n");
    assert!(
        syntax.starts_with("a.yaml:") && !syntax.contains('\n'),
        "{syntax}"
    );
    let comma = problems("tags:\n- {key: a, rule: count(swap, last 30d) > 3}\n");
    assert!(comma.starts_with("a.yaml:2: "), "{comma}");
}

#[test]
fn all_definitions_that_are_wrong_are_told_at_once() {
    let text = "tags:\n- {key: a-b, rule: x}\n- {key: c}\n- {key: d, rule: x, timezone: Asia/Shanghia}\n\
                - {key: e, rule: x, as_of: soon}\nlists:\n- {key: f}\n- {key: g, users: [\"\"]}\n";
    let told = problems(text);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 6, "{told}");
    assert!(lines[0].starts_with("a.yaml:2: `a-b` is no key"), "{told}");
    assert_eq!(
        lines[1],
        "a.yaml:3: tag `c` needs exactly one of `rule`, `cases`, `value`, `rfm`, `lifecycle`, `lookalike`, `imported`, `by_hand` and `sql`"
    );
    assert!(lines[2].contains("did you mean `Asia/Shanghai`?"), "{told}");
    assert!(lines[3].contains("`soon` is not a time"), "{told}");
    assert!(
        lines[4].contains("needs exactly one of `users`, `values`"),
        "{told}"
    );
    assert!(lines[5].starts_with("a.yaml:8: list `g`: "), "{told}");
}

#[test]
fn a_key_in_two_files_is_told_with_both_places() {
    let text = "tags:\n- {key: a, rule: everyone}\n";
    let told = parse([("x.yaml", text), ("y.yaml", text)])
        .unwrap_err()
        .to_string();
    assert_eq!(
        told,
        "y.yaml:2: tag `a` is defined here and at x.yaml:2: remove one"
    );
}

#[test]
fn what_is_wrong_is_told_in_chinese_too() {
    let twice = "tags:\n- {key: a, rule: everyone}\n";
    let files = [
        ("x.yaml", twice),
        ("y.yaml", twice),
        ("z.yaml", "tags:\n- key: b\n  ruel: everyone\n"),
    ];
    let told = parse(files).unwrap_err();
    assert_eq!(
        told.in_words(Language::Chinese),
        "y.yaml:2：标签 `a` 在这里和 x.yaml:2 都有定义：去掉一处\nz.yaml:3：没有键 `ruel`：是不是 `rule`？"
    );
    let json = told.json(Language::Chinese);
    assert_eq!(json["problems"][1]["file"], "z.yaml");
    assert_eq!(json["problems"][1]["line"], 3);
}

#[test]
fn a_wrong_way_of_refreshing_is_told_in_both_languages_with_the_correction() {
    let text = "tags:\n- {key: a, rule: everyone, refresh: hourly}\n\
                - {key: b, rule: everyone, refresh: every 15 minutes}\n\
                - {key: c, rule: everyone, refresh: 'cron \"0 25 * * *\"'}\n";
    let told = parse([("a.yaml", text)]).unwrap_err();
    let lines = |language| {
        let words = told.in_words(language);
        words.lines().map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        lines(Language::English),
        [
            "a.yaml:2: tag `a`: `hourly` is no way to refresh: write `real_time`, `every 15m`, `cron \"0 8 * * *\"` or `by_hand`",
            "a.yaml:3: tag `b`: `every 15 minutes` is no time: did you mean `every 15m`?",
            "a.yaml:4: tag `c`: the hour of a cron expression cannot be `25`: it takes 0-23, `*`, `*/2`, `1-5`, `1,3`",
        ]
    );
    assert_eq!(
        lines(Language::Chinese),
        [
            "a.yaml:2：标签 `a`：`hourly` 不是刷新方式：写 `real_time`、`every 15m`、`cron \"0 8 * * *\"` 或 `by_hand`",
            "a.yaml:3：标签 `b`：`every 15 minutes` 不是时长：是不是 `every 15m`？",
            "a.yaml:4：标签 `c`：cron 表达式的小时不能是 `25`：可以写 0-23、`*`、`*/2`、`1-5`、`1,3`",
        ]
    );
}
