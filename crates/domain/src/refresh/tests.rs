//! Ways of keeping a tag fresh, as they are written and as they come due.

use super::*;
use crate::{Language, Said};

fn policy(text: &str) -> RefreshPolicy {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

#[test]
fn a_policy_is_written_in_one_way_and_reads_back() {
    for (written, canonical) in [
        ("real_time", "real_time"),
        (" by_hand ", "by_hand"),
        ("every 15m", "every 15m"),
        ("every  60m", "every 1h"),
        ("every 1.5h", "every 90m"),
        ("cron \"0 8 * * *\"", "cron \"0 8 * * *\""),
        (
            "cron  \" */15  9-18 * *  mon-fri \"",
            "cron \"*/15 9-18 * * mon-fri\"",
        ),
        ("cron \"0 0 L * *\"", "cron \"0 0 L * *\""),
    ] {
        assert_eq!(policy(written).to_string(), canonical);
        assert_eq!(policy(canonical), policy(written));
    }
}

#[test]
fn what_is_no_policy_says_in_both_languages_what_to_write() {
    for (written, chinese, english) in [
        ("realtime", "是不是 `real_time`", "did you mean `real_time`"),
        ("By hand", "是不是 `by_hand`", "did you mean `by_hand`"),
        ("15m", "是不是 `every 15m`", "did you mean `every 15m`"),
        (
            "0 8 * * *",
            "是不是 `cron \"0 8 * * *\"`",
            "did you mean `cron \"0 8 * * *\"`",
        ),
        (
            "sometimes",
            "写 `real_time`",
            "write `real_time`, `every 15m`",
        ),
        ("", "写 `real_time`", "write `real_time`"),
        ("every", "要写时长", "needs a time"),
        ("every hour", "是不是 `every 1h`", "did you mean `every 1h`"),
        (
            "every 15 minutes",
            "是不是 `every 15m`",
            "did you mean `every 15m`",
        ),
        (
            "every 5s",
            "最短是 `every 1m`",
            "the shortest is `every 1m`",
        ),
        (
            "every 2000d",
            "最长是 `every 366d`",
            "the longest is `every 366d`",
        ),
        (
            "cron 0 8 * * *",
            "`cron \"0 8 * * *\"`",
            "`cron \"0 8 * * *\"`",
        ),
        ("cron", "写在双引号里", "stands in double quotes"),
        ("cron \"0 8 * *\"", "有 4 个字段", "has 4 fields"),
        ("cron \"0 0 8 * * *\"", "有 6 个字段", "has 6 fields"),
        ("cron \"@daily\"", "有 1 个字段", "has 1 fields"),
        (
            "cron \"0 25 * * *\"",
            "小时不能是 `25`",
            "the hour of a cron expression cannot be `25`: it takes 0-23",
        ),
        (
            "cron \"0 8 * * 8\"",
            "星期不能是 `8`",
            "the day of the week of a cron expression cannot be `8`",
        ),
        (
            "cron \"a 8 * * *\"",
            "分钟不能是 `a`",
            "the minute of a cron expression cannot be `a`",
        ),
        ("cron \"0 0 30 2 *\"", "永远不会到来", "never comes"),
    ] {
        let error = written.parse::<RefreshPolicy>().unwrap_err();
        let said = Language::ALL.map(|language| error.said(language));
        assert!(said[0].contains(chinese), "{written}: {}", said[0]);
        assert!(said[1].contains(english), "{written}: {}", said[1]);
        assert_eq!(error.to_string(), said[1]);
    }
}

/// The instants at which an expression comes due after another, in a zone.
fn coming(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
    let (policy, zone) = (policy(expression), Zone::named(zone).unwrap());
    let next = |last: &Time| policy.next_after(*last, &zone);
    let all = std::iter::successors(next(&time(after)), next);
    all.take(count).map(|time| time.to_string()).collect()
}

#[test]
fn a_schedule_follows_the_clock_of_its_zone() {
    assert_eq!(
        coming(
            "cron \"0 8 * * *\"",
            "Asia/Shanghai",
            "2026-11-25T23:59:59.999Z",
            2
        ),
        ["2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"]
    );
    assert_eq!(
        coming("every 90m", "Asia/Shanghai", "2026-11-25T23:00:00Z", 2),
        ["2026-11-26T00:30:00Z", "2026-11-26T02:00:00Z"]
    );
    assert!(coming("real_time", "UTC", "2026-11-25T23:00:00Z", 1).is_empty());
    assert!(coming("by_hand", "UTC", "2026-11-25T23:00:00Z", 1).is_empty());
}

#[test]
fn where_clocks_are_turned_forward_a_time_that_does_not_exist_is_the_first_that_does() {
    // 02:00 to 03:00 on 8 March 2026; 00:00 to 01:00 on 6 September 2026.
    assert_eq!(
        coming(
            "cron \"30 2 * * *\"",
            "America/New_York",
            "2026-03-07T12:00:00Z",
            2
        ),
        ["2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]
    );
    assert_eq!(
        coming(
            "cron \"15 0 * * *\"",
            "America/Santiago",
            "2026-09-05T12:00:00Z",
            2
        ),
        ["2026-09-06T04:00:00Z", "2026-09-07T03:15:00Z"]
    );
    assert_eq!(
        coming(
            "cron \"*/30 * * * *\"",
            "America/New_York",
            "2026-03-08T06:10:00Z",
            3
        ),
        [
            "2026-03-08T06:30:00Z",
            "2026-03-08T07:00:00Z",
            "2026-03-08T07:30:00Z"
        ]
    );
}

#[test]
fn where_clocks_are_turned_back_a_time_that_comes_twice_counts_once_and_a_pace_is_kept() {
    // 02:00 to 01:00 on 1 November 2026.
    assert_eq!(
        coming(
            "cron \"30 1 * * *\"",
            "America/New_York",
            "2026-10-31T12:00:00Z",
            2
        ),
        ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]
    );
    assert_eq!(
        coming(
            "cron \"*/30 * * * *\"",
            "America/New_York",
            "2026-11-01T05:10:00Z",
            4
        ),
        [
            "2026-11-01T05:30:00Z",
            "2026-11-01T06:00:00Z",
            "2026-11-01T06:30:00Z",
            "2026-11-01T07:00:00Z"
        ]
    );
}

#[test]
fn a_schedule_always_goes_forward() {
    for zone in [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
    ] {
        let zone = Zone::named(zone).unwrap();
        for expression in [
            "cron \"30 2 * * *\"",
            "cron \"*/7 * * * *\"",
            "cron \"15 */3 * * 0\"",
            "cron \"59 23 29 2 *\"",
        ] {
            let policy = policy(expression);
            let mut last = time("2026-01-01T00:00:00Z");
            for _ in 0..400 {
                let next = policy.next_after(last, &zone).unwrap();
                assert!(next > last, "{expression} in {zone} after {last}");
                last = next;
            }
        }
    }
}
