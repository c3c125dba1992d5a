//! When tags come due, on a clock that the tests set.

use catalog::{Members, RunId, Success, TagFreshness, Versioned};
use domain::{Language, LocalizedText, Span, TagBody, TagDefinition, TagStatus, Zone};

use super::*;
use crate::config::{Config, RefreshConfig};

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// The built-in configuration with a policy of its own.
fn config(default: &str) -> RefreshConfig {
    let environment = [("MUSTER_REFRESH_DEFAULT".to_owned(), default.to_owned())];
    Config::load(None, environment.into_iter()).unwrap().refresh
}

fn tag(refresh: Option<&str>) -> Versioned<TagDefinition> {
    let body = TagBody::Rule("everyone".to_owned());
    let definition = TagDefinition {
        refresh: refresh.map(|policy| policy.parse().unwrap()),
        ..TagDefinition::new(TagKey::new("vip").unwrap(), body)
    };
    let at = time("2026-03-01T00:00:00Z");
    Versioned {
        definition,
        version: 3,
        created_at: at,
        updated_at: at,
    }
}

/// What is known after a success that began at an instant.
fn succeeded(at: &str) -> TagFreshness {
    let members = Members {
        users: 7,
        as_of: time(at),
        batch: 1,
        fingerprint: 1,
        left_out: 0,
    };
    TagFreshness {
        key: TagKey::new("vip").unwrap(),
        success: Some(Success {
            version: 3,
            run: RunId(1),
            members,
            at: time(at),
            duration: Span::SECOND,
        }),
        attempted_version: 3,
        attempted_at: time(at),
        failures: 0,
        error: None,
    }
}

/// The same after it has failed at an instant.
fn failed_at(before: &TagFreshness, at: Time) -> TagFreshness {
    TagFreshness {
        attempted_at: at,
        failures: before.failures + 1,
        error: Some(LocalizedText {
            zh: "坏了".to_owned(),
            en: "broken".to_owned(),
        }),
        ..before.clone()
    }
}

fn state<'a>(
    definition: &'a Versioned<TagDefinition>,
    freshness: Option<&'a TagFreshness>,
    config: &'a RefreshConfig,
    zone: &str,
) -> TagState<'a> {
    TagState {
        definition,
        freshness,
        config,
        zone: Zone::named(zone).unwrap(),
    }
}

/// When a tag of a policy is computed next after it was computed at an instant.
fn next(policy: &str, zone: &str, last: &str) -> Option<String> {
    let (tag, config) = (tag(Some(policy)), config("by_hand"));
    let fresh = succeeded(last);
    let next = state(&tag, Some(&fresh), &config, zone).next_run();
    next.map(|next| next.to_string())
}

#[test]
fn a_tag_comes_due_by_its_policy() {
    let last = "2026-03-07T12:34:56Z";
    for (policy, due) in [
        ("every 15m", Some("2026-03-07T12:49:56Z")),
        ("cron \"0 8 * * *\"", Some("2026-03-08T00:00:00Z")),
        // What changes bring is followed at once; as a whole it is looked at every 10 minutes.
        ("real_time", Some("2026-03-07T12:44:56Z")),
        ("by_hand", None),
    ] {
        assert_eq!(
            next(policy, "Asia/Shanghai", last).as_deref(),
            due,
            "{policy}"
        );
    }
    // The clock of New York is turned forward at 02:00, which is 07:00 in UTC.
    let due = next("cron \"30 2 * * *\"", "America/New_York", last);
    assert_eq!(due.as_deref(), Some("2026-03-08T07:00:00Z"));
}

#[test]
fn a_tag_without_a_policy_takes_the_configured_one() {
    let (tag, fresh) = (tag(None), succeeded("2026-03-07T12:00:00Z"));
    let next = |default: &str| {
        let config = config(default);
        state(&tag, Some(&fresh), &config, "UTC").next_run()
    };
    assert_eq!(next("every 2h"), Some(time("2026-03-07T14:00:00Z")));
    assert_eq!(next("by_hand"), None);
}

#[test]
fn what_is_new_or_changed_is_due_at_once_unless_by_hand() {
    let config = config("every 1h");
    let defined = time("2026-03-01T00:00:00Z");
    for (policy, due) in [
        (None, Some(defined)),
        (Some("real_time"), Some(defined)),
        (Some("by_hand"), None),
    ] {
        let mut tag = tag(policy);
        let new = state(&tag, None, &config, "UTC");
        assert_eq!(new.next_run(), due);
        assert_eq!(new.standing(defined), Standing::NotComputed);
        tag.version = 4;
        let fresh = succeeded("2026-02-20T00:00:00Z");
        let changed = state(&tag, Some(&fresh), &config, "UTC");
        assert_eq!(changed.next_run(), due);
        assert_eq!(changed.standing(defined), Standing::Due);
    }
}

#[test]
fn a_tag_that_fails_is_tried_again_after_a_pause_that_grows_to_the_longest() {
    let (tag, config) = (tag(Some("cron \"0 8 * * *\"")), config("by_hand"));
    let mut fresh = succeeded("2026-03-07T08:00:00Z");
    let mut tries = Vec::new();
    for _ in 0..10 {
        let now = state(&tag, Some(&fresh), &config, "UTC")
            .next_run()
            .unwrap();
        tries.push(now.to_string());
        fresh = failed_at(&fresh, now);
    }
    let expected = [
        "2026-03-08T08:00:00Z",
        "2026-03-08T08:01:00Z",
        "2026-03-08T08:03:00Z",
        "2026-03-08T08:07:00Z",
        "2026-03-08T08:15:00Z",
        "2026-03-08T08:31:00Z",
        "2026-03-08T09:03:00Z",
        "2026-03-08T10:03:00Z",
        "2026-03-08T11:03:00Z",
        "2026-03-08T12:03:00Z",
    ];
    assert_eq!(tries, expected);
    // A definition that is mended does not wait.
    let mended = Versioned {
        version: 4,
        updated_at: time("2026-03-08T12:10:00Z"),
        ..tag
    };
    let next = state(&mended, Some(&fresh), &config, "UTC").next_run();
    assert_eq!(next, Some(mended.updated_at));
}

#[test]
fn a_tag_that_is_not_fresh_says_why_in_both_languages() {
    let config = config("every 1h");
    let now = time("2026-03-07T13:30:00Z");
    let fresh = succeeded("2026-03-07T13:00:00Z");
    let late = succeeded("2026-03-07T12:00:00Z");
    let failed = failed_at(&late, now);
    let (defined, by_hand) = (tag(None), tag(Some("by_hand")));
    let changed = Versioned {
        version: 4,
        ..tag(None)
    };
    let mut paused = tag(None);
    paused.definition.status = Some(TagStatus::Paused);
    for (tag, freshness, standing, words) in [
        (&defined, Some(&fresh), Standing::Fresh, None),
        (
            &defined,
            Some(&late),
            Standing::Due,
            Some([
                "自 2026-03-07T13:00:00Z 起等待计算",
                "since 2026-03-07T13:00:00Z",
            ]),
        ),
        (
            &changed,
            Some(&fresh),
            Standing::Due,
            Some([
                "成员来自第 3 版定义，第 4 版等待计算",
                "those of version 3; version 4 waits",
            ]),
        ),
        (
            &defined,
            Some(&failed),
            Standing::Failed,
            Some(["坏了", "broken"]),
        ),
        (
            &defined,
            None,
            Standing::NotComputed,
            Some(["还没有计算过", "has not been computed yet"]),
        ),
        (
            &by_hand,
            None,
            Standing::NotComputed,
            Some(["`muster compute vip`", "`muster compute vip`"]),
        ),
        (
            &paused,
            Some(&late),
            Standing::Paused,
            Some(["`muster resume vip`", "`muster resume vip`"]),
        ),
    ] {
        let state = state(tag, freshness, &config, "UTC");
        assert_eq!(state.standing(now), standing);
        let why = state.why(now);
        assert_eq!(why.is_some(), words.is_some(), "{why:?}");
        if let Some((why, words)) = why.zip(words) {
            for (language, words) in Language::ALL.into_iter().zip(words) {
                assert!(why.of(language).contains(words), "{}", why.of(language));
            }
        }
    }
}
