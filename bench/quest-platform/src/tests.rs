//! The platform as a whole: the same every time, and shaped like a real one.

use std::collections::BTreeMap;

use domain::Time;
use xxhash_rust::xxh3::xxh3_64;

use super::*;

fn now() -> Time {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn small() -> Platform {
    Platform::new(Settings {
        seed: 7,
        users: 2_000,
        events: 200_000,
        now: now(),
    })
}

fn ndjson(platform: &Platform) -> Vec<u8> {
    let mut out = Vec::new();
    write_events_ndjson(platform, 0..platform.settings().users, &mut out).unwrap();
    out
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_every_machine() {
    let platform = Platform::new(Settings::demo(now()));
    let mut out = Vec::new();
    write_events_ndjson(&platform, 0..1_000, &mut out).unwrap();
    let mut profiles = Vec::new();
    write_profiles_ndjson(&platform, 0..1_000, &mut profiles).unwrap();
    let digests = [xxh3_64(&out), xxh3_64(&profiles)];
    assert_eq!(
        digests,
        [0x71d2_168d_5d5c_1562, 0x5e30_62aa_660d_3e49],
        "{digests:#x?}"
    );
}

#[test]
fn another_seed_gives_another_platform() {
    let mut settings = *small().settings();
    settings.seed = 8;
    assert_ne!(
        xxh3_64(&ndjson(&small())),
        xxh3_64(&ndjson(&Platform::new(settings)))
    );
}

#[test]
fn a_users_data_does_not_depend_on_which_users_are_made() {
    let platform = small();
    let all: Vec<Event> = platform.events_of(0..2_000).collect();
    let cut: Vec<Event> = [0..700, 700..701, 701..2_000]
        .into_iter()
        .flat_map(|users| platform.events_of(users))
        .collect();
    assert_eq!(all, cut);
    assert_eq!(all.len(), 200_000);
}

#[test]
fn events_come_sorted_by_user_and_time_within_thirty_days_before_now() {
    let platform = small();
    let events: Vec<Event> = platform.events_of(0..2_000).collect();
    assert!(
        events
            .windows(2)
            .all(|pair| (pair[0].user, pair[0].time) <= (pair[1].user, pair[1].time))
    );
    let first = now().millis() - 30 * 86_400_000;
    assert!(
        events
            .iter()
            .all(|event| event.time.millis() > first && event.time <= now())
    );
    for user in 0..2_000 {
        let signup = platform.profiles(user).next().unwrap().signup_at;
        assert!(
            platform.events(user).all(|event| event.time >= signup),
            "user {user}"
        );
    }
}

#[test]
fn a_quarter_has_only_a_profile_and_a_few_do_most() {
    let platform = small();
    let mut counts: Vec<u64> = (0..2_000).map(|user| platform.event_count(user)).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let silent = counts.iter().filter(|count| **count == 0).count();
    assert!((400..600).contains(&silent), "{silent}");
    let heaviest: u64 = counts.iter().take(20).sum();
    assert!((30_000..70_000).contains(&heaviest), "{heaviest}");
    assert!(counts[1_000] < 40, "{}", counts[1_000]);
}

#[test]
fn three_in_ten_have_two_to_four_identities_and_use_them() {
    let platform = small();
    let mut several = 0;
    for user in 0..2_000 {
        let links: Vec<(Sender, Time)> = platform.links(user).collect();
        assert!(links.len() <= 3);
        several += u32::from(!links.is_empty());
        let is_linked = |sender| links.iter().any(|(other, _)| *other == sender);
        for event in platform.events(user) {
            assert!(event.sender == Sender::Account || is_linked(event.sender));
        }
    }
    assert!((540..660).contains(&several), "{several}");
    let sent_by = |is_it: fn(Sender) -> bool| {
        let events = platform.events_of(0..2_000);
        events.filter(|event| is_it(event.sender)).count()
    };
    let visitors = sent_by(|sender| matches!(sender, Sender::Visitor(_)));
    let wallets = sent_by(|sender| matches!(sender, Sender::Wallet(_)));
    assert!(visitors > 1_000 && wallets > 1_000, "{visitors} {wallets}");
    assert_eq!(Sender::Visitor(1).key(1, 7).to_string(), "anonymous:v7-1");
    assert!(Sender::Wallet(0).key(1, 7).to_string().starts_with("0x"));
}

#[test]
fn all_fifty_kinds_of_events_and_all_properties_occur() {
    let platform = small();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    let mut properties: BTreeMap<&str, u64> = BTreeMap::new();
    let mut texts = Vec::new();
    for event in platform.events_of(0..2_000) {
        *kinds.entry(event.kind().name).or_default() += 1;
        event.stored_properties(&mut texts);
        for (name, _) in &texts {
            *properties.entry(*name).or_default() += 1;
        }
    }
    assert_eq!(kinds.len(), EVENT_KINDS.len(), "{kinds:?}");
    assert_eq!(properties.len(), Property::ALL.len(), "{properties:?}");
    assert!(kinds["page_view"] > 10 * kinds["vote"], "{kinds:?}");
}

#[test]
fn amounts_are_exact_and_reach_beyond_sixty_four_bits() {
    let platform = small();
    let wei: Vec<i128> = platform
        .events_of(0..2_000)
        .map(|event| event.value_wei)
        .filter(|wei| *wei != NO_WEI)
        .collect();
    assert!(wei.iter().any(|wei| *wei > i128::from(u64::MAX)));
    assert!(wei.iter().all(|wei| *wei >= 0));
    let usd: Vec<i64> = platform
        .events_of(0..2_000)
        .map(|event| event.amount_usd)
        .filter(|usd| *usd != NO_NUMBER)
        .collect();
    assert!(usd.len() < wei.len(), "some tokens have no price");
    assert!(usd.iter().any(|usd| usd % 100 != 0), "cents");
}

#[test]
fn every_line_is_json_and_every_profile_says_what_it_has() {
    let platform = small();
    for line in ndjson(&platform)
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .take(5_000)
    {
        serde_json::from_slice::<serde_json::Value>(line)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(line)));
    }
    let mut profiles = Vec::new();
    write_profiles_ndjson(&platform, 0..2_000, &mut profiles).unwrap();
    let mut paths: BTreeMap<String, u64> = BTreeMap::new();
    for line in profiles
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let json: serde_json::Value = serde_json::from_slice(line)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(line)));
        for attribute in &ATTRIBUTES {
            let pointer = format!("/traits/{}", attribute.path.replace('.', "/"));
            *paths.entry(attribute.path.to_owned()).or_default() +=
                u64::from(json.pointer(&pointer).is_some());
        }
    }
    assert!(paths.values().all(|count| *count > 20), "{paths:?}");
}

#[test]
fn csv_has_as_many_fields_in_each_row_as_in_its_header() {
    let platform = small();
    let mut events = Vec::new();
    write_events_csv(&platform, 0..100, &mut events).unwrap();
    let text = String::from_utf8(events).unwrap();
    assert!(
        text.lines()
            .all(|line| line.split(',').count() == 3 + Property::ALL.len())
    );
    let mut profiles = Vec::new();
    write_profiles_csv(&platform, 0..100, &mut profiles).unwrap();
    assert!(
        String::from_utf8(profiles)
            .unwrap()
            .starts_with("user,time,signup_at,country,")
    );
}

#[test]
fn one_user_and_very_many_events_fit_into_the_time() {
    let platform = Platform::new(Settings {
        seed: 3,
        users: 3,
        events: 300_000,
        now: now(),
    });
    let events: Vec<Event> = platform.events_of(0..3).collect();
    assert_eq!(events.len(), 300_000);
    let at_the_end = events.iter().filter(|event| event.time == now()).count();
    assert!(at_the_end < 3_000, "{at_the_end}");
}

#[test]
#[ignore = "measures; run it with --release"]
fn millions_of_events_are_made_in_a_second() {
    let platform = Platform::new(Settings {
        seed: 1,
        users: 100_000,
        events: 10_000_000,
        now: now(),
    });
    let start = std::time::Instant::now();
    let sum: i64 = platform
        .events_of(0..100_000)
        .map(|event| event.time.millis() ^ event.points)
        .fold(0, i64::wrapping_add);
    println!("rows: {:?} ({sum})", start.elapsed());
    let start = std::time::Instant::now();
    let (mut texts, mut bytes) = (Vec::new(), 0);
    for event in platform.events_of(0..100_000) {
        event.stored_properties(&mut texts);
        bytes += texts
            .iter()
            .map(|(_, text)| text.as_ref().len())
            .sum::<usize>();
    }
    println!("stored texts: {:?} ({bytes} bytes)", start.elapsed());
    let start = std::time::Instant::now();
    write_events_ndjson(&platform, 0..100_000, &mut std::io::sink()).unwrap();
    println!("ndjson: {:?}", start.elapsed());
}

fn rule(tag: &domain::TagDefinition) -> &str {
    match &tag.body {
        domain::TagBody::Rule(rule) => rule,
        other => panic!("{other:?}"),
    }
}

#[test]
fn random_tags_are_had_by_one_user_in_twenty_on_average() {
    let platform = small();
    let tags = random_tags(&platform, 400, 1);
    assert_eq!(tags.len(), 400);
    let mean = tags
        .iter()
        .map(|tag| u64::from(tag.users_per_million))
        .sum::<u64>()
        / 400;
    assert!((45_000..55_000).contains(&mean), "{mean}");
    assert_eq!(tags, random_tags(&platform, 400, 1));
    assert_ne!(tags, random_tags(&platform, 400, 2));
    let rules: std::collections::BTreeSet<&str> =
        tags.iter().map(|tag| rule(&tag.definition)).collect();
    assert_eq!(rules.len(), 400, "all differ");
    for part in [
        "sum(",
        "count(",
        "days(",
        " where ",
        " and not (",
        " or ",
        "at least 2 of",
        " calendar days",
    ] {
        assert!(rules.iter().any(|rule| rule.contains(part)), "{part}");
    }
}

/// Whether a rule over the feature table holds; reads only what [`feature_tags`] writes.
fn holds(rule: &str, value: &impl Fn(usize) -> i64) -> bool {
    let one = |text: &str| {
        let (name, threshold) = text.trim_matches(['(', ')']).split_once(" >= ").unwrap();
        value(name[1..].parse().unwrap()) >= threshold.parse().unwrap()
    };
    if let Some((left, right)) = rule.split_once(" and not ") {
        one(left) && !one(right)
    } else if let Some((left, right)) = rule.split_once(" and ") {
        one(left) && one(right)
    } else if let Some((left, right)) = rule.split_once(" or ") {
        one(left) || one(right)
    } else {
        one(rule)
    }
}

#[test]
fn feature_tags_are_had_by_one_user_in_twenty_on_average() {
    let table = FeatureTable { seed: 1 };
    let users = 2_000;
    let columns: Vec<Vec<i64>> = (0..FeatureTable::COLUMNS)
        .map(|column| table.column(column, 0..users).collect())
        .collect();
    let tags = feature_tags(500, 1);
    assert_eq!(tags.len(), 500);
    let having: usize = tags
        .iter()
        .map(|tag| {
            (0..users as usize)
                .filter(|user| holds(rule(tag), &|column| columns[column][*user]))
                .count()
        })
        .sum();
    let mean = having * 1000 / (500 * users as usize);
    assert!((45..56).contains(&mean), "{mean}");
    let part: Vec<i64> = table.column(7, 500..600).collect();
    assert_eq!(
        part,
        columns[7][500..600],
        "a column does not depend on where it is cut"
    );
}

#[test]
#[ignore = "measures; run it with --release"]
fn fifteen_thousand_random_tags_are_drawn_in_seconds() {
    let platform = Platform::new(Settings {
        seed: 1,
        users: 1_000_000,
        events: 100_000_000,
        now: now(),
    });
    let start = std::time::Instant::now();
    let tags = random_tags(&platform, 15_000, 1);
    let mean = tags
        .iter()
        .map(|tag| u64::from(tag.users_per_million))
        .sum::<u64>()
        / tags.len() as u64;
    println!(
        "{} tags in {:?}, {mean} of a million users each",
        tags.len(),
        start.elapsed()
    );
    for tag in tags.iter().step_by(1_000) {
        println!("{:>7} {}", tag.users_per_million, rule(&tag.definition));
    }
}

#[test]
fn holdings_are_worth_the_assets_and_lie_in_the_users_wallets() {
    let platform = small();
    let mut names: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    let mut senders: BTreeMap<bool, u32> = BTreeMap::new();
    for user in 0..2_000 {
        let profile = platform.profiles(user).next().unwrap();
        let held = platform.holdings(user);
        assert_eq!(held.is_empty(), profile.assets.is_none(), "user {user}");
        let holdings: Vec<Holding> = held.iter().flat_map(|held| held.holdings.clone()).collect();
        let usd: i64 = holdings.iter().filter_map(|holding| holding.usd).sum();
        assert_eq!(
            usd,
            profile.assets.map_or(0, |assets| assets.usd),
            "user {user}"
        );
        let nfts = holdings.iter().filter(|holding| {
            holding
                .members()
                .any(|(name, cell)| name == "kind" && cell == Cell::Text("nft"))
        });
        let nfts: i64 = nfts.map(|holding| holding.amount / 1_000_000).sum();
        assert_eq!(
            nfts,
            profile.assets.map_or(0, |assets| assets.nfts),
            "user {user}"
        );
        assert!(
            holdings
                .iter()
                .all(|holding| holding.wallet < profile.wallets)
        );
        assert!(
            holdings
                .iter()
                .all(|holding| holding.since <= now() && holding.amount >= 0)
        );
        for held in &held {
            *senders.entry(held.sender == Sender::Account).or_default() += 1;
            let text = held.stored();
            let domain::Stored::Value(value) = domain::stored::decode(&text) else {
                panic!("{text}")
            };
            assert_eq!(domain::stored::encode("", &value)[0].1, text);
        }
        names.extend(holdings.iter().flat_map(|holding| {
            let text = |cell: Cell| cell.stored().map(|text| text.as_ref().to_owned());
            let named = holding
                .members()
                .filter(|(name, _)| ["symbol", "collection", "class"].contains(name));
            named.filter_map(|(_, cell)| text(cell)).collect::<Vec<_>>()
        }));
    }
    // 16 symbols, 12 collections, 11 classes.
    assert_eq!(names.len(), 39, "{names:?}");
    assert!(senders.values().all(|count| *count > 100), "{senders:?}");
}

#[test]
fn every_line_of_holdings_is_an_identify_call() {
    let platform = small();
    let mut out = Vec::new();
    write_holdings_ndjson(&platform, 0..200, &mut out).unwrap();
    let lines = String::from_utf8(out).unwrap();
    assert!(lines.lines().count() > 150);
    for line in lines.lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(json["type"], "identify");
        assert!(
            json["traits"]["holdings"][0]["usd_value"].is_number()
                || json["traits"]["holdings"][0]["class"] == "badge"
        );
    }
}
