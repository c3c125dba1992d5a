//! A small platform in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::ports::explanation::{
    Change, ChangedPart, Evidence, Explanation, Joint, Measured, Reason, Subject, Window,
};
use api::ports::lineage::{Thing, UnusedTag, Uses};
use api::ports::memory::{MemoryPlatform, MemoryUser};
use api::ports::past::{MovedUser, RunDelta, TagDifference, TagTrend, TrendPoint};
use api::ports::{
    AudienceOverview, Computation, Freshness, FreshnessState, Overview, Profile, TagKind,
    TagOverview, TagVersions, ValueCount,
};
use domain::{
    AudienceKey, Date, Decimal, Event, EventName, EventType, LocalizedText, Span, TagKey, TagValue,
    Time, UserKey, Value,
};

use crate::life;

/// What no page may show as it stands.
pub const HOSTILE: &str = "</textarea><script>alert('x')</script>\"onload='y' &amp;{0}";

pub fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

pub fn tag(definition: &str, kind: TagKind, count: u64, values: &[(&str, u64)]) -> TagOverview {
    let value = |(value, count): &(&str, u64)| ValueCount {
        value: TagValue::new(value),
        count: *count,
    };
    TagOverview {
        definition: serde_json::from_str(definition).unwrap(),
        kind,
        versions: TagVersions {
            shown: 1,
            ..TagVersions::default()
        },
        count,
        values: values.iter().map(value).collect(),
        freshness: Freshness {
            data_as_of: Some(time("2026-11-20T10:00:00Z")),
            last_success: Some(time("2026-11-20T10:00:02Z")),
            duration: Some(Span::from_millis(1_500)),
            next_run: Some(time("2026-11-20T11:00:00Z")),
            state: FreshnessState::Fresh,
            error: None,
            note: None,
        },
    }
}

fn tags() -> Vec<TagOverview> {
    let mut failed = tag(
        r#"{"key":"bot","category":"risk","rule":"count(swap, last 24h) >= 500"}"#,
        TagKind::Condition,
        0,
        &[],
    );
    failed.freshness = Freshness {
        state: FreshnessState::Failed,
        error: Some(LocalizedText {
            zh: "规则读取 `swap`，没有这个事件".to_owned(),
            en: "the rule reads `swap`, which no event is".to_owned(),
        }),
        ..Freshness::default()
    };
    vec![
        tag(
            r#"{"key":"whale","name":{"zh":"巨鲸","en":"Whale"},"description":"Trades much","category":"value","rule":"sum(swap.usd) >= 10000"}"#,
            TagKind::Condition,
            3,
            &[],
        ),
        tag(
            r#"{"key":"tier","name":{"zh":"分层","en":"Tier"},"category":"value","cases":[{"value":"gold","rule":"sum(swap.usd) >= 100"},{"value":"silver","rule":"did(swap)"}],"else":"none","timezone":"Asia/Shanghai"}"#,
            TagKind::Layered,
            5,
            &[("gold", 2), ("silver", 1), ("none", 2)],
        ),
        tag(
            r#"{"key":"traded_usd","value":"sum(swap.usd)","as_of":"2026-11-01T00:00:00Z"}"#,
            TagKind::Metric,
            5,
            &[],
        ),
        failed,
    ]
}

fn user(number: usize) -> MemoryUser {
    let key = UserKey::account(&format!("u{number}"));
    let mut tags = BTreeMap::new();
    if number <= 3 {
        tags.insert(TagKey::new("whale").unwrap(), Vec::new());
    }
    let value = ["gold", "gold", "silver", "none", "none"][number - 1];
    tags.insert(TagKey::new("tier").unwrap(), vec![TagValue::new(value)]);
    let swap = |hour: i64| Event {
        user: key.clone(),
        kind: EventType::Track,
        name: EventName::new("swap"),
        time: Time::from_millis(time("2026-11-20T10:00:00Z").millis() - hour * 3_600_000),
        message_id: Some(Arc::from("m1")),
        properties: vec![(Arc::from("usd"), Value::Number(number_of("12000.50")))],
        unset: vec![Arc::from("memo")],
    };
    let attributes = vec![
        (Arc::from("country"), Value::text("SG")),
        (
            Arc::from("balance_wei"),
            Value::Number(number_of(
                "115792089237316195423570985008687907853269984665640564039457.000000000000000001",
            )),
        ),
        (
            Arc::from("signup_at"),
            Value::Time(time("2026-01-05T08:00:00Z")),
        ),
    ];
    let recent_events = (0..3).map(swap).collect();
    MemoryUser {
        profile: Profile {
            user: key.clone(),
            attributes,
            recent_events,
        },
        tags,
    }
}

fn number_of(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

/// What a user may be asked about, with everything that an explanation may have; texts are what people write.
fn explanation(of: Subject, user: &str, text: &str) -> Explanation {
    let swaps = Measured {
        text: text.to_owned(),
        sentence: LocalizedText::same("swap"),
        value: Some("12000.5".to_owned()),
        compared: Some(">= 10000".to_owned()),
        window: Some(Window::Between {
            from: Some(time("2026-10-21T10:00:00.001Z")),
            to: time("2026-11-20T10:00:00Z"),
        }),
        set_at: None,
        counted: Some(2),
        events: vec![Evidence {
            time: time("2026-11-19T10:00:00Z"),
            event: text.to_owned(),
            properties: BTreeMap::from([(text.to_owned(), text.to_owned())]),
        }],
        is_above: false,
    };
    let country = Measured {
        text: text.to_owned(),
        set_at: Some(time("2026-11-01T00:00:00Z")),
        ..Measured::default()
    };
    let leaf = |measured: &Measured| Reason {
        text: text.to_owned(),
        measured: vec![measured.clone()],
        ..Reason::default()
    };
    let joined = |joint| Reason {
        joint: Some(joint),
        parts: vec![leaf(&swaps), leaf(&country)],
        ..Reason::default()
    };
    let passed_over = Reason {
        value: Some(text.to_owned()),
        comes_after: Some(text.to_owned()),
        ..leaf(&swaps)
    };
    let told_before = Reason {
        measured: vec![Measured {
            is_above: true,
            ..swaps.clone()
        }],
        parts: vec![leaf(&country)],
        are_above: true,
        ..leaf(&swaps)
    };
    Explanation {
        of,
        name: LocalizedText::default(),
        user: user.to_owned(),
        has: false,
        values: vec![text.to_owned()],
        as_of: time("2026-11-20T10:00:00Z"),
        data_as_of: time("2026-11-20T10:00:00Z"),
        sentence: LocalizedText {
            zh: "金额之和".to_owned(),
            en: "the sum".to_owned(),
        },
        rule: [
            Joint::All,
            Joint::Any,
            Joint::AtLeast(2),
            Joint::Not,
            Joint::Points,
        ]
        .map(joined)
        .into_iter()
        .chain([passed_over, told_before])
        .collect(),
        change: Some(Change {
            before: time("2026-11-10T10:00:00Z"),
            had: true,
            is_reproduced: false,
            parts: vec![ChangedPart {
                text: text.to_owned(),
                sentence: LocalizedText::default(),
                held: true,
                holds: false,
                before: vec![swaps],
                after: vec![country],
            }],
        }),
    }
}

/// Five users, four tags, one audience.
pub fn memory() -> MemoryPlatform {
    let users: BTreeMap<UserKey, MemoryUser> = (1..=5)
        .map(user)
        .map(|user| (user.profile.user.clone(), user))
        .collect();
    let audience = AudienceOverview {
        key: AudienceKey::new("vip").unwrap(),
        name: LocalizedText {
            zh: "贵宾".to_owned(),
            en: "VIP".to_owned(),
        },
        description: LocalizedText::same("Those we call"),
        rule: "tag(tier) = \"gold\"".to_owned(),
        count: Some(2),
        freshness: Freshness::default(),
    };
    MemoryPlatform {
        explanations: vec![
            explanation(Subject::Tag(TagKey::new("whale").unwrap()), "u1", "swap"),
            explanation(
                Subject::Audience(AudienceKey::new("vip").unwrap()),
                "u1",
                "swap",
            ),
            explanation(Subject::Rule("did(swap)".to_owned()), "u1", "swap"),
        ],
        versions: life::versions(),
        what_if: life::what_if(),
        overview: Arc::new(Overview {
            events: BTreeMap::new(),
            collections: Default::default(),
            tags: tags(),
            audiences: vec![audience],
            known_users: 5,
            last_computation: Some(Computation {
                finished_at: time("2026-11-20T10:00:02Z"),
                duration: Span::from_millis(1_500),
            }),
        }),
        unready: None,
        rules: BTreeMap::from([(
            "tag(whale)".to_owned(),
            users.keys().take(3).cloned().collect(),
        )]),
        users,
        trends: BTreeMap::from([(TagKey::new("whale").unwrap(), trend())]),
        differences: BTreeMap::from([(TagKey::new("tier").unwrap(), difference())]),
        lineage: vec![uses()],
        duplicates: vec![vec![key("bot"), key("whale")]],
        unused: vec![UnusedTag {
            tag: key("bot"),
            asked_on: Date::parse("2026-10-01"),
        }],
        data_as_of: Some(time("2026-11-20T10:00:00Z")),
    }
}

/// What the tag `tier` is made of, and what is made of it.
fn uses() -> Uses {
    let thing = |kind, key: &str| Thing {
        kind,
        key: key.to_owned(),
    };
    Uses {
        thing: thing("tag", "tier"),
        uses: vec![thing("event", "swap"), thing("tag", "whale")],
        uses_indirectly: vec![thing("attribute", "country")],
        used_by: vec![thing("audience", "vip")],
        used_by_indirectly: Vec::new(),
    }
}

fn key(key: &str) -> TagKey {
    TagKey::new(key).unwrap()
}

/// A tag that grew from one user to three.
fn trend() -> TagTrend {
    let point = |day: &str, count, entered, left| TrendPoint {
        day: Date::parse(day).unwrap(),
        at: time(&format!("{day}T10:00:00Z")),
        count,
        values: Vec::new(),
        entered,
        left,
    };
    TagTrend {
        zone: "UTC".to_owned(),
        points: vec![
            point("2026-11-18", 1, None, None),
            point("2026-11-20", 3, Some(2), Some(0)),
        ],
        changes: vec![RunDelta {
            at: time("2026-11-20T10:00:00Z"),
            entered: 2,
            left: 0,
        }],
        since: Some(time("2026-11-18T10:00:00Z")),
    }
}

/// One user got a better value.
fn difference() -> TagDifference {
    TagDifference {
        from: time("2026-11-18T10:00:00Z"),
        to: time("2026-11-20T10:00:00Z"),
        entered: 0,
        left: 0,
        changed: 1,
        users: vec![MovedUser {
            user: UserKey::account("u1"),
            change: "changed",
            before: vec![TagValue::new("silver")],
            after: vec![TagValue::new("gold")],
        }],
        next: None,
    }
}

/// A platform in which everything that people name is hostile.
pub fn hostile() -> MemoryPlatform {
    let text = serde_json::to_string(HOSTILE).unwrap();
    let mut memory = memory();
    let mut layered = tag(
        &format!(
            r#"{{"key":"evil","name":{{"zh":{text},"en":{text}}},"description":{text},"category":{text},"cases":[{{"value":{text},"rule":{text}}}],"else":{text}}}"#
        ),
        TagKind::Layered,
        1,
        &[(HOSTILE, 1)],
    );
    layered.freshness.error = Some(LocalizedText::same(HOSTILE));
    layered.freshness.note = Some(LocalizedText::same(HOSTILE));
    let mut overview = (*memory.overview).clone();
    overview.tags.push(layered);
    let audience = overview.audiences.first_mut().unwrap();
    audience.name = LocalizedText::same(HOSTILE);
    audience.description = LocalizedText::same(HOSTILE);
    audience.rule = HOSTILE.to_owned();
    audience.freshness.error = Some(LocalizedText::same(HOSTILE));
    memory.overview = Arc::new(overview);
    let key = UserKey::account(HOSTILE);
    let mut user = user(1);
    user.profile.user = key.clone();
    user.profile
        .attributes
        .push((Arc::from(HOSTILE), Value::text(HOSTILE)));
    for event in &mut user.profile.recent_events {
        event.name = EventName::new(HOSTILE);
        event
            .properties
            .push((Arc::from(HOSTILE), Value::text(HOSTILE)));
    }
    user.tags
        .insert(TagKey::new("evil").unwrap(), vec![TagValue::new(HOSTILE)]);
    memory
        .rules
        .insert("tag(evil)".to_owned(), vec![key.clone()]);
    let explained = explanation(
        Subject::Tag(TagKey::new("evil").unwrap()),
        &key.to_string(),
        HOSTILE,
    );
    memory.explanations.push(explained);
    memory.users.insert(key, user);
    memory
}
