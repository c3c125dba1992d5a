//! Conversions by place, and JSON there and back.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn time(text: &str) -> Value {
    Value::Time(text.parse().unwrap())
}

#[test]
fn a_text_is_a_number_only_where_it_is_wholly_one() {
    assert_eq!(
        Value::text("1e18").convert(Kind::Number),
        Some(number("1000000000000000000"))
    );
    for text in ["", " 1", "1 000", "0x10", "one"] {
        assert_eq!(Value::text(text).convert(Kind::Number), None, "{text}");
    }
    assert_eq!(Value::Bool(true).convert(Kind::Number), None);
    assert_eq!(
        Value::text(&format!("1{}", "0".repeat(80))).convert(Kind::Number),
        None
    );
}

#[test]
fn a_time_place_takes_rfc_3339_dates_and_epochs() {
    let expected = Some(time("2026-11-01T10:00:00Z"));
    for text in [
        "2026-11-01T10:00:00Z",
        "2026-11-01 10:00",
        "2026-11-01T18:00:00.0009+08:00",
        "1793527200",
        "1793527200000",
    ] {
        assert_eq!(Value::text(text).convert(Kind::Time), expected, "{text}");
    }
    assert_eq!(number("1793527200").convert(Kind::Time), expected);
    assert_eq!(
        Value::text("2026-11-01").convert(Kind::Time),
        Some(time("2026-11-01T00:00Z"))
    );
    for text in ["", "soon", "2026-13-01", "2026-11-01T25:00Z"] {
        assert_eq!(Value::text(text).convert(Kind::Time), None, "{text}");
    }
}

#[test]
fn a_date_place_takes_dates_only() {
    let date = Value::Date("2026-11-01".parse().unwrap());
    assert_eq!(
        Value::text("2026-11-01").convert(Kind::Date),
        Some(date.clone())
    );
    assert_eq!(date.convert(Kind::Date), Some(date));
    assert_eq!(time("2026-11-01T00:00Z").convert(Kind::Date), None);
    assert_eq!(Value::text("2026-11-01T00:00Z").convert(Kind::Date), None);
}

#[test]
fn a_boolean_place_takes_the_two_words() {
    assert_eq!(
        Value::text("true").convert(Kind::Truth),
        Some(Value::Bool(true))
    );
    assert_eq!(
        Value::text("false").convert(Kind::Truth),
        Some(Value::Bool(false))
    );
    for other in [
        Value::text(""),
        Value::text("True"),
        Value::text("1"),
        number("1"),
    ] {
        assert_eq!(other.convert(Kind::Truth), None);
    }
}

#[test]
fn a_text_place_takes_canonical_texts_with_addresses_in_lower_case() {
    let text = |value: Value| value.canonical_text().map(|text| text.to_string());
    assert_eq!(text(number("1.50e1")).unwrap(), "15");
    assert_eq!(text(Value::Bool(false)).unwrap(), "false");
    assert_eq!(
        text(time("2026-11-01T10:00:00.5Z")).unwrap(),
        "2026-11-01T10:00:00.500Z"
    );
    assert_eq!(text(Value::text("")).unwrap(), "");
    assert_eq!(text(Value::text("BSC")).unwrap(), "BSC");
    let address = "0xABCDEFabcdef0123456789ABCDEFabcdef012345";
    assert_eq!(text(Value::text(address)).unwrap(), address.to_lowercase());
    assert_eq!(text(Value::from_iter([Value::Bool(true)])), None);
    assert_eq!(text(Value::Object(Arc::default())), None);
}

#[test]
fn only_values_of_one_kind_are_compared() {
    assert_eq!(number("2").compare(&number("10")), Some(Ordering::Less));
    assert_eq!(
        Value::text("2").compare(&Value::text("10")),
        Some(Ordering::Greater)
    );
    assert_eq!(
        Value::text("é").compare(&Value::text("z")),
        Some(Ordering::Greater)
    );
    assert_eq!(number("2").compare(&Value::text("2")), None);
}

#[test]
fn json_keeps_every_digit_and_drops_nulls() {
    let text = r#"{"a":[1,null,"x",0.10],"b":null,"c":{"d":123456789012345678901234567890.5}}"#;
    let json: serde_json::Value = serde_json::from_str(text).unwrap();
    let value = Value::from_json(&json).unwrap();
    let expected = r#"{"a":[1,"x",0.1],"c":{"d":123456789012345678901234567890.5}}"#;
    assert_eq!(value.to_json().to_string(), expected);
    assert_eq!(Value::from_json(&json!(null)), None);
    let endless: serde_json::Value = serde_json::from_str("1e9999").unwrap();
    assert_eq!(
        Value::from_json(&endless).and_then(|value| value.to_number()),
        None
    );
}

pub(crate) fn scalars() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        (any::<i64>(), 0_u8..=18)
            .prop_map(|(m, s)| Value::Number(Decimal::from_mantissa(m.into(), s))),
        "[\u{1}a-z0-9.\"鲸\\\\]{0,8}".prop_map(|text| Value::text(&text)),
    ]
}

/// Values as JSON can write them.
pub(crate) fn values() -> impl Strategy<Value = Value> {
    scalars().prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from_iter),
            prop::collection::btree_map("[a-z]{1,3}", inner, 0..4).prop_map(|members| {
                let named = members
                    .into_iter()
                    .map(|(name, value)| (Arc::from(name), value));
                Value::Object(Arc::new(named.collect()))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_reads_back_from_its_json(value in values()) {
        let text = value.to_json().to_string();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(Value::from_json(&json), Some(value));
    }

    #[test]
    fn a_conversion_is_what_its_place_demands_and_stays_so(value in values()) {
        for kind in [Kind::Truth, Kind::Number, Kind::Text, Kind::Time, Kind::Date, Kind::List] {
            if let Some(converted) = value.convert(kind) {
                prop_assert_eq!(converted.kind(), kind);
                prop_assert_eq!(converted.convert(kind), Some(converted));
            }
        }
    }

    #[test]
    fn a_scalar_and_its_canonical_text_mean_the_same_in_every_place(value in scalars()) {
        let text = Value::Text(value.canonical_text().unwrap());
        if !matches!(value, Value::Text(_)) {
            for kind in [Kind::Truth, Kind::Number, Kind::Text, Kind::Time] {
                let from_text = text.convert(kind);
                prop_assert_eq!(from_text, value.convert(kind), "{:?} as {}", value, kind);
            }
        }
    }
}
