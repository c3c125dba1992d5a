//! The rules of whole catalogues: of the predefined tags, which are described in both languages and
//! in one of six categories, of the demonstration, and of the benchmarks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;

/// The categories, by the folder of the catalogue in which their tags are.
const CATEGORIES: [(&str, &str); 6] = [
    ("account", "账户与社交 Account"),
    ("identity", "真人与身份 Identity"),
    ("assets", "链上资产 Assets"),
    ("quests", "任务与社区 Quests"),
    ("preferences", "偏好 Preferences"),
    ("onchain", "链上行为 On-chain"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue")
}

fn catalogue() -> Wanted {
    read(&[folder()]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// All names of the synthetic platform, and none besides: a misspelt one is a mistake.
fn closed_vocabulary(wanted: &Wanted) -> rules::Vocabulary {
    let properties: BTreeSet<rules::checked::Path> = quest_platform::Property::ALL
        .iter()
        .map(|property| property.name().into())
        .collect();
    let event = |kind: &quest_platform::EventKind| (EventName::new(kind.name), properties.clone());
    let tables = wanted.tables.iter().map(|(key, table)| {
        let table = table.definition.table();
        (key.clone(), Arc::new(table.unwrap()))
    });
    rules::Vocabulary {
        plan: rules::Plan::Closed,
        events: quest_platform::EVENT_KINDS.iter().map(event).collect(),
        attributes: quest_platform::ATTRIBUTES
            .iter()
            .map(|attribute| attribute.path.into())
            .chain([domain::HOLDINGS.into()])
            .collect(),
        lists: wanted
            .lists
            .iter()
            .map(|(key, list)| (key.clone(), list.definition.definition.kind))
            .collect(),
        tables: tables.collect(),
        collections: BTreeSet::from([domain::HOLDINGS.into()]),
        ..rules::Vocabulary::default()
    }
}

/// Checks all rules against the names of the synthetic platform.
#[track_caller]
fn are_right(wanted: &Wanted) {
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
    let vocabulary = closed_vocabulary(wanted);
    let book = crate::rulebook::Rulebook::read(
        &tags,
        &audiences,
        vocabulary,
        &rules::CheckOptions::default(),
        &crate::sql_tags::WithoutQueries,
    );
    let told: Vec<String> = book
        .problems
        .iter()
        .filter(|problems| problems.is_fatal())
        .map(|problems| problems.rendered(Language::English))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(
        (book.tags.len(), book.audiences.len()),
        (tags.len(), audiences.len())
    );
}

#[test]
fn every_rule_of_the_catalogue_and_of_the_demonstration_is_right() {
    are_right(&catalogue());
    let demo = parse(quest_platform::DEMO_DEFINITIONS.iter().copied());
    are_right(&demo.unwrap_or_else(|problems| panic!("{problems}")));
}

#[test]
fn every_predefined_tag_says_in_both_languages_what_it_is_and_what_it_is_good_for() {
    let is_chinese = |text: &str| text.chars().any(|letter| ('一'..='鿿').contains(&letter));
    let catalogue = catalogue();
    let lists = catalogue.lists.values().map(|list| {
        let list = &list.definition.definition;
        (list.key.to_string(), &list.name, &list.description)
    });
    let tables = catalogue.tables.values().map(|table| {
        let table = &table.definition;
        (table.key.to_string(), &table.name, &table.description)
    });
    let tags = catalogue.tags.values().map(|tag| {
        let tag = &tag.definition;
        (tag.key.to_string(), &tag.name, &tag.description)
    });
    for (key, name, description) in tags.chain(lists).chain(tables) {
        assert!(!name.zh.is_empty() && !name.en.is_empty(), "{key}");
        assert!(!is_chinese(&name.en), "{key}: {}", name.en);
        assert!(is_chinese(&description.zh), "{key}: {}", description.zh);
        assert!(!is_chinese(&description.en), "{key}: {}", description.en);
        assert!(description.en.ends_with('.'), "{key}: {}", description.en);
    }
}

#[test]
fn every_predefined_tag_is_in_the_category_of_its_folder() {
    let catalogue = catalogue();
    assert!(catalogue.tags.len() >= 300, "{}", catalogue.tags.len());
    for tag in catalogue.tags.values() {
        let folder = CATEGORIES.iter().find(|(folder, _)| {
            let part = format!("/catalogue/{folder}/");
            tag.place.file.contains(&part)
        });
        let category = folder.map(|(_, category)| *category);
        assert_eq!(
            category,
            Some(tag.definition.category.as_str()),
            "{}: {}",
            tag.place,
            tag.definition.key
        );
    }
    let ideas: BTreeSet<&Place> = catalogue.tags.values().map(|tag| &tag.place).collect();
    assert!(
        ideas.len() >= 300,
        "{} without counting what templates repeat",
        ideas.len()
    );
}

#[test]
fn the_demonstration_has_the_whole_catalogue_and_fills_its_lists() {
    let demo = parse(quest_platform::DEMO_DEFINITIONS.iter().copied()).unwrap();
    let catalogue = catalogue();
    let keys = |wanted: &Wanted| wanted.tags.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&demo), keys(&catalogue));
    assert_eq!(
        demo.tables.keys().collect::<Vec<_>>(),
        catalogue.tables.keys().collect::<Vec<_>>()
    );
    for key in catalogue.lists.keys() {
        let list = demo.lists.get(key).map(|list| &list.definition);
        let members = list.and_then(|list| list.members.as_ref());
        assert!(members.is_some_and(|members| !members.is_empty()), "{key}");
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
    let book = crate::rulebook::Rulebook::read(
        &tags,
        &[],
        vocabulary,
        &rules::CheckOptions::default(),
        &crate::sql_tags::WithoutQueries,
    );
    let told: Vec<String> = book
        .problems
        .iter()
        .filter(|problems| problems.is_fatal())
        .map(|problems| problems.rendered(Language::English))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(book.tags.len(), 400);
}
