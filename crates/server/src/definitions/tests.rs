//! Definition files, read, planned and written.

mod tables;

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Definitions, Versioned};
use domain::{Case, Keep, LocalizedText, TagBody, TagDefinition, TagKey, Time};
use proptest::prelude::*;

use super::*;

fn wanted(text: &str) -> Wanted {
    parse([("a.yaml", text)]).unwrap_or_else(|problems| panic!("{problems}"))
}

fn problems(text: &str) -> String {
    parse([("a.yaml", text)]).unwrap_err().to_string()
}

fn tag<'w>(wanted: &'w Wanted, key: &str) -> &'w TagDefinition {
    &wanted.tags[key].definition
}

fn versioned<T>(definition: T) -> Versioned<T> {
    let at = Time::from_millis(0);
    Versioned {
        definition,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

/// What would be stored after applying the files to nothing.
fn stored(wanted: &Wanted) -> (Definitions, BTreeMap<ListKey, BTreeSet<String>>) {
    let lists = wanted.lists.values().map(|list| &list.definition);
    let members = lists
        .clone()
        .filter_map(|list| Some((list.definition.key.clone(), list.members.clone()?)));
    let stored = Definitions {
        tags: wanted
            .tags
            .values()
            .map(|tag| versioned(tag.definition.clone()))
            .collect(),
        audiences: wanted
            .audiences
            .values()
            .map(|one| versioned(one.definition.clone()))
            .collect(),
        lists: lists
            .clone()
            .map(|list| versioned(list.definition.clone()))
            .collect(),
        ..Definitions::default()
    };
    (stored, members.collect())
}

const ALL: &str = r#"
tags:
  - key: whale
    name: {zh: 巨鲸, en: Whale}
    description: "Moves more than 10,000 USD: a month"
    category: 链上资产
    rule: |
      sum(swap.amount_usd, last 30d) >= 10000
        and country in ("SG", "NO")
  - key: tier
    name: Tier
    cases:
      - {value: gold, rule: sum(swap.amount_usd) >= 10000}
      - value: "1"
        rule: sum(swap.amount_usd) >= 1000
    else: none
    keep: all
    timezone: Asia/Shanghai
    as_of: 2026-11-01T00:00:00Z
  - {key: volume, value: sum(swap.amount_usd)}
audiences:
  - key: vip
    rule: tag(whale) and not tag(tier) = "none"
lists:
  - {key: binance, users: [u9, "anonymous:a7", 17]}
  - {key: chains, values: [eth, 1.0, "1.0", 1e3, true, 0xABCDEFabcdef0123456789ABCDEFabcdef012345, NO]}
  - {key: later, kind: values, name: 以后}
"#;

#[test]
fn a_file_says_everything_that_a_definition_has() {
    let wanted = wanted(ALL);
    let whale = tag(&wanted, "whale");
    assert_eq!(
        whale.name,
        LocalizedText {
            zh: "巨鲸".into(),
            en: "Whale".into()
        }
    );
    assert_eq!(whale.category, "链上资产");
    let rule = "sum(swap.amount_usd, last 30d) >= 10000\n  and country in (\"SG\", \"NO\")";
    assert_eq!(whale.body, TagBody::Rule(rule.into()));
    assert_eq!(wanted.tags["whale"].place.to_string(), "a.yaml:3");
    let tier = tag(&wanted, "tier");
    let case = |value: &str, rule: &str| Case {
        value: value.into(),
        rule: rule.into(),
    };
    let cases = vec![
        case("gold", "sum(swap.amount_usd) >= 10000"),
        case("1", "sum(swap.amount_usd) >= 1000"),
    ];
    assert_eq!(
        tier.body,
        TagBody::Cases {
            cases,
            otherwise: Some("none".into()),
            keep: Keep::All
        }
    );
    assert_eq!(tier.timezone.as_deref(), Some("Asia/Shanghai"));
    assert_eq!(tier.as_of.unwrap().to_string(), "2026-11-01T00:00:00Z");
    assert_eq!(
        tag(&wanted, "volume").body,
        TagBody::Value("sum(swap.amount_usd)".into())
    );
    assert_eq!(wanted.audiences.len(), 1);
    let members = |key: &str| {
        wanted.lists[key]
            .definition
            .members
            .clone()
            .map(|set| set.into_iter().collect::<Vec<_>>())
    };
    assert_eq!(members("binance").unwrap(), ["17", "anonymous:a7", "u9"]);
    let address = "0xabcdefabcdef0123456789abcdefabcdef012345";
    assert_eq!(
        members("chains").unwrap(),
        [address, "1", "1.0", "1000", "NO", "eth", "true"]
    );
    assert_eq!(members("later"), None);
    assert_eq!(
        wanted
            .lists_with_members()
            .map(ListKey::as_str)
            .collect::<Vec<_>>(),
        ["binance", "chains"]
    );
}

#[test]
fn an_empty_file_a_comment_and_several_documents_are_fine() {
    for text in ["", "# nothing yet\n", "---\n", "tags: []\n"] {
        assert_eq!(wanted(text), Wanted::default(), "{text:?}");
    }
    let two = "tags:\n- {key: a, rule: everyone}\n---\ntags:\n- {key: b, rule: everyone}\n";
    assert_eq!(wanted(two).tags.len(), 2);
}

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
        "a.yaml:4: unknown key `colour`: the keys here are `value`, `rule`"
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
        "a.yaml:3: tag `c` needs exactly one of `rule`, `cases` and `value`"
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

#[test]
fn what_is_exported_reads_back_and_changes_nothing() {
    let first = wanted(ALL);
    let (stored, members) = stored(&first);
    let files = export(&stored, &members);
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "audiences.yaml",
            "lists.yaml",
            "tags.yaml",
            "tags/链上资产.yaml"
        ]
    );
    let read = parse(
        files
            .iter()
            .map(|file| (file.path.as_str(), file.text.as_str())),
    );
    let read = read.unwrap_or_else(|problems| panic!("{problems}"));
    let again = plan(&read, &stored, &members, Prune::Remove);
    assert_eq!(
        again.to_string(),
        "0 to add, 0 to change, 0 to remove, 7 unchanged"
    );
    assert_eq!(again.changes(), []);
    let whale = &files[3].text;
    assert!(
        whale.contains("    rule: |\n      sum(swap.amount_usd, last 30d) >= 10000\n        and"),
        "{whale}"
    );
}

#[test]
fn a_plan_tells_what_is_added_changed_and_removed() {
    let (stored, members) = stored(&wanted(ALL));
    let text = "tags:\n- {key: new, rule: everyone}\n- {key: volume, value: sum(swap.fee_usd)}\n\
                lists:\n- {key: binance, users: [u9]}\n";
    let wanted = wanted(text);
    let keep = plan(&wanted, &stored, &members, Prune::Keep);
    let told: Vec<String> = keep.planned.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["~ list binance", "+ tag new", "~ tag volume"]);
    let marked: Vec<String> = keep.planned[2]
        .difference()
        .iter()
        .map(Line::marked)
        .collect();
    let expected = [
        "  key: volume",
        "  value: |",
        "-   sum(swap.amount_usd)",
        "+   sum(swap.fee_usd)",
    ];
    assert_eq!(marked, expected);
    assert_eq!(
        keep.to_string(),
        "1 to add, 2 to change, 0 to remove, 0 unchanged"
    );
    let pruned = plan(&wanted, &stored, &members, Prune::Remove);
    assert_eq!(pruned.count(PlannedAction::Removed), 5);
}

#[test]
fn a_list_that_changes_its_kind_is_emptied_first() {
    let (stored, members) = stored(&wanted("lists:\n- {key: l, users: [u1]}\n"));
    let wanted = wanted("lists:\n- {key: l, values: [x]}\n");
    let changes = plan(&wanted, &stored, &members, Prune::Keep).changes();
    assert!(matches!(&changes[0], catalog::Change::SetMembers(_, members) if members.is_empty()));
    assert_eq!(changes.len(), 3);
}

#[test]
fn folders_are_read_whole_but_for_scenarios_and_what_is_hidden() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("tags/a.yaml", "tags: [{key: a, rule: everyone}]");
    write("b.yml", "tags: [{key: b, rule: everyone}]");
    write("whales.yaml", "# a test\nscenario: whales\nsteps: []\n");
    write(".git/c.yaml", "no: yaml: at all");
    write("readme.md", "no yaml");
    let found = read(&[folder.path().to_path_buf()]).unwrap();
    assert_eq!(found.tags.len(), 2);
    let told = read(&[
        folder.path().join("none.yaml"),
        folder.path().join("tags/a.yaml"),
    ])
    .unwrap_err();
    assert!(
        told.to_string().contains("none.yaml: cannot be read: "),
        "{told}"
    );
    let empty = tempfile::tempdir().unwrap();
    let told = read(&[empty.path().to_path_buf()]).unwrap_err().to_string();
    assert!(
        told.ends_with("there is no `*.yaml` file in this folder"),
        "{told}"
    );
}

#[test]
fn fifteen_thousand_tags_fit_in_one_file() {
    let one = |n: usize| {
        format!(
            "- {{key: t{n}, name: {{zh: 标签, en: Tag}}, category: x, rule: count(swap) > {n}}}\n"
        )
    };
    let text: String = std::iter::once("tags:\n".to_owned())
        .chain((0..15_000).map(one))
        .collect();
    assert_eq!(wanted(&text).tags.len(), 15_000);
}

proptest! {
    /// Whatever texts a definition has, its YAML reads back as the same definition.
    #[test]
    fn any_text_survives_being_written(name in "\\PC{0,12}", rule in "[ -~\\n\\t是’：—é]{1,60}", value in "\\PC{1,12}", description in any::<String>()) {
        prop_assume!(!rule.trim().is_empty());
        let tag = TagDefinition {
            key: TagKey::new("k").unwrap(),
            name: LocalizedText { zh: name.clone(), en: value.clone() },
            description: description.trim_end().to_owned(),
            category: name,
            body: TagBody::Cases {
                cases: vec![Case { value, rule: rule.trim_end().to_owned() }],
                otherwise: None,
                keep: Keep::First,
            },
            timezone: None,
            as_of: None,
        };
        let stored = Definitions { tags: vec![versioned(tag.clone())], ..Definitions::default() };
        let files = export(&stored, &BTreeMap::new());
        let read = parse(files.iter().map(|file| (file.path.as_str(), file.text.as_str())));
        let read = read.map_err(|problems| TestCaseError::fail(format!("{problems}\n{}", files[0].text)))?;
        let mut back = read.tags["k"].definition.clone();
        back.description.truncate(back.description.trim_end().len());
        prop_assert_eq!(back, tag, "{}", &files[0].text);
    }
}

/// All names of the synthetic platform, and none besides: a misspelt one is a mistake.
fn closed_vocabulary(wanted: &Wanted) -> rules::Vocabulary {
    let properties: BTreeSet<rules::checked::Path> = quest_platform::Property::ALL
        .iter()
        .map(|property| property.name().into())
        .collect();
    let event = |kind: &quest_platform::EventKind| (EventName::new(kind.name), properties.clone());
    rules::Vocabulary {
        plan: rules::Plan::Closed,
        events: quest_platform::EVENT_KINDS.iter().map(event).collect(),
        attributes: quest_platform::ATTRIBUTES
            .iter()
            .map(|attribute| attribute.path.into())
            .collect(),
        lists: wanted
            .lists
            .iter()
            .map(|(key, list)| (key.clone(), list.definition.definition.kind))
            .collect(),
        ..rules::Vocabulary::default()
    }
}

#[test]
fn every_rule_of_the_two_hundred_tags_of_the_demonstration_is_right() {
    let wanted =
        parse(quest_platform::DEMO_DEFINITIONS).unwrap_or_else(|problems| panic!("{problems}"));
    let tags: Vec<TagDefinition> = wanted
        .tags
        .values()
        .map(|tag| tag.definition.clone())
        .collect();
    let audiences: Vec<AudienceDefinition> = wanted
        .audiences
        .values()
        .map(|one| one.definition.clone())
        .collect();
    let vocabulary = closed_vocabulary(&wanted);
    let book = crate::rulebook::Rulebook::read(&tags, &audiences, vocabulary, &domain::Zone::utc());
    let told: Vec<String> = book
        .problems
        .iter()
        .filter(|problems| problems.is_fatal())
        .map(|problems| problems.rendered())
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(
        (book.tags.len(), book.audiences.len()),
        (tags.len(), audiences.len())
    );
    assert_eq!(tags.len(), 200);
    for tag in &tags {
        assert!(
            !tag.name.zh.is_empty() && tag.name.zh != tag.name.en,
            "{}",
            tag.key
        );
        assert!(!tag.category.is_empty(), "{}", tag.key);
    }
}

#[test]
fn every_random_tag_of_the_benchmarks_is_right() {
    let settings = quest_platform::Settings {
        seed: 1,
        users: 500,
        events: 50_000,
        now: "2026-11-23T00:00:00Z".parse().unwrap(),
    };
    let platform = quest_platform::Platform::new(settings);
    let tags: Vec<TagDefinition> = quest_platform::random_tags(&platform, 300, 1)
        .into_iter()
        .map(|tag| tag.definition)
        .chain(quest_platform::feature_tags(100, 1))
        .collect();
    let mut vocabulary = closed_vocabulary(&Wanted::default());
    let columns = 0..quest_platform::FeatureTable::COLUMNS;
    vocabulary
        .attributes
        .extend(columns.map(|column| quest_platform::FeatureTable::name(column).into()));
    let book = crate::rulebook::Rulebook::read(&tags, &[], vocabulary, &domain::Zone::utc());
    let told: Vec<String> = book
        .problems
        .iter()
        .filter(|problems| problems.is_fatal())
        .map(|problems| problems.rendered())
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(book.tags.len(), 400);
}
