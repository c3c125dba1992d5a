//! The rules of whole catalogues: of the demonstration, of the benchmarks.

use super::*;

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
    let book = crate::rulebook::Rulebook::read(
        &tags,
        &audiences,
        vocabulary,
        &rules::CheckOptions::default(),
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
    let book =
        crate::rulebook::Rulebook::read(&tags, &[], vocabulary, &rules::CheckOptions::default());
    let told: Vec<String> = book
        .problems
        .iter()
        .filter(|problems| problems.is_fatal())
        .map(|problems| problems.rendered(Language::English))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(book.tags.len(), 400);
}
