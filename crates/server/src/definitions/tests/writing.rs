//! What is written reads back.

use domain::{Bounds, Lifecycle, Lookalike, Rfm, RfmBounds, RfmGroups};
use proptest::option;

use super::*;

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

/// Bodies that are written short, of any texts.
fn short_bodies() -> impl Strategy<Value = TagBody> {
    let text = || "[ -~\\n是’：—é]{0,20}[!-~]";
    let bound = || {
        prop_oneof![
            text().prop_map(String::from),
            any::<i64>().prop_map(|number| number.to_string())
        ]
    };
    let bounds = || proptest::collection::vec(bound(), 1..4).prop_map(Bounds);
    let of_each =
        (bounds(), bounds(), bounds()).prop_map(|(recency, frequency, monetary)| RfmBounds {
            recency,
            frequency,
            monetary,
        });
    let groups = prop_oneof![Just(RfmGroups::Eight), Just(RfmGroups::Eleven)];
    let measures = (text(), text(), text());
    let rfm = (measures, option::of(text()), option::of(of_each), groups).prop_map(
        |((recency, frequency, monetary), window, bounds, groups)| {
            TagBody::Rfm(Rfm {
                recency,
                frequency,
                monetary,
                window,
                bounds,
                groups,
            })
        },
    );
    let spans = (text(), text(), text(), option::of(text()));
    let lifecycle = (text(), spans).prop_map(|(active, (new, at_risk, lost, returned))| {
        TagBody::Lifecycle(Lifecycle {
            active,
            new,
            at_risk,
            lost,
            returned,
        })
    });
    let features = proptest::collection::vec(text(), 0..4);
    let amount = (option::of(any::<u32>()), option::of(text()), any::<bool>());
    let lookalike =
        (text(), features, amount).prop_map(|(seed, features, (size, top, include_seed))| {
            TagBody::Lookalike(Lookalike {
                seed,
                features,
                size,
                top,
                include_seed,
                learned: None,
            })
        });
    prop_oneof![rfm, lifecycle, lookalike]
}

proptest! {
    #[test]
    fn what_is_written_short_survives_being_written(body in short_bodies()) {
        let tag = TagDefinition::new(TagKey::new("k").unwrap(), body);
        let stored = Definitions { tags: vec![versioned(tag.clone())], ..Definitions::default() };
        let files = export(&stored, &BTreeMap::new());
        let read = parse(files.iter().map(|file| (file.path.as_str(), file.text.as_str())));
        let read = read.map_err(|problems| TestCaseError::fail(format!("{problems}\n{}", files[0].text)))?;
        prop_assert_eq!(&read.tags["k"].definition, &tag, "{}", &files[0].text);
    }

    /// Whatever texts a definition has, its YAML reads back as the same definition.
    #[test]
    fn any_text_survives_being_written(name in "\\PC{0,12}", rule in "[ -~\\n\\t是’：—é]{1,60}", value in "\\PC{1,12}", [zh, en] in any::<[String; 2]>()) {
        prop_assume!(!rule.trim().is_empty());
        let body = TagBody::Cases {
            cases: vec![Case {
                value: value.clone(),
                name: LocalizedText { zh: name.clone(), en: value.clone() },
                rule: rule.trim_end().to_owned(),
            }],
            otherwise: None,
            keep: Keep::First,
        };
        let tag = TagDefinition {
            name: LocalizedText { zh: name.clone(), en: value },
            description: LocalizedText { zh: zh.trim_end().to_owned(), en: en.trim_end().to_owned() },
            category: name,
            refresh: Some("cron \"0 8 * * *\"".parse().unwrap()),
            status: Some(TagStatus::Paused),
            ..TagDefinition::new(TagKey::new("k").unwrap(), body)
        };
        let stored = Definitions { tags: vec![versioned(tag.clone())], ..Definitions::default() };
        let files = export(&stored, &BTreeMap::new());
        let read = parse(files.iter().map(|file| (file.path.as_str(), file.text.as_str())));
        let read = read.map_err(|problems| TestCaseError::fail(format!("{problems}\n{}", files[0].text)))?;
        let mut back = read.tags["k"].definition.clone();
        for text in [&mut back.description.zh, &mut back.description.en] {
            text.truncate(text.trim_end().len());
        }
        prop_assert_eq!(back, tag, "{}", &files[0].text);
    }
}
