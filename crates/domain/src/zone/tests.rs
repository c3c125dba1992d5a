//! Zones across their clock changes.

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

use super::*;
use crate::Unit;

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn hours_of_day(zone: &Zone, day: &str) -> i64 {
    let date = date(day);
    let next = date.checked_add_days(1).unwrap();
    zone.start_of_date(next)
        .since(zone.start_of_date(date))
        .millis()
        / 60_000
}

#[test]
fn utc_days_start_at_midnight() {
    let utc = Zone::utc();
    assert_eq!(
        utc.start_of_date(date("2026-11-01")),
        time("2026-11-01T00:00Z")
    );
    assert_eq!(
        utc.date(time("2026-10-31T23:59:59.999Z")),
        date("2026-10-31")
    );
    assert_eq!(utc.date(Time::from_millis(-1)), date("1969-12-31"));
    assert_eq!(Zone::named("utc").unwrap(), utc);
}

#[test]
fn shanghai_is_eight_hours_ahead_and_had_summer_time_once() {
    let shanghai = zone("Asia/Shanghai");
    assert_eq!(
        shanghai.start_of_date(date("2026-11-01")),
        time("2026-10-31T16:00Z")
    );
    assert_eq!(shanghai.offset_ms(time("1988-07-01T00:00Z")), 9 * 3_600_000);
    assert_eq!(
        shanghai.date(time("2026-10-31T15:59:59.999Z")),
        date("2026-10-31")
    );
}

#[test]
fn kolkata_hours_start_at_the_half() {
    let kolkata = zone("Asia/Kolkata");
    let hour = kolkata.period(Unit::Hour, time("2026-11-01T10:15Z"));
    assert_eq!(Time::from_millis(hour), time("2026-11-01T09:30Z"));
    assert_eq!(
        kolkata.end_of_period(Unit::Hour, time("2026-11-01T10:15Z")),
        time("2026-11-01T10:30Z")
    );
}

#[test]
fn new_york_has_days_of_23_and_25_hours_and_a_repeated_hour_is_two() {
    let new_york = zone("America/New_York");
    assert_eq!(hours_of_day(&new_york, "2026-03-08"), 23 * 60);
    assert_eq!(hours_of_day(&new_york, "2026-11-01"), 25 * 60);
    assert_eq!(hours_of_day(&new_york, "2026-11-02"), 24 * 60);
    let hours: Vec<i64> = ["05:30", "06:30", "07:30"]
        .map(|clock| new_york.period(Unit::Hour, time(&format!("2026-11-01T{clock}Z"))))
        .to_vec();
    let starts =
        ["05:00", "06:00", "07:00"].map(|clock| time(&format!("2026-11-01T{clock}Z")).millis());
    assert_eq!(hours, starts);
    assert_eq!(new_york.parts(time("2026-11-01T06:30Z")).hour, 1);
}

#[test]
fn a_day_without_midnight_starts_at_its_first_instant() {
    let sao_paulo = zone("America/Sao_Paulo");
    // Clocks went from 2018-11-03 24:00 to 2018-11-04 01:00.
    let start = sao_paulo.start_of_date(date("2018-11-04"));
    assert_eq!(start, time("2018-11-04T03:00Z"));
    assert_eq!(sao_paulo.parts(start).hour, 1);
    assert_eq!(hours_of_day(&sao_paulo, "2018-11-04"), 23 * 60);
    assert_eq!(hours_of_day(&sao_paulo, "2018-11-03"), 24 * 60);
    assert_eq!(
        sao_paulo.date(time("2018-11-04T02:59:59.999Z")),
        date("2018-11-03")
    );
    // And back, from 24:00 to 23:00: the day before has 25 hours.
    assert_eq!(hours_of_day(&sao_paulo, "2018-02-17"), 25 * 60);
}

#[test]
fn lord_howe_changes_by_half_an_hour() {
    let lord_howe = zone("Australia/Lord_Howe");
    // 2026-04-05: 02:00 +11 becomes 01:30 +10:30.
    assert_eq!(hours_of_day(&lord_howe, "2026-04-05"), 24 * 60 + 30);
    let hour = |text: &str| Time::from_millis(lord_howe.period(Unit::Hour, time(text)));
    assert_eq!(hour("2026-04-04T14:59Z"), time("2026-04-04T14:00Z"));
    assert_eq!(hour("2026-04-04T15:00Z"), time("2026-04-04T15:00Z"));
    assert_eq!(hour("2026-04-04T15:29Z"), time("2026-04-04T15:00Z"));
    assert_eq!(hour("2026-04-04T15:30Z"), time("2026-04-04T15:30Z"));
    // 2026-10-04: 02:00 +10:30 becomes 02:30 +11; the hour of two has half an hour.
    assert_eq!(hours_of_day(&lord_howe, "2026-10-04"), 23 * 60 + 30);
    assert_eq!(hour("2026-10-03T15:45Z"), time("2026-10-03T15:30Z"));
    assert_eq!(hour("2026-10-03T16:00Z"), time("2026-10-03T16:00Z"));
    assert_eq!(
        lord_howe.end_of_period(Unit::Hour, time("2026-10-03T15:31Z")),
        time("2026-10-03T16:00Z")
    );
}

#[test]
fn a_day_that_was_skipped_starts_with_the_next() {
    let apia = zone("Pacific/Apia");
    assert_eq!(
        apia.start_of_date(date("2011-12-30")),
        time("2011-12-30T10:00Z")
    );
    assert_eq!(
        apia.start_of_date(date("2011-12-31")),
        time("2011-12-30T10:00Z")
    );
    assert_eq!(apia.date(time("2011-12-30T10:00Z")), date("2011-12-31"));
    assert_eq!(apia.date(time("2011-12-30T09:59:59Z")), date("2011-12-29"));
}

#[test]
fn minutes_repeated_over_midnight_stay_with_the_later_day() {
    // At 00:01 on 2010-11-07 clocks went back to 23:01 of the 6th.
    let st_johns = zone("America/St_Johns");
    let repeated = time("2010-11-07T02:40Z");
    assert_eq!(st_johns.parts(repeated).day, 6);
    assert_eq!(st_johns.parts(repeated).hour, 23);
    assert_eq!(st_johns.date(repeated), date("2010-11-07"));
    assert_eq!(
        st_johns.start_of_date(date("2010-11-07")),
        time("2010-11-07T02:30Z")
    );
}

#[test]
fn periods_are_numbered_from_1970() {
    let utc = Zone::utc();
    let of = |unit, text| utc.period(unit, time(text));
    assert_eq!(of(Unit::Day, "1970-01-02T00:00Z"), 1);
    assert_eq!(of(Unit::Week, "1970-01-04T23:59Z"), 0);
    assert_eq!(of(Unit::Week, "1970-01-05T00:00Z"), 1);
    assert_eq!(of(Unit::Week, "1969-12-28T00:00Z"), -1);
    assert_eq!(of(Unit::Month, "1971-02-28T00:00Z"), 13);
    assert_eq!(of(Unit::Month, "1969-12-31T00:00Z"), -1);
    assert_eq!(of(Unit::Quarter, "1970-04-01T00:00Z"), 1);
    assert_eq!(of(Unit::Quarter, "1969-12-01T00:00Z"), -1);
    assert_eq!(of(Unit::Year, "2026-12-31T23:59Z"), 56);
    assert_eq!(
        utc.start_of_period(Unit::Quarter, 1),
        time("1970-04-01T00:00Z")
    );
    assert_eq!(
        utc.start_of_period(Unit::Week, -1),
        time("1969-12-22T00:00Z")
    );
    let parts = utc.parts(time("2026-11-01T10:20:30Z"));
    let expected = LocalParts {
        year: 2026,
        month: 11,
        day: 1,
        hour: 10,
        minute: 20,
        weekday: 7,
    };
    assert_eq!(parts, expected);
}

#[test]
fn an_unknown_zone_says_which_was_meant() {
    let message = |name: &str| Zone::named(name).unwrap_err().to_string();
    assert_eq!(
        message("Shanghai"),
        "unknown time zone `Shanghai`: did you mean `Asia/Shanghai`?"
    );
    assert_eq!(
        message("Asia/Shangai"),
        "unknown time zone `Asia/Shangai`: did you mean `Asia/Shanghai`?"
    );
    assert!(message("New York").ends_with("did you mean `America/New_York`?"));
    assert_eq!(
        message("Middle-earth/Shire"),
        "unknown time zone `Middle-earth/Shire`"
    );
    assert_eq!(zone("asia/SHANGHAI").name(), "Asia/Shanghai");
}

/// What must hold for every zone at every instant.
fn check_tiling(zone: &Zone, time: Time) {
    for unit in [
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Quarter,
        Unit::Year,
    ] {
        let period = zone.period(unit, time);
        let (start, end) = (
            zone.start_of_period(unit, period),
            zone.end_of_period(unit, time),
        );
        assert!(
            start <= time && time < end,
            "{zone} {unit} {time}: {start} {end}"
        );
        assert_eq!(
            zone.start_of_period(unit, period + 1),
            end,
            "{zone} {unit} {time}"
        );
    }
    let day = zone.date(time);
    let start = zone.start_of_date(day);
    assert_eq!(zone.date(start), day, "{zone} {time}");
    assert!(
        zone.date(Time::from_millis(start.millis() - 1)) < day,
        "{zone} {time}"
    );
    let hour = zone.period(Unit::Hour, time);
    let end = zone.end_of_period(Unit::Hour, time);
    assert!(
        hour <= time.millis() && time < end,
        "{zone} {time}: {hour} {end}"
    );
    assert_eq!(
        zone.period(Unit::Hour, Time::from_millis(hour)),
        hour,
        "{zone} {time}"
    );
    assert_eq!(zone.period(Unit::Hour, end), end.millis(), "{zone} {time}");
    assert_eq!(
        zone.period(Unit::Hour, Time::from_millis(end.millis() - 1)),
        hour,
        "{zone} {time}"
    );
}

#[test]
fn in_every_zone_periods_tile_the_time_around_every_change() {
    let database = TimeZoneDatabase::bundled();
    let until = time("2045-01-01T00:00Z").millis();
    let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
    assert!(names.len() > 400);
    for name in names {
        let rules = database.get(&name).unwrap();
        let zone = zone(&name);
        for change in rules.following(Timestamp::MIN) {
            let at = change.timestamp().as_millisecond();
            if at > until {
                break;
            }
            for near in [-3_600_000, -1, 0, 1, 1_799_999, 3_600_000] {
                check_tiling(&zone, Time::from_millis(at + near));
            }
        }
    }
}

fn some_zone() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "UTC",
        "Asia/Shanghai",
        "Asia/Kolkata",
        "America/New_York",
        "America/Sao_Paulo",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Europe/Dublin",
        "Pacific/Apia",
        "Antarctica/Troll",
        "Etc/GMT+12",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn offsets_and_parts_are_those_of_the_database(
        name in some_zone(),
        millis in prop_oneof![
            Time::MIN.millis()..Time::MAX.millis() - 86_400_000,
            time("1970-01-01T00:00Z").millis()..time("2060-01-01T00:00Z").millis(),
        ],
    ) {
        let (time, zone) = (Time::from_millis(millis), zone(name));
        let timestamp = Timestamp::from_millisecond(millis).unwrap();
        let expected = timestamp.to_zoned(TimeZoneDatabase::bundled().get(name).unwrap());
        prop_assert_eq!(zone.offset_ms(time), i64::from(expected.offset().seconds()) * 1_000);
        let parts = zone.parts(time);
        prop_assert_eq!(parts.year, i32::from(expected.year()));
        prop_assert_eq!(i64::from(parts.month), i64::from(expected.month()));
        prop_assert_eq!(i64::from(parts.day), i64::from(expected.day()));
        prop_assert_eq!(i64::from(parts.hour), i64::from(expected.hour()));
        prop_assert_eq!(i64::from(parts.minute), i64::from(expected.minute()));
        prop_assert_eq!(i64::from(parts.weekday), i64::from(expected.weekday().to_monday_one_offset()));
        check_tiling(&zone, time);
    }

    #[test]
    fn days_never_go_back(name in some_zone(), millis in any::<i32>(), later in 0_i64..200_000_000) {
        let zone = zone(name);
        let first = i64::from(millis) * 1_000;
        let (first, second) = (Time::from_millis(first), Time::from_millis(first + later));
        prop_assert!(zone.date(first) <= zone.date(second));
    }
}
