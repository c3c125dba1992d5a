//! The HTTP faces over data in memory: `cargo run -p api --example overview [ADDRESS:PORT]`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use api::ports::memory::{MemoryPlatform, MemoryUser};
use api::ports::{
    AudienceOverview, Computation, Freshness, Overview, Profile, TagKind, TagOverview, ValueCount,
};
use api::{Config, Platform};
use domain::{
    AudienceKey, Decimal, Event, EventName, EventType, LocalizedText, Span, TagDefinition, TagKey,
    TagValue, Time, UserKey, Value, Zone,
};
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

type Failure = Box<dyn Error>;

const EVERYBODY: u64 = 20_000;
const SHOWN: u64 = 60;

/// Key, 中文, English, category, the body of the definition, users, users by value.
type Sample = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Json,
    u64,
    Vec<(&'static str, u64)>,
);

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
        members: platform,
    };
    api::serve(listener, config, platform, std::future::pending()).await?;
    Ok(())
}

fn platform() -> Result<MemoryPlatform, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let data_as_of = Time::from_millis(i64::try_from(now)? - 150_000);
    let tags: Vec<TagOverview> = samples()
        .into_iter()
        .map(|sample| tag(sample, data_as_of))
        .collect::<Result<_, _>>()?;
    let users: BTreeMap<UserKey, MemoryUser> = (1..=SHOWN)
        .map(|number| {
            let user = user(number, &tags, data_as_of);
            (user.profile.user.clone(), user)
        })
        .collect();
    let whales = users.keys().step_by(3).cloned().collect();
    let rules = [
        ("tag(whale) and not tag(sybil)".to_owned(), whales),
        ("kyc_level >= 2".to_owned(), users.keys().cloned().collect()),
    ];
    Ok(MemoryPlatform {
        overview: Arc::new(Overview {
            tags,
            audiences: audiences(data_as_of)?,
            known_users: EVERYBODY,
            last_computation: Some(Computation {
                finished_at: data_as_of,
                duration: Span::from_millis(3_240),
            }),
        }),
        unready: None,
        users,
        rules: rules.into_iter().collect(),
        data_as_of: Some(data_as_of),
    })
}

fn tag(sample: Sample, data_as_of: Time) -> Result<TagOverview, Failure> {
    let (key, chinese, english, category, body, count, values) = sample;
    let mut written = json!({
        "key": key,
        "name": {"zh": chinese, "en": english},
        "category": category,
    });
    if let (Some(written), Json::Object(body)) = (written.as_object_mut(), body) {
        written.extend(body);
    }
    let definition: TagDefinition = serde_json::from_str(&written.to_string())?;
    let kind = match written {
        Json::Object(ref members) if members.contains_key("cases") => TagKind::Layered,
        Json::Object(ref members) if members.contains_key("value") => TagKind::Metric,
        _ => TagKind::Condition,
    };
    let error = (key == "swap_bot").then(|| {
        "the rule reads the property `swap.gap_ms`, which no event has: import it or change the rule"
            .to_owned()
    });
    let value = |(value, count)| ValueCount {
        value: TagValue::new(value),
        count,
    };
    Ok(TagOverview {
        definition,
        kind,
        count,
        values: values.into_iter().map(value).collect(),
        freshness: Freshness {
            data_as_of: Some(data_as_of),
            last_success: Some(data_as_of),
            duration: Some(Span::from_millis(3_240)),
            error,
        },
    })
}

fn rule(text: &str) -> Json {
    json!({ "rule": text })
}

fn samples() -> Vec<Sample> {
    let (value, growth) = ("资产与价值", "增长与激励");
    let (activity, risk) = ("活跃与留存", "风险");
    vec![
        (
            "value_tier",
            "价值分层",
            "Value tier",
            value,
            json!({
                "description": "按 30 天兑换额分层，运营按此分配客户经理。",
                "cases": [
                    {"value": "whale", "rule": "sum(swap.amount_usd, last 30d) >= 100_000"},
                    {"value": "dolphin", "rule": "sum(swap.amount_usd, last 30d) >= 10_000\n  and not tag(sybil)"},
                    {"value": "fish", "rule": "sum(swap.amount_usd, last 30d) >= 500 -- any chain"},
                ],
                "else": "shrimp",
                "timezone": "Asia/Shanghai",
            }),
            20_000,
            vec![
                ("whale", 214),
                ("dolphin", 1_830),
                ("fish", 6_402),
                ("shrimp", 11_554),
            ],
        ),
        (
            "whale",
            "巨鲸",
            "Whale",
            value,
            rule("sum(swap.amount_usd, last 30d) >= 100_000"),
            214,
            vec![],
        ),
        (
            "traded_usd",
            "累计兑换额",
            "Traded, USD",
            value,
            json!({"value": "sum(swap.amount_usd)"}),
            13_981,
            vec![],
        ),
        (
            "multi_chain",
            "多链用户",
            "On several chains",
            value,
            rule("distinct(tx.chain, last 90d) >= 3"),
            4_127,
            vec![],
        ),
        (
            "nft_holder",
            "NFT 持有者",
            "NFT holder",
            value,
            rule("any(holdings where kind = \"nft\")"),
            2_950,
            vec![],
        ),
        (
            "stable_share",
            "稳定币偏好",
            "Prefers stablecoins",
            value,
            rule(
                "sum(swap.amount_usd where token_in in (\"USDT\", \"USDC\"), last 30d) / sum(swap.amount_usd, last 30d) > 0.5",
            ),
            5_218,
            vec![],
        ),
        (
            "activity",
            "活跃度",
            "Activity",
            activity,
            json!({
                "cases": [
                    {"value": "daily", "rule": "days(login, last 7 calendar days) >= 5"},
                    {"value": "weekly", "rule": "days(login, last 7 calendar days) >= 1"},
                    {"value": "monthly", "rule": "did(login, last 30d)"},
                ],
            }),
            15_260,
            vec![("daily", 3_310), ("weekly", 7_842), ("monthly", 4_108)],
        ),
        (
            "streak_7",
            "连续签到 7 天",
            "Seven-day streak",
            activity,
            rule("days(check_in, last 7 calendar days) = 7"),
            1_207,
            vec![],
        ),
        (
            "returning",
            "回流用户",
            "Returning",
            activity,
            rule(
                "did(login, last 7d) and not did(login, from 37d ago to 7d ago) and did(login, before 37d ago)",
            ),
            863,
            vec![],
        ),
        (
            "sleeping",
            "沉睡用户",
            "Asleep",
            activity,
            rule("not did(*, last 60d)"),
            2_311,
            vec![],
        ),
        (
            "new_user",
            "新用户",
            "New",
            activity,
            rule("first_time(*) in last 7d"),
            1_492,
            vec![],
        ),
        (
            "quest_hunter",
            "任务达人",
            "Quest hunter",
            growth,
            rule("count(quest_complete where reward_usd > 10, last 30d) >= 3"),
            3_664,
            vec![],
        ),
        (
            "first_quest_24h",
            "首日完成任务",
            "Quest on day one",
            growth,
            rule("did(quest_complete, within 24h after signup_at)"),
            6_093,
            vec![],
        ),
        (
            "referrer",
            "推荐人",
            "Referrer",
            growth,
            rule("count(referral) >= 1"),
            2_046,
            vec![],
        ),
        (
            "airdrop_ready",
            "空投资格（11 月快照）",
            "Airdrop, November snapshot",
            growth,
            json!({"rule": "kyc_level >= 2 and months(tx) >= 3", "as_of": "2026-11-01T00:00:00Z"}),
            4_480,
            vec![],
        ),
        (
            "communities",
            "所在社群",
            "Communities",
            growth,
            json!({
                "keep": "all",
                "cases": [
                    {"value": "discord", "rule": "social.discord is set"},
                    {"value": "telegram", "rule": "social.telegram is set"},
                    {"value": "x", "rule": "social.x is set"},
                ],
            }),
            17_402,
            vec![("discord", 9_214), ("telegram", 8_120), ("x", 12_870)],
        ),
        (
            "sybil",
            "女巫嫌疑",
            "Sybil suspect",
            risk,
            rule("in list(sybil_addresses) or distinct(login.device_id, last 30d) >= 8"),
            742,
            vec![],
        ),
        (
            "swap_bot",
            "刷量机器人",
            "Swap bot",
            risk,
            rule("count(swap, last 24h) >= 500 and max(swap.gap_ms, last 24h) < 2_000"),
            31,
            vec![],
        ),
        (
            "kyc_rejected",
            "KYC 被拒",
            "KYC rejected",
            risk,
            rule("kyc_status = \"rejected\""),
            388,
            vec![],
        ),
        (
            "sanctioned",
            "制裁名单地址",
            "Sanctioned address",
            risk,
            rule("in list(ofac)"),
            1,
            vec![],
        ),
        (
            "beta",
            "beta",
            "beta",
            "",
            rule("in list(beta_testers)"),
            120,
            vec![],
        ),
    ]
}

fn audiences(data_as_of: Time) -> Result<Vec<AudienceOverview>, Failure> {
    let audience = |key: &str, zh: &str, en: &str, rule: &str, count| -> Result<_, Failure> {
        Ok(AudienceOverview {
            key: AudienceKey::new(key)?,
            name: LocalizedText {
                zh: zh.to_owned(),
                en: en.to_owned(),
            },
            description: String::new(),
            rule: rule.to_owned(),
            count: Some(count),
            freshness: Freshness {
                data_as_of: Some(data_as_of),
                ..Freshness::default()
            },
        })
    };
    Ok(vec![
        audience(
            "vip",
            "可触达的高价值用户",
            "High value, reachable",
            "tag(value_tier) in (\"whale\", \"dolphin\")\n  and tag(communities) and not tag(sybil)",
            1_702,
        )?,
        audience(
            "win_back",
            "待召回",
            "To win back",
            "tag(sleeping) and tag(traded_usd) >= 1_000",
            418,
        )?,
        audience(
            "airdrop_final",
            "空投终名单",
            "Final airdrop list",
            "tag(airdrop_ready) and not tag(sybil) and not tag(sanctioned)",
            4_311,
        )?,
    ])
}

fn user(number: u64, tags: &[TagOverview], data_as_of: Time) -> MemoryUser {
    let seed = |salt: u64| {
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17)
            ^ salt.wrapping_mul(0xd1b5_4a32_d192_ed03)
    };
    let key = UserKey::account(&format!(
        "0x{:016x}{:016x}{:08x}",
        seed(1),
        seed(2),
        seed(3) as u32
    ));
    let has = |at: u64, share: u64| seed(at + 10) % EVERYBODY < share.max(EVERYBODY / 4);
    let tags = (0u64..)
        .zip(tags)
        .filter(|(at, tag)| has(*at, tag.count))
        .map(|(at, tag)| {
            let choice = usize::try_from(seed(at) % 7).unwrap_or(0);
            let values = match tag.kind {
                TagKind::Condition => Vec::new(),
                TagKind::Layered => tag
                    .values
                    .iter()
                    .cycle()
                    .skip(choice)
                    .take(1)
                    .map(|value| value.value.clone())
                    .collect(),
                TagKind::Metric => vec![TagValue::new(&format!(
                    "{}.{:02}",
                    seed(at) % 90_000,
                    seed(at) % 100
                ))],
            };
            (tag.definition.key.clone(), values)
        });
    let attribute = |name: &str, value: Value| (Arc::from(name), value);
    let profile = Profile {
        user: key.clone(),
        attributes: vec![
            attribute(
                "country",
                Value::text(["SG", "JP", "VN", "BR"][number as usize % 4]),
            ),
            attribute(
                "kyc_level",
                Value::from(Decimal::from(i64::from(number as u32 % 4))),
            ),
            attribute("email_verified", Value::Bool(number.is_multiple_of(2))),
            attribute(
                "signup_at",
                Value::Time(before(data_as_of, seed(7) % 200, Span::DAY)),
            ),
            attribute("social.x", Value::text(&format!("@collector_{number}"))),
        ],
        recent_events: (1..=8)
            .map(|at| event(&key, at, seed(at), data_as_of))
            .collect(),
    };
    MemoryUser {
        profile,
        tags: tags.collect::<BTreeMap<TagKey, Vec<TagValue>>>(),
    }
}

fn event(user: &UserKey, at: u64, seed: u64, data_as_of: Time) -> Event {
    let (name, properties): (_, Vec<(&str, Value)>) = match seed % 4 {
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
                    Value::from(Decimal::from_mantissa(i128::from(seed % 9_000_000), 2)),
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
