//! What a plan says of users is what then happens to them, and it happens as a whole.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use catalog::Definitions;
use domain::{Signature, Span, TagKey, Time, UserSet};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use quest_platform::{Platform as QuestPlatform, Settings};
use server::ask::{Question, ask};
use server::changes::{Effect, Proposed, propose_wanted};
use server::compute::compute;
use server::config::Config;
use server::definitions::{Prune, parse};
use server::engine::Engine;
use server::life::{self, Step};
use server::platform::Platform;
use tags::TagResults;

/// The engine serves one folder at a time.
static ONE: Mutex<()> = Mutex::new(());

const NOW: Time = Time::from_millis(1_795_000_000_000);

/// A platform of few users in that folder.
fn platform(folder: &Path) -> Arc<Platform> {
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    folder.clone_into(&mut config.store.data_dir);
    let platform = Arc::new(Platform::open(config).unwrap());
    let settings = Settings {
        users: 400,
        events: 12_000,
        ..Settings::demo(NOW)
    };
    server::demo::fill(&platform, &QuestPlatform::new(settings)).unwrap();
    platform
}

/// A tag as a file has it, with bounds of its own.
fn tag(key: &str) -> impl Strategy<Value = String> + use<> {
    let key = key.to_owned();
    let bounds = (1_u32..40, 0_u32..3_000, 1_u32..30);
    (0..5_usize, bounds, any::<bool>()).prop_map(move |(form, (count, usd, days), negated)| {
        let not = if negated { "not " } else { "" };
        let body = match form {
            0 => format!("rule: \"{not}count(quest_complete, last {days}d) >= {count}\""),
            1 => format!("rule: \"sum(swap.amount_usd) >= {usd}\""),
            2 => format!("rule: \"tag(base) and {not}did(swap, last {days}d)\""),
            3 => format!(
                "cases: [{{value: high, rule: \"count(login) >= {count}\"}}, {{value: low, rule: \"did(login, last {days}d)\"}}]"
            ),
            _ => format!("value: \"sum(swap.amount_usd, last {days}d)\""),
        };
        format!("  - {{key: {key}, {body}}}\n")
    })
}

/// How a change is made.
#[derive(Clone, Copy, Debug)]
enum Way {
    Apply,
    DraftAndPublish,
    RollBack,
}

#[derive(Clone, Debug)]
struct Case {
    before: String,
    after: String,
    way: Way,
    later: Span,
}

fn case() -> impl Strategy<Value = Case> + use<> {
    let file = || {
        let base = (1_u32..20)
            .prop_map(|count| format!("  - {{key: base, rule: \"count(login) >= {count}\"}}\n"));
        let used = Just("  - {key: of_a, rule: \"tag(a) or in audience(both)\"}\n".to_owned());
        (base, tag("a"), tag("b"), used).prop_map(|(base, a, b, used)| {
            let audiences = "audiences:\n  - {key: both, rule: \"tag(base) and tag(b)\"}\n";
            format!("tags:\n{base}{a}{b}{used}{audiences}")
        })
    };
    let way = prop_oneof![
        Just(Way::Apply),
        Just(Way::DraftAndPublish),
        Just(Way::RollBack)
    ];
    let later = prop_oneof![Just(Span::ZERO), Just(Span::DAY)];
    (file(), file(), way, later).prop_map(|(before, after, way, later)| Case {
        before,
        after,
        way,
        later,
    })
}

fn wanted(platform: &Arc<Platform>, text: &str) -> Proposed {
    let wanted = parse([("a.yaml", text)]).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    propose_wanted(platform, &wanted, Prune::Keep).unwrap()
}

fn keys(platform: &Arc<Platform>, of: impl Fn(&Definitions) -> Vec<TagKey>) -> Vec<TagKey> {
    of(&platform.wait(platform.catalog.definitions()).unwrap())
}

/// The change that is previewed, and then made.
fn proposed(platform: &Arc<Platform>, case: &Case, now: Time) -> Proposed {
    let step = |tags: &[TagKey], step| life::propose(platform, tags, step).unwrap();
    match case.way {
        Way::Apply => wanted(platform, &case.after),
        Way::DraftAndPublish => {
            let drafts = case.after.replace("{key: ", "{status: draft, key: ");
            // Audiences have no drafts.
            let drafts = drafts.replace("{status: draft, key: both", "{key: both");
            wanted(platform, &drafts)
                .apply(Signature::from(now))
                .unwrap();
            let drafts = keys(platform, |all| {
                let drafts = all.drafts.iter();
                drafts.map(|tag| tag.definition.key.clone()).collect()
            });
            step(&drafts, Step::Publish)
        }
        Way::RollBack => {
            wanted(platform, &case.after)
                .apply(Signature::from(now))
                .unwrap();
            let mut engine = Engine::read(platform).unwrap();
            compute(&mut engine, now, &[]).unwrap();
            let (older, newer) = (lines(&case.before), lines(&case.after));
            let changed = ["base", "a", "b"]
                .into_iter()
                .filter(|key| older[key] != newer[key]);
            let changed: Vec<TagKey> = changed.map(|key| TagKey::new(key).unwrap()).collect();
            step(&changed, Step::RollBack { to: None })
        }
    }
}

fn lines(file: &str) -> BTreeMap<&str, &str> {
    let tags = file.lines().filter_map(|line| {
        let rest = line.strip_prefix("  - {key: ")?;
        rest.split_once(',')
    });
    tags.collect()
}

fn members(results: &TagResults, key: &TagKey) -> UserSet {
    results.members(key).unwrap_or_default().as_ref().clone()
}

fn check(platform: &Arc<Platform>, case: &Case) -> Result<(), TestCaseError> {
    wanted(platform, &case.before)
        .apply(Signature::from(NOW))
        .unwrap();
    compute(&mut Engine::read(platform).unwrap(), NOW, &[]).unwrap();
    let mut proposed = proposed(platform, case, NOW);
    let as_of = NOW.checked_add(case.later).unwrap();
    let effects = proposed.effects(as_of).unwrap();
    let before = Arc::clone(proposed.engine.results.as_ref().unwrap());
    proposed.apply(Signature::from(NOW)).unwrap();
    let after = compute(&mut Engine::read(platform).unwrap(), as_of, &[]).unwrap();
    let of: BTreeMap<&TagKey, &Effect> =
        effects.iter().map(|effect| (&effect.tag, effect)).collect();
    for key in &after.tags {
        let (old, new) = (
            members(&before, key),
            members(after.results.as_ref().unwrap(), key),
        );
        match of.get(key) {
            Some(effect) => {
                prop_assert_eq!(&effect.entered, &new.minus(&old), "{} enters", key);
                prop_assert_eq!(&effect.left, &old.minus(&new), "{} leaves", key);
                let recorded = after
                    .changes
                    .changes
                    .iter()
                    .filter(|change| change.slot.tag == *key && change.slot.value.is_some());
                let recorded: Vec<_> = recorded.cloned().collect();
                prop_assert_eq!(&effect.values, &recorded, "values of {}", key);
            }
            // Only time can change what no effect is told of.
            None if case.later == Span::ZERO => prop_assert_eq!(old, new, "{}", key),
            None => {}
        }
    }
    Ok(())
}

#[test]
fn exactly_those_enter_and_leave_whom_the_preview_names() {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let platform = platform(folder.path());
    let mut runner = TestRunner::new(Cases {
        cases: 16,
        failure_persistence: None,
        ..Cases::default()
    });
    let ended = runner.run(&case(), |case| check(&platform, &case));
    platform.close();
    ended.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_definition_that_changes_while_it_is_computed_takes_its_turn() {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let platform = platform(folder.path());
    let file = |days: u32| {
        format!(
            "tags:\n  - {{key: base, rule: \"did(login, last {days}d)\"}}\n  - {{key: used, rule: \"tag(base)\"}}\n"
        )
    };
    let put = |days: u32| {
        wanted(&platform, &file(days))
            .apply(Signature::from(NOW))
            .unwrap()
    };
    let counted = |days: u32| {
        let question = Question {
            expression: format!("did(login, last {days}d)"),
            as_of: Some(NOW),
            ..Question::default()
        };
        let engine = Engine::read(&platform).unwrap();
        ask(&engine, &question).unwrap().users.as_ref().clone()
    };
    let (one_day, all_days) = (counted(1), counted(30));
    assert!(one_day.len() < all_days.len());
    put(1);
    // The computation has begun when the definition changes.
    let mut begun = Engine::read(&platform).unwrap();
    put(30);
    let first = compute(&mut begun, NOW, &[]).unwrap();
    let second = compute(&mut Engine::read(&platform).unwrap(), NOW, &[]).unwrap();
    let (base, used) = (TagKey::new("base").unwrap(), TagKey::new("used").unwrap());
    for (computed, expected) in [(first, one_day), (second, all_days)] {
        assert_eq!(members(computed.results.as_ref().unwrap(), &base), expected);
        assert_eq!(members(computed.results.as_ref().unwrap(), &used), expected);
    }
    platform.close();
}
