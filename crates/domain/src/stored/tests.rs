//! The codec there and back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::value::tests::{scalars, values};

fn rows(json: &Json) -> Vec<(String, String)> {
    encode("p", &Value::from_json(json).unwrap())
}

fn row(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

#[test]
fn scalars_are_stored_as_their_canonical_texts() {
    assert_eq!(rows(&json!("x")), [row("p", "x")]);
    assert_eq!(rows(&json!("")), [row("p", "")]);
    assert_eq!(rows(&json!(true)), [row("p", "true")]);
    assert_eq!(
        rows(&serde_json::from_str("1.50e1").unwrap()),
        [row("p", "15")]
    );
    assert_eq!(rows(&json!("\u{1}n")), [row("p", "\u{1}t\u{1}n")]);
}

#[test]
fn lists_carry_their_json_and_objects_their_members_beside_them() {
    assert_eq!(rows(&json!([1, "a", null])), [row("p", "\u{1}l[1,\"a\"]")]);
    assert_eq!(rows(&json!({})), [row("p", "\u{1}o")]);
    let expected = [
        row("p", "\u{1}o"),
        row("p.a", "\u{1}o"),
        row("p.a.b", "1"),
        row("p.c", "\u{1}l[{\"d\":2}]"),
    ];
    assert_eq!(rows(&json!({"a": {"b": 1}, "c": [{"d": 2}]})), expected);
}

#[test]
fn markers_are_understood_and_damaged_ones_stay_texts() {
    assert_eq!(decode(UNSET), Stored::Unset);
    assert_eq!(decode(OBJECT), Stored::ObjectMarker);
    assert_eq!(decode("\u{1}t\u{1}n"), Stored::Value(Value::text("\u{1}n")));
    for damaged in ["\u{1}", "\u{1}l[1", "\u{1}l{}", "\u{1}x", "\u{1}nn"] {
        assert_eq!(decode(damaged), Stored::Value(Value::text(damaged)));
    }
}

/// What has to come back: scalars as texts, lists as they are, objects as their members.
fn expected(path: String, value: &Value, into: &mut BTreeMap<String, Stored>) {
    let stored = match value {
        Value::List(_) => Stored::Value(value.clone()),
        Value::Text(_) => Stored::Value(value.clone()),
        Value::Object(members) => {
            for (name, member) in members.iter() {
                expected(format!("{path}.{name}"), member, into);
            }
            Stored::ObjectMarker
        }
        scalar => Stored::Value(Value::Text(scalar.canonical_text().unwrap())),
    };
    into.insert(path, stored);
}

proptest! {
    #[test]
    fn what_is_stored_reads_back(value in values()) {
        let mut wanted = BTreeMap::new();
        expected("p".to_owned(), &value, &mut wanted);
        let read: BTreeMap<String, Stored> =
            encode("p", &value).into_iter().map(|(path, text)| (path, decode(&text))).collect();
        prop_assert_eq!(read, wanted);
    }

    #[test]
    fn a_scalar_is_never_taken_for_a_marker(value in scalars()) {
        for (_, text) in encode("p", &value) {
            prop_assert!(matches!(decode(&text), Stored::Value(Value::Text(_))));
        }
    }
}
