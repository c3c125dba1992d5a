//! Every kind of tag through the whole binary: what docs/tags.md shows is applied, computed, asked
//! for, explained and served.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use muster_tests::muster::Muster;
use muster_tests::repository;
use serde_json::Value as Json;

use self::support::{ask, assert_tells, say};

const NOW: &str = "2026-11-22T00:00:00Z";

/// What users did: eleven sorts of swappers, and who only logged in.
const EVENTS: &str = "\
account,at,event,usd,chain
whale,2026-11-18T01:00:00Z,swap,900,bsc
whale,2026-11-19T01:00:00Z,swap,9000,eth
whale,2026-11-20T01:00:00Z,swap,800,bsc
whale,2026-11-20T02:00:00Z,swap,700,bsc
whale,2026-11-21T02:00:00Z,swap,700,bsc
whale,2026-11-21T03:00:00Z,swap,700,bsc
minnow,2026-09-01T00:00:00Z,swap,5,eth
minnow,2026-09-02T00:00:00Z,swap,6,eth
visitor,2026-11-16T01:00:00Z,login,,
visitor,2026-11-17T01:00:00Z,login,,
visitor,2026-11-18T01:00:00Z,login,,
visitor,2026-11-19T01:00:00Z,login,,
visitor,2026-11-20T01:00:00Z,login,,
visitor,2026-10-01T01:00:00Z,login,,
";

/// Thirty regulars, five who are like them but for logging in, thirty others.
fn crowd() -> String {
    let mut text = String::new();
    let mut add = |user: &str, number: usize, event: &str, days: usize, times: usize| {
        for time in 0..times {
            let day = 10 + time % days;
            text += &format!(
                "{user}{number},2026-11-{day}T{:02}:00:00Z,{event},,\n",
                time % 24
            );
        }
    };
    for number in 0..30 {
        add("regular", number, "login", 3, 3);
        add("regular", number, "view", 2, 5 + number % 3);
        add("regular", number, "quest", 1, 1);
        add("other", number, "login", 1, 1);
        add("other", number, "view", 1, 1);
    }
    for number in 0..5 {
        add("alike", number, "view", 2, 5);
        add("alike", number, "quest", 1, 1);
    }
    text
}

const PEOPLE: &str = "\
id,country,kyc_level
whale,SG,2
minnow,XX,0
";

/// A tag of a kind, one of its members with the value, and words of that member's explanation.
struct Shown {
    tag: &'static str,
    member: &'static str,
    value: Option<&'static str>,
    why: &'static str,
}

const fn shown(
    tag: &'static str,
    member: &'static str,
    value: Option<&'static str>,
    why: &'static str,
) -> Shown {
    Shown {
        tag,
        member,
        value,
        why,
    }
}

const SHOWN: &[Shown] = &[
    shown("whale", "whale", None, "sum(swap.usd, last 30d)"),
    shown("tier", "whale", Some("gold"), "12800"),
    shown("volume", "minnow", Some("0"), "sum(swap.usd, last 30d)"),
    shown("mean_swap", "minnow", Some("5.5"), "sum(swap.usd)"),
    shown("first_chain", "whale", Some("bsc"), "first(swap.chain)"),
    shown(
        "chain_before_last",
        "minnow",
        Some("eth"),
        "last(swap.chain, 2)",
    ),
    shown(
        "last_seen",
        "visitor",
        Some("2026-11-20T01:00:00Z"),
        "last_time(*)",
    ),
    shown(
        "favourite_chains",
        "minnow",
        Some("eth"),
        "top(swap.chain, 3",
    ),
    shown("dearest_chain", "whale", Some("eth"), "top(swap.chain"),
    shown("active_hours", "visitor", Some("9"), "top(login."),
    shown("active_days", "visitor", Some("daily"), "days(login"),
    shown("top_ten", "minnow", None, "rank(sum(swap.usd))"),
    shown(
        "percentile_group",
        "whale",
        Some("top_20"),
        "rank(sum(swap.usd))",
    ),
    shown(
        "value_group",
        "minnow",
        Some("general_win_back"),
        "quantile_of(count(swap, last 90d), 5)",
    ),
    shown("segment", "whale", Some("champions"), "days(swap) >= 3"),
    shown(
        "segment",
        "minnow",
        Some("lost"),
        "last_time(swap where usd > 0)",
    ),
    shown(
        "stage",
        "visitor",
        Some("returned"),
        "first_time(*, last 7d)",
    ),
    shown("stage", "minnow", Some("lost"), "did(*)"),
    shown("trust", "whale", Some("4.5"), "points("),
    shown("like_regulars", "alike3", None, "count(view, last 30d) >= "),
    shown("grade", "whale", Some("high"), "tag(trust)"),
    shown("known_whale", "whale", None, "tag(tier)"),
    shown("new_whale", "whale", None, "did(entered(whale), last 7d)"),
    shown("big_swapper", "whale", None, "user_events"),
    shown("usual_chain", "minnow", Some("eth"), "user_events"),
];

/// The YAML blocks of a page, one after the other.
fn blocks(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository::root().join(page)).unwrap();
    let blocks = text.split("\n```yaml\n").skip(1);
    let block = |block: &str| block.split("\n```").next().unwrap().to_owned();
    blocks.map(block).collect()
}

/// An installation with all tags that the page shows, computed.
fn computed() -> Muster {
    let muster = Muster::new().unwrap();
    let events = format!("{EVENTS}{}", crowd());
    muster.write("events.csv", &events).unwrap();
    muster.write("people.csv", PEOPLE).unwrap();
    say(
        &muster,
        "import events events.csv --user account --time at --name-column event",
    );
    say(
        &muster,
        "import profiles people.csv --user id --at 2026-01-01",
    );
    for (number, block) in blocks("docs/tags.md").iter().enumerate() {
        muster
            .write(&format!("tags/{number:02}.yaml"), block)
            .unwrap();
    }
    say(&muster, "apply tags");
    say(&muster, &format!("compute --as-of {NOW}"));
    muster
}

#[test]
fn both_languages_of_the_page_show_the_same_definitions() {
    assert_eq!(blocks("docs/tags.md"), blocks("docs/tags.zh-CN.md"));
}

#[test]
fn every_kind_of_tag_is_applied_computed_asked_for_explained_and_served() {
    let muster = computed();
    let plan = say(&muster, "plan tags");
    assert_tells(&plan, &["0 to add, 0 to change, 0 to remove"]);
    let members = say(&muster, "members segment --value champions");
    assert_eq!(members, "whale\n");
    let why = say(&muster, &format!("explain segment whale --as-of {NOW}"));
    assert_tells(&why, &["champions", "days(swap) = 4", "(it is 6)"]);
    let server = muster.serve().unwrap();
    let asked = |path: &str| {
        let (status, told) = server.get(path).unwrap();
        assert_eq!(status, 200, "{path}: {told}");
        told
    };
    let parsed = |path: &str| -> Json { serde_json::from_str(&asked(path)).unwrap() };
    for one in SHOWN {
        let address = format!("/api/v1/tags/{}", one.tag);
        let told = parsed(&address);
        assert!(told["sentence"]["zh"].is_string(), "{told}");
        let members = parsed(&format!("{address}/members"));
        let members = members["members"].as_array().unwrap();
        let member = members.iter().find(|member| member["user"] == one.member);
        let values =
            member.unwrap_or_else(|| panic!("{}: {members:?}", one.tag))["values"].to_string();
        assert_eq!(values != "[]", one.value.is_some(), "{}: {values}", one.tag);
        assert!(
            values.contains(one.value.unwrap_or_default()),
            "{}: {values}",
            one.tag
        );
        let why = asked(&format!(
            "{address}/explain?user={}&as_of={NOW}",
            one.member
        ));
        assert_tells(&why, &[one.why]);
        let page = asked(&format!("/tags/{}?lang=zh", one.tag));
        assert_tells(&page, &[one.tag, one.member]);
    }
    let page = asked("/tags/value_group?lang=zh");
    assert_tells(
        &page,
        &[
            "重要保持用户",
            "important_keep",
            "window: 90d",
            "展开后的分支",
        ],
    );
    let page = asked("/tags/stage?lang=en");
    assert_tells(
        &page,
        &[
            "Lifecycle",
            "Returned",
            "at_risk: 14d",
            "The cases it stands for",
        ],
    );
    let page = asked("/tags/stage/explain?user=minnow&lang=zh");
    assert_tells(
        &page,
        &["<b>流失用户</b>", "<span class=\"kind\">流失用户</span>"],
    );
    assert_tells(&asked("/tags/tier?lang=zh"), &["黄金"]);
    let page = asked("/tags/like_regulars?lang=zh");
    assert_tells(
        &page,
        &["最相似的至多 1000 个其他用户", "学到的区别", "did(quest)"],
    );
    // As files write it.
    assert_tells(&page, &["相似人群", "  features:\n    - "]);
    let told = parsed("/api/v1/tags/like_regulars");
    assert_eq!(
        (&told["count"], &told["form"]),
        (&5.into(), &"lookalike".into())
    );
}

#[test]
fn what_is_written_short_is_exported_short_or_as_the_cases_that_it_stands_for() {
    let muster = computed();
    let read = |name: &str| std::fs::read_to_string(muster.folder().join(name)).unwrap();
    say(&muster, "export short");
    assert_tells(
        &read("short/tags.yaml"),
        &["rfm:", "groups: eleven", "lifecycle:"],
    );
    let plan = say(&muster, "plan short --prune");
    assert_tells(&plan, &["0 to add, 0 to change, 0 to remove"]);
    say(&muster, "export long --expanded");
    let long = read("long/tags.yaml");
    assert!(
        ["rfm:", "lifecycle:", "lookalike:"]
            .iter()
            .all(|short| !long.contains(short)),
        "{long}"
    );
    assert_tells(
        &long,
        &["value: important_value", "重要价值用户", "points("],
    );
    // The cases give what the short form gave.
    let groups = ask(&muster, &["members", "tag(value_group) is set"]);
    let of_value = |value: &str| say(&muster, &format!("members segment --value {value}"));
    let before = [of_value("champions"), of_value("lost")];
    say(&muster, "apply long");
    say(&muster, &format!("compute --as-of {NOW}"));
    assert_eq!([of_value("champions"), of_value("lost")], before);
    assert_eq!(
        ask(&muster, &["members", "tag(value_group) is set"]),
        groups
    );
}
