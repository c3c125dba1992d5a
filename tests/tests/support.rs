//! A small platform whose results are known, for tests of the whole binary.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use muster_tests::muster::Muster;

/// What users did.
pub const SWAPS: &str = "\
account,at,usd,chain
u1,2026-01-05T09:00:00Z,12000.50,bsc
u1,2026-01-06T10:30:00Z,800,eth
u2,2026-01-06T11:00:00Z,1500,bsc
u3,2026-02-05T08:15:00Z,0.1,eth
u3,2026-02-06T08:15:00Z,0.2,eth
u5,2026-02-07T00:00:00Z,9007199254740993,bsc
";

/// What is known about users.
pub const PEOPLE: &str = "\
id,country,kyc_level
u1,SG,2
u2,JP,1
u3,DE,0
u4,SG,3
";

/// Tags and an audience of each sort.
pub const DEFINITIONS: &str = "\
tags:
  - key: whale
    rule: sum(swap.usd) >= 10000
  - key: tier
    cases:
      - {value: gold, rule: sum(swap.usd) >= 10000}
      - {value: silver, rule: sum(swap.usd) >= 1000}
    else: none
  - key: traded_usd
    value: sum(swap.usd)
  - key: rich_and_known
    rule: tag(whale) and kyc_level >= 2
audiences:
  - key: verified_traders
    rule: did(swap) and kyc_level >= 1
";

/// An installation with events, profiles and definitions, not computed yet.
pub fn platform() -> Muster {
    let muster = Muster::new().unwrap();
    muster.write("swaps.csv", SWAPS).unwrap();
    muster.write("people.csv", PEOPLE).unwrap();
    muster.write("definitions.yaml", DEFINITIONS).unwrap();
    say(
        &muster,
        "import events swaps.csv --user account --time at --name swap",
    );
    say(
        &muster,
        "import profiles people.csv --user id --at 2026-01-01",
    );
    say(&muster, "apply definitions.yaml");
    muster
}

/// What a call prints that must succeed; its arguments are separated by spaces.
pub fn say(muster: &Muster, arguments: &str) -> String {
    let arguments: Vec<&str> = arguments.split(' ').collect();
    ask(muster, &arguments)
}

/// What a call prints that must succeed.
pub fn ask(muster: &Muster, arguments: &[&str]) -> String {
    muster.call(arguments).unwrap().success().unwrap()
}

/// What a call says that must fail in an orderly way; its arguments are separated by spaces.
pub fn refused(muster: &Muster, arguments: &str) -> String {
    let arguments: Vec<&str> = arguments.split(' ').collect();
    muster.call(&arguments).unwrap().failure().unwrap()
}

/// Whether a text holds all of some words; the first that it lacks is told.
#[track_caller]
pub fn assert_tells(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in: {text}");
    }
}

/// A file of so many events of 5,000 users, of texts that cannot be packed.
pub fn many_events(rows: u64) -> String {
    let mut text = String::from("user,at,note\n");
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for row in 0..rows {
        let mut note = String::new();
        for _ in 0..2 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            note += &format!("{state:016x}");
        }
        let (user, day) = (row % 5_000, 1 + row % 28);
        text += &format!("u{user},2026-01-{day:02}T00:00:00Z,{note}\n");
    }
    text
}
