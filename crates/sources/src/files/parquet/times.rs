//! Instants and clocks of a Parquet file as texts, with all their places.

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Time32MillisecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_schema::TimeUnit;
use domain::{Time, Value};

/// An instant in UTC, or a time on the wall where the column has no zone: then without `Z`, so
/// that the zone that is declared for the file decides.
pub(super) fn timestamp(
    array: &ArrayRef,
    row: usize,
    unit: TimeUnit,
    is_instant: bool,
) -> Result<Value, String> {
    let count = match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().value(row),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value(row),
    };
    let per_second = per_second(unit);
    let seconds = count.div_euclid(per_second);
    let places = places(count.rem_euclid(per_second), unit);
    let whole = seconds.checked_mul(1_000).map(Time::from_millis);
    let Some(whole) = whole.filter(|time| (Time::MIN..=Time::MAX).contains(time)) else {
        // Beyond what can be written as a time: this text is no time in any place.
        return Ok(Value::text(&format!("{seconds}{places}s")));
    };
    let whole = whole.to_string();
    let end = if is_instant { "Z" } else { "" };
    Ok(Value::text(&format!(
        "{}{places}{end}",
        whole.trim_end_matches('Z')
    )))
}

/// A clock without a day, such as `23:59:59.5`.
pub(super) fn clock(array: &ArrayRef, row: usize, unit: TimeUnit) -> Result<Value, String> {
    let count = match unit {
        TimeUnit::Millisecond => {
            i64::from(array.as_primitive::<Time32MillisecondType>().value(row))
        }
        TimeUnit::Microsecond => array.as_primitive::<Time64MicrosecondType>().value(row),
        TimeUnit::Nanosecond => array.as_primitive::<Time64NanosecondType>().value(row),
        TimeUnit::Second => return Err("clocks in whole seconds cannot be imported".to_owned()),
    };
    let seconds = count.div_euclid(per_second(unit));
    let places = places(count.rem_euclid(per_second(unit)), unit);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    Ok(Value::text(&format!(
        "{hour:02}:{minute:02}:{second:02}{places}"
    )))
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// The places of a second with their point, without trailing zeros.
fn places(rest: i64, unit: TimeUnit) -> String {
    if rest == 0 {
        return String::new();
    }
    let width = match unit {
        TimeUnit::Second => 0,
        TimeUnit::Millisecond => 3,
        TimeUnit::Microsecond => 6,
        TimeUnit::Nanosecond => 9,
    };
    format!(".{rest:0width$}").trim_end_matches('0').to_owned()
}
