//! Times as files write them.

use super::*;

fn read(format: &str, zone: &str, cell: &str) -> Result<String, String> {
    let reader = TimeReader::new(format.parse().unwrap(), Zone::named(zone).unwrap());
    reader.instant(cell).map(|time| time.to_string())
}

#[test]
fn the_usual_forms_are_detected() {
    for (cell, time) in [
        ("2017-03-06T10:00:00Z", "2017-03-06T10:00:00Z"),
        ("2017-03-06 10:00:00", "2017-03-06T10:00:00Z"),
        ("2017-03-06 10:00", "2017-03-06T10:00:00Z"),
        ("2017-03-06 10:00:00 UTC", "2017-03-06T10:00:00Z"),
        ("2017-03-06 10:00:00.123456 UTC", "2017-03-06T10:00:00.123Z"),
        ("2017-03-06 10:00:00 +08:00", "2017-03-06T02:00:00Z"),
        ("2017-03-06T10:00:00.5-0300", "2017-03-06T13:00:00.500Z"),
        ("2017-03-06", "2017-03-06T00:00:00Z"),
        ("1488794400", "2017-03-06T10:00:00Z"),
        ("1488794400.25", "2017-03-06T10:00:00.250Z"),
        ("1488794400123", "2017-03-06T10:00:00.123Z"),
        ("0", "1970-01-01T00:00:00Z"),
        ("-1", "1969-12-31T23:59:59Z"),
    ] {
        assert_eq!(read("auto", "UTC", cell).as_deref(), Ok(time), "{cell}");
    }
}

#[test]
fn what_is_no_time_is_refused_with_its_text() {
    for cell in [
        "",
        "x",
        "2017-13-01",
        "2017-03-06 25:00:00",
        "2017-03-06 10:00:00 PST",
        "奖励",
        "2017-03-06奖",
    ] {
        let reason = read("auto", "UTC", cell).unwrap_err();
        assert!(reason.contains(cell), "{reason}");
    }
}

#[test]
fn digits_of_a_date_need_their_format() {
    assert!(
        read("auto", "UTC", "19970101")
            .unwrap_err()
            .contains("%Y%m%d")
    );
    assert!(read("auto", "UTC", "20170306100000").is_err());
    assert_eq!(
        read("%Y%m%d", "UTC", "19970101").as_deref(),
        Ok("1997-01-01T00:00:00Z")
    );
    assert_eq!(
        read("s", "UTC", "19970101").as_deref(),
        Ok("1970-08-20T03:15:01Z")
    );
    assert_eq!(
        read("auto", "UTC", "19971301").as_deref(),
        Ok("1970-08-20T03:35:01Z")
    );
}

#[test]
fn a_time_without_an_offset_is_the_zones() {
    for (cell, time) in [
        ("2026-07-01 12:00:00", "2026-07-01T10:00:00Z"),
        ("2026-01-01 12:00:00", "2026-01-01T11:00:00Z"),
        ("2026-01-01 12:00:00Z", "2026-01-01T12:00:00Z"),
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        // Skipped: as much after the change. Repeated: the first.
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00Z"),
        ("2026-10-25 02:30:00", "2026-10-25T00:30:00Z"),
        ("2026-10-25 03:00:00", "2026-10-25T02:00:00Z"),
    ] {
        assert_eq!(
            read("auto", "Europe/Berlin", cell).as_deref(),
            Ok(time),
            "{cell}"
        );
    }
}

#[test]
fn a_pattern_reads_what_it_describes() {
    for (pattern, cell, time) in [
        ("%d/%m/%Y %H:%M", "06/03/2017 10:05", "2017-03-06T02:05:00Z"),
        ("%d/%m/%Y", "06/03/2017", "2017-03-05T16:00:00Z"),
        ("%Y%m%d%H%M%S", "20170306100500", "2017-03-06T02:05:00Z"),
        (
            "%Y-%m-%dT%H:%M:%S%z",
            "2017-03-06T10:05:00+0000",
            "2017-03-06T10:05:00Z",
        ),
        (
            "%Y-%m-%d %H:%M:%S%.f",
            "2017-03-06 10:05:00.25",
            "2017-03-06T02:05:00.250Z",
        ),
    ] {
        assert_eq!(
            read(pattern, "Asia/Shanghai", cell).as_deref(),
            Ok(time),
            "{pattern}"
        );
    }
    assert!(
        read("%d/%m/%Y", "UTC", "2017-03-06")
            .unwrap_err()
            .contains("%d/%m/%Y")
    );
}

#[test]
fn an_unknown_format_names_the_known_ones() {
    for written in ["", "iso", "%!", "100%"] {
        let error = written.parse::<TimeFormat>().unwrap_err();
        assert!(error.to_string().contains("epoch seconds"), "{error}");
    }
}
