//! Objects as flat fields.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(json: &str) -> Vec<(String, String)> {
    let mut fields = Fields::with_most(100);
    fields.read(json.as_bytes()).unwrap();
    let all = fields.iter();
    all.map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    expected.iter().map(own).collect()
}

#[test]
fn scalars_are_their_canonical_texts() {
    let json = r#"{"text":"é\n","number":1.50,"truth":true,"nothing":null,"marked":"\u0001n"}"#;
    let expected = [
        ("text", "é\n"),
        ("number", "1.5"),
        ("truth", "true"),
        ("nothing", stored::UNSET),
        ("marked", "\u{1}t\u{1}n"),
    ];
    assert_eq!(read(json), pairs(&expected));
}

#[test]
fn objects_are_flat_with_a_marker_and_nulls_inside_are_nothing() {
    let json = r#"{"a":{"b":{"c":1,"d":null}},"e":{},"f.g":2}"#;
    let expected = [
        ("a", stored::OBJECT),
        ("a.b", stored::OBJECT),
        ("a.b.c", "1"),
        ("e", stored::OBJECT),
        ("f.g", "2"),
    ];
    assert_eq!(read(json), pairs(&expected));
}

#[test]
fn lists_are_one_field_with_exact_numbers() {
    let big = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    let json = format!(r#"{{"l":[1.0,"a",{{"n":{big}}},null]}}"#);
    assert_eq!(
        read(&json),
        pairs(&[("l", &format!(r#"{}l[1,"a",{{"n":{big}}}]"#, '\u{1}'))])
    );
}

#[test]
fn of_repeated_members_the_last_counts_with_all_that_is_inside() {
    assert_eq!(
        read(r#"{"a":1,"b":2,"a":3}"#),
        pairs(&[("b", "2"), ("a", "3")])
    );
    assert_eq!(
        read(r#"{"a":{"b":1},"ab":0,"a":2}"#),
        pairs(&[("ab", "0"), ("a", "2")])
    );
    let expected = [("a", stored::OBJECT), ("a.b", "2")];
    assert_eq!(read(r#"{"a.b":1,"a":{"b":2}}"#), pairs(&expected));
}

#[test]
fn numbers_of_any_length_are_read_without_an_accident() {
    let digits = "7".repeat(400);
    assert_eq!(
        read(&format!(r#"{{"n":{digits}}}"#)),
        pairs(&[("n", &digits)])
    );
    for (written, text) in [
        ("1e3", "1000"),
        ("-0", "0"),
        ("1e400000000", "1e+400000000"),
        ("0.1234567890123456789", "0.123456789012345678"),
        ("-12345678901234567890.50", "-12345678901234567890.5"),
    ] {
        assert_eq!(
            read(&format!(r#"{{"n":{written}}}"#)),
            pairs(&[("n", text)]),
            "{written}"
        );
    }
}

#[test]
fn what_is_no_object_is_refused() {
    let mut fields = Fields::with_most(100);
    for json in [
        "",
        "1",
        "[]",
        "null",
        "{",
        r#"{"a":1}x"#,
        r#"{"a":01}"#,
        r#"{"a":"\ud800"}"#,
    ] {
        let refused = fields.read(json.as_bytes());
        assert!(matches!(refused, Err(Invalid::NotJson { .. })), "{json}");
    }
    assert_eq!(
        fields.read(b"{\"a\":\"\xff\"}"),
        Err(Invalid::NotUtf8 { valid: 6 })
    );
    for deep in ["{\"a\":", "{\"a\":["] {
        let deep = deep.repeat(100_000);
        assert!(Fields::with_most(1_000_000).read(deep.as_bytes()).is_err());
    }
}

#[test]
fn more_members_than_allowed_are_refused() {
    let mut fields = Fields::with_most(2);
    assert_eq!(fields.read(br#"{"a":1,"b":2}"#), Ok(()));
    assert_eq!(
        fields.read(br#"{"a":1,"b":2,"c":3}"#),
        Err(Invalid::TooManyFields { most: 2 })
    );
    assert_eq!(fields.read(br#"{"a":1,"b":2}"#), Ok(()));
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let scalar = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|truth| json!(truth)),
        any::<i64>().prop_map(|number| json!(number)),
        "[a-z\u{1}\"é]{0,4}".prop_map(|text| json!(text)),
    ];
    scalar.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| json!(list)),
            prop::collection::btree_map("[a-c]{1,2}", inner, 0..4)
                .prop_map(|members| json!(members)),
        ]
    })
}

proptest! {
    #[test]
    fn fields_are_what_the_stored_form_of_the_values_is(
        members in prop::collection::btree_map("[a-c]{1,2}", any_json(), 0..5),
    ) {
        let json = json!(members).to_string();
        let mut expected: Vec<(String, String)> = Vec::new();
        for (name, member) in &members {
            match domain::Value::from_json(member) {
                Some(value) => expected.extend(stored::encode(name, &value)),
                None => expected.push((name.clone(), stored::UNSET.to_owned())),
            }
        }
        prop_assert_eq!(read(&json), expected);
    }

    #[test]
    fn any_bytes_are_read_without_an_accident(json in r#"[\{\}\[\]",:0-9a-e\\.+-]{0,40}"#) {
        let _ = Fields::with_most(10).read(json.as_bytes());
    }
}
