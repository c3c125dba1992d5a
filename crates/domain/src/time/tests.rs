//! Times and dates, read and written.

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Time {
    Time::parse(text).unwrap_or_else(|| panic!("{text} is a time"))
}

#[test]
fn every_accepted_form_is_the_same_instant() {
    let expected = parse("2026-11-01T10:00:00Z");
    for text in [
        "2026-11-01T10:00:00.000Z",
        "2026-11-01t10:00:00z",
        "2026-11-01 10:00:00",
        "2026-11-01T10:00",
        "2026-11-01T10:00Z",
        "2026-11-01T18:00:00+08:00",
        "2026-11-01T18:00:00+0800",
        "2026-11-01T18:00+08",
        "2026-10-31T23:30:00.000000-10:30",
        "1793527200",
        "1793527200000",
        "1793527200000.9",
        "1793527200.0009",
    ] {
        assert_eq!(parse(text), expected, "{text}");
    }
    assert_eq!(expected.millis(), 1_793_527_200_000);
}

#[test]
fn parts_of_a_second_are_cut_to_milliseconds() {
    assert_eq!(
        parse("2026-11-01T10:00:00.1239Z").to_string(),
        "2026-11-01T10:00:00.123Z"
    );
    assert_eq!(
        parse("2026-11-01T10:00:00.5").to_string(),
        "2026-11-01T10:00:00.500Z"
    );
    assert_eq!(parse("1969-12-31T23:59:59.999999999Z").millis(), -1);
    assert_eq!(parse("-0.5").millis(), -500);
}

#[test]
fn epochs_below_ten_to_the_eleventh_are_seconds() {
    assert_eq!(parse("99999999999").millis(), 99_999_999_999_000);
    assert_eq!(parse("100000000000").millis(), 100_000_000_000);
    assert_eq!(parse("-62135596800"), Time::MIN);
    assert_eq!(Time::parse("-62135596801"), None);
    assert_eq!(parse("-100000000000").millis(), -100_000_000_000);
    assert_eq!(parse("0"), Time::from_millis(0));
}

#[test]
fn other_texts_are_no_times() {
    for text in [
        "",
        "2026-11-01",
        "2026-11-01T",
        "2026-11-01T10",
        "2026-11-01T10:0",
        "2026-11-01T24:00Z",
        "2026-11-01T10:60Z",
        "2026-11-01T10:00:61Z",
        "2026-11-01T10:00:00.Z",
        "2026-11-01T10:00:00.1234567890Z",
        "2026-11-01T10:00:00+8",
        "2026-11-01T10:00:00+24:00",
        "2026-11-01T10:00:00 Z",
        "2026-02-29T10:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "253402300800000",
        "20261101T100000Z",
        "２０２６-11-01T10:00:00Z",
    ] {
        assert_eq!(Time::parse(text), None, "{text}");
    }
}

#[test]
fn a_leap_second_is_the_next_minutes_start() {
    assert_eq!(parse("2016-12-31T23:59:60Z"), parse("2017-01-01T00:00:00Z"));
}

#[test]
fn arithmetic_stays_within_the_years_that_can_be_written() {
    let millisecond = Span::from_millis(1);
    assert_eq!(Time::MAX.checked_add(millisecond), None);
    assert_eq!(Time::MIN.checked_sub(millisecond), None);
    assert_eq!(Time::MIN.checked_add(Span::from_millis(i64::MIN)), None);
    assert_eq!(Time::MIN.to_string(), "0001-01-01T00:00:00Z");
    assert_eq!(Time::MAX.to_string(), "9999-12-31T23:59:59.999Z");
    assert_eq!(parse(&Time::MAX.to_string()), Time::MAX);
    assert_eq!(
        Time::from_millis(5).since(Time::from_millis(7)).millis(),
        -2
    );
    assert_eq!(Date::MIN.to_string(), "0001-01-01");
    assert_eq!(Date::MAX.to_string(), "9999-12-31");
    assert_eq!(Date::MAX.checked_add_days(1), None);
}

#[test]
fn only_days_that_exist_are_dates() {
    assert_eq!(Date::parse("2024-02-29").map(Date::days), Some(19_782));
    for text in [
        "",
        "2026-02-29",
        "2100-02-29",
        "2026-11-31",
        "2026-00-01",
        "2026-11-00",
        "2026-1-1",
        "2026/11/01",
        "+026-11-01",
        "2026-11-01 ",
    ] {
        assert_eq!(Date::parse(text), None, "{text}");
    }
    assert!(
        "x".parse::<Date>()
            .unwrap_err()
            .to_string()
            .contains("`x` is not a date")
    );
}

proptest! {
    #[test]
    fn a_time_reads_back_from_its_text(millis in Time::MIN.millis()..=Time::MAX.millis()) {
        let time = Time::from_millis(millis);
        prop_assert_eq!(parse(&time.to_string()), time);
        let json = serde_json::to_string(&time).unwrap();
        prop_assert_eq!(serde_json::from_str::<Time>(&json).unwrap(), time);
    }

    #[test]
    fn texts_mean_what_the_library_says(
        millis in Time::MIN.millis() + 86_400_000..Time::MAX.millis() - 86_400_000,
        nanos in 0_i64..1_000_000, minutes in -14_i32 * 60..14 * 60,
    ) {
        let nanos = i128::from(millis) * 1_000_000 + i128::from(nanos);
        let timestamp = Timestamp::from_nanosecond(nanos).unwrap();
        let offset = jiff::tz::Offset::from_seconds(minutes * 60).unwrap();
        let text = timestamp.display_with_offset(offset).to_string();
        prop_assert_eq!(parse(&text).millis(), millis, "{}", text);
    }

    #[test]
    fn a_date_is_its_year_month_and_day(days in Date::MIN.days()..=Date::MAX.days()) {
        let date = Date::from_days(days);
        prop_assert_eq!(Date::from_ymd(date.year(), date.month(), date.day()), Some(date));
        prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
        let civil = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(days);
        prop_assert_eq!(civil.to_string(), date.to_string());
        prop_assert_eq!(i64::from(date.weekday()), i64::from(civil.weekday().to_monday_one_offset()));
    }

    #[test]
    fn no_text_breaks_the_parser(text in "[0-9T:.Z+ -]{0,30}|\\PC{0,14}") {
        if let Some(time) = Time::parse(&text) {
            prop_assert!((Time::MIN..=Time::MAX).contains(&time));
        }
    }
}
