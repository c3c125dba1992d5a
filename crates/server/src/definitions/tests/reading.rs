//! What definition files may say, and what of it is read.

use super::*;

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
        name: LocalizedText::default(),
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
