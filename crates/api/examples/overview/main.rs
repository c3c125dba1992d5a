//! The HTTP faces over data in memory: `cargo run -p api --example overview [ADDRESS:PORT]`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use api::ports::life::WhatIf;
use api::ports::memory::{MemoryPlatform, MemoryUser};
use api::ports::{
    AudienceOverview, Computation, Freshness, FreshnessState, Overview, Profile, TagKind,
    TagOverview, TagVersions, ValueCount,
};
use api::{Config, Platform};
use domain::{
    AudienceDefinition, Decimal, Event, EventName, EventType, LocalizedText, Span, TagBody,
    TagDefinition, TagValue, Time, UserKey, Value, Zone,
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use tokio::net::TcpListener;

type Failure = Box<dyn Error>;

const EVERYBODY: u64 = 20_000;
const SHOWN: u64 = 60;

const TOOK: Span = Span::from_millis(3_240);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:7401".to_owned());
    let platform = Arc::new(platform()?);
    let config = Config {
        zone: Zone::named("Asia/Shanghai")?,
        ..Config::default()
    };
    let listener = TcpListener::bind(&address).await?;
    writeln!(std::io::stderr(), "http://{}/", listener.local_addr()?)?;
    let platform = Platform {
        catalogue: platform.clone(),
        members: platform.clone(),
        life: platform.clone(),
        past: platform.clone(),
        lineage: platform.clone(),
        by_hand: platform,
    };
    api::serve(listener, config, platform, std::future::pending()).await?;
    Ok(())
}

fn platform() -> Result<MemoryPlatform, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let data_as_of = Time::from_millis(i64::try_from(now)? - 150_000);
    let overview = overview(data_as_of)?;
    let users: BTreeMap<UserKey, MemoryUser> = (1..=SHOWN)
        .map(|number| {
            let user = user(number, &overview.tags, data_as_of);
            (user.profile.user.clone(), user)
        })
        .collect();
    let whales = users.keys().step_by(3).cloned().collect();
    let rules = [
        ("tag(whale) and not tag(sybil)".to_owned(), whales),
        ("kyc_level >= 2".to_owned(), users.keys().cloned().collect()),
    ];
    Ok(MemoryPlatform {
        explanations: Vec::new(),
        versions: BTreeMap::new(),
        what_if: WhatIf::default(),
        overview: Arc::new(overview),
        unready: None,
        users,
        rules: rules.into_iter().collect(),
        trends: BTreeMap::new(),
        differences: BTreeMap::new(),
        lineage: Vec::new(),
        duplicates: Vec::new(),
        unused: Vec::new(),
        data_as_of: Some(data_as_of),
    })
}

fn overview(data_as_of: Time) -> Result<Overview, Failure> {
    let Definitions { tags, audiences } = serde_json::from_str(include_str!("definitions.json"))?;
    Ok(Overview {
        events: BTreeMap::new(),
        tags: tags
            .into_iter()
            .map(|tag| tag.overview(data_as_of))
            .collect(),
        audiences: audiences
            .into_iter()
            .map(|audience| audience.overview(data_as_of))
            .collect(),
        known_users: EVERYBODY,
        last_computation: Some(Computation {
            finished_at: data_as_of,
            duration: TOOK,
        }),
        ..Overview::default()
    })
}

/// What the file beside this one holds.
#[derive(Deserialize)]
struct Definitions {
    tags: Vec<SampleTag>,
    audiences: Vec<SampleAudience>,
}

#[derive(Deserialize)]
struct SampleTag {
    definition: TagDefinition,
    count: u64,
    #[serde(default)]
    values: Map<String, Json>,
    error: Option<String>,
}

impl SampleTag {
    fn overview(self, data_as_of: Time) -> TagOverview {
        let values = self.values.iter().map(|(value, count)| ValueCount {
            value: TagValue::new(value),
            count: count.as_u64().unwrap_or(0),
        });
        TagOverview {
            kind: match &self.definition.body {
                TagBody::Rule(_)
                | TagBody::Lookalike(_)
                | TagBody::Supplied(_)
                | TagBody::Sql(_) => TagKind::Condition,
                TagBody::Cases { .. } | TagBody::Rfm(_) | TagBody::Lifecycle(_) => TagKind::Layered,
                TagBody::Value(_) => TagKind::Metric,
            },
            versions: TagVersions::default(),
            count: self.count,
            values: values.collect(),
            definition: self.definition,
            freshness: Freshness {
                data_as_of: Some(data_as_of),
                last_success: Some(data_as_of),
                duration: Some(TOOK),
                state: match self.error {
                    Some(_) => FreshnessState::Failed,
                    None => FreshnessState::Fresh,
                },
                error: self.error.as_deref().map(LocalizedText::same),
                ..Freshness::default()
            },
        }
    }
}

#[derive(Deserialize)]
struct SampleAudience {
    definition: AudienceDefinition,
    count: u64,
}

impl SampleAudience {
    fn overview(self, data_as_of: Time) -> AudienceOverview {
        AudienceOverview {
            key: self.definition.key,
            name: self.definition.name,
            description: self.definition.description,
            rule: self.definition.rule,
            count: Some(self.count),
            freshness: Freshness {
                data_as_of: Some(data_as_of),
                ..Freshness::default()
            },
        }
    }
}

fn user(number: u64, tags: &[TagOverview], data_as_of: Time) -> MemoryUser {
    let [first, second, third] = [1, 2, 3].map(|salt| chance(number, salt));
    let key = UserKey::account(&format!("0x{first:016x}{second:016x}{:08x}", third >> 32));
    let tags = (10..).zip(tags).filter_map(|(salt, tag)| {
        let chance = chance(number, salt);
        let has = chance % EVERYBODY < tag.count.max(EVERYBODY / 4);
        has.then(|| (tag.definition.key.clone(), values(tag, chance)))
    });
    let tags = tags.collect();
    let profile = Profile {
        user: key.clone(),
        attributes: attributes(number, data_as_of),
        recent_events: (1..=8)
            .map(|at| event(&key, at, chance(number, at), data_as_of))
            .collect(),
    };
    MemoryUser { profile, tags }
}

/// A number that looks like chance and is always the same.
fn chance(number: u64, salt: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17);
    mixed ^ salt.wrapping_mul(0xd1b5_4a32_d192_ed03)
}

fn values(tag: &TagOverview, chance: u64) -> Vec<TagValue> {
    let choice = usize::try_from(chance % 7).unwrap_or(0);
    match tag.kind {
        TagKind::Condition => Vec::new(),
        TagKind::Layered => {
            let value = tag.values.iter().cycle().nth(choice);
            value.map(|value| value.value.clone()).into_iter().collect()
        }
        TagKind::Metric => {
            let (whole, places) = (chance % 90_000, chance % 100);
            vec![TagValue::new(&format!("{whole}.{places:02}"))]
        }
    }
}

fn attributes(number: u64, data_as_of: Time) -> Vec<(Arc<str>, Value)> {
    let country = match number % 4 {
        0 => "SG",
        1 => "JP",
        2 => "VN",
        _ => "BR",
    };
    let attributes = [
        ("country", Value::text(country)),
        (
            "kyc_level",
            Value::from(Decimal::from_mantissa((number % 4).into(), 0)),
        ),
        ("email_verified", Value::Bool(number.is_multiple_of(2))),
        (
            "signup_at",
            Value::Time(before(data_as_of, number * 3, Span::DAY)),
        ),
        ("social.x", Value::text(&format!("@collector_{number}"))),
    ];
    attributes
        .map(|(name, value)| (Arc::from(name), value))
        .into()
}

fn event(user: &UserKey, at: u64, chance: u64, data_as_of: Time) -> Event {
    let (name, properties): (_, Vec<(&str, Value)>) = match chance % 4 {
        0 => ("login", vec![("device", Value::text("ios"))]),
        1 => (
            "quest_complete",
            vec![
                ("quest_id", Value::text("q-0412")),
                ("reward_usd", Value::from(12)),
            ],
        ),
        2 => ("check_in", vec![]),
        _ => (
            "swap",
            vec![
                ("chain", Value::text("bsc")),
                (
                    "amount_usd",
                    Value::from(Decimal::from_mantissa(i128::from(chance % 9_000_000), 2)),
                ),
                ("token_in", Value::text("USDT")),
                ("token_out", Value::text("WETH")),
            ],
        ),
    };
    Event {
        user: user.clone(),
        kind: EventType::Track,
        name: EventName::new(name),
        time: before(data_as_of, at * at * 7, Span::HOUR),
        message_id: None,
        properties: properties
            .into_iter()
            .map(|(name, value)| (Arc::from(name), value))
            .collect(),
        unset: Vec::new(),
    }
}

fn before(time: Time, number: u64, unit: Span) -> Time {
    let passed = unit
        .millis()
        .saturating_mul(i64::try_from(number).unwrap_or(0));
    Time::from_millis(time.millis().saturating_sub(passed))
}
