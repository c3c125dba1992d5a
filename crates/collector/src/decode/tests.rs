//! Events as the SDKs send them.

use domain::Value;

use super::*;

const NOW: &str = "2026-11-20T12:00:00Z";

fn reception() -> Reception {
    Reception::live(NOW.parse().unwrap())
}

fn outcome(json: &str) -> Outcome {
    decode(json.as_bytes(), &reception(), &Limits::default())
}

fn event(json: &str) -> Event {
    match outcome(json) {
        Outcome::Accepted(event) => event,
        Outcome::Invalid(reason) => panic!("{json}: {reason}"),
    }
}

fn refusal(json: &str) -> Invalid {
    match outcome(json) {
        Outcome::Accepted(event) => panic!("{json} is accepted: {event:?}"),
        Outcome::Invalid(reason) => reason,
    }
}

#[test]
fn a_track_is_read_with_its_properties_and_its_context() {
    let event = event(
        r#"{"type":"track","event":"Order Completed","userId":"u1","messageId":"m1",
            "timestamp":"2026-11-01T10:00:00.123456+08:00","sentAt":"2026-11-01T10:00:01Z",
            "properties":{"total":19.90,"items":["a"],"none":null,"address":{"city":"SG"}},
            "context":{"ip":"1.2.3.4","device":{"type":"ios"}},
            "integrations":{"All":true},"writeKey":"k","channel":"web"}"#,
    );
    assert_eq!(event.user, UserKey::account("u1"));
    assert_eq!(
        (event.kind, event.name.as_str()),
        (EventType::Track, "Order Completed")
    );
    assert_eq!(event.time.to_string(), "2026-11-01T02:00:00.123Z");
    assert_eq!(event.message_id.as_deref(), Some("m1"));
    assert_eq!(
        event.property("total"),
        Some(&Value::Number("19.9".parse().unwrap()))
    );
    assert_eq!(
        event.property("items"),
        Some(&Value::from_iter([Value::text("a")]))
    );
    assert_eq!(event.property("none"), None);
    assert!(event.unset.is_empty());
    assert!(
        matches!(event.property("address"), Some(Value::Object(members)) if members.len() == 1)
    );
    assert_eq!(event.property("context.ip"), Some(&Value::text("1.2.3.4")));
    assert!(matches!(
        event.property("context.device"),
        Some(Value::Object(_))
    ));
}

#[test]
fn ids_may_be_null_empty_or_numbers() {
    let user = |ids: &str| event(&format!(r#"{{"type":"track","event":"e",{ids}}}"#)).user;
    assert_eq!(
        user(r#""userId":null,"anonymousId":"a1""#),
        UserKey::anonymous("a1")
    );
    assert_eq!(
        user(r#""userId":"","anonymousId":7"#),
        UserKey::anonymous("7")
    );
    assert_eq!(
        user(r#""userId":42,"anonymousId":"a1""#),
        UserKey::account("42")
    );
    assert_eq!(
        user(r#""userId":"anonymous:x""#),
        UserKey::account("anonymous:x")
    );
    let address = "0xABCDEFabcdef0123456789ABCDEFabcdef012345";
    assert_eq!(
        user(&format!(r#""userId":"{address}""#)).to_string(),
        address.to_lowercase()
    );
}

#[test]
fn times_come_in_many_forms_and_without_an_offset_are_utc() {
    let time = |time: &str| {
        event(&format!(
            r#"{{"type":"track","event":"e","userId":"u",{time}}}"#
        ))
        .time
        .to_string()
    };
    for (written, read) in [
        (
            r#""timestamp":"2026-11-01T10:00:00Z""#,
            "2026-11-01T10:00:00Z",
        ),
        (
            r#""timestamp":"2026-11-01T10:00:00.5""#,
            "2026-11-01T10:00:00.500Z",
        ),
        (
            r#""timestamp":"2026-11-01 10:00:00""#,
            "2026-11-01T10:00:00Z",
        ),
        (r#""timestamp":"2026-11-01""#, "2026-11-01T00:00:00Z"),
        (r#""timestamp":1793527200"#, "2026-11-01T10:00:00Z"),
        (r#""timestamp":1793527200123"#, "2026-11-01T10:00:00.123Z"),
        (
            r#""timestamp":null,"originalTimestamp":"2026-11-01T10:00:00Z""#,
            "2026-11-01T10:00:00Z",
        ),
        (r#""messageId":"m""#, NOW),
        (
            r#""timestamp":"2026-11-21T12:00:00Z""#,
            "2026-11-21T12:00:00Z",
        ),
    ] {
        assert_eq!(time(written), read, "{written}");
    }
}

#[test]
fn an_identify_sets_and_unsets_traits_those_of_the_context_too() {
    let event = event(
        r#"{"type":"identify","userId":"u","traits":{"name":"N","plan":null,"home":{"city":"A"}},
            "context":{"ip":"1.2.3.4","traits":{"name":"other","age":7,"home":{"zip":"1"}}}}"#,
    );
    assert_eq!(event.name.as_str(), "$identify");
    assert_eq!(event.property("name"), Some(&Value::text("N")));
    assert_eq!(event.property("age"), Some(&Value::from(7)));
    assert_eq!(event.property("context.ip"), None);
    let unset: Vec<&str> = event.unset.iter().map(AsRef::as_ref).collect();
    assert_eq!(unset, ["plan"]);
    let Some(Value::Object(home)) = event.property("home") else {
        panic!("no home")
    };
    assert_eq!(home.keys().map(AsRef::as_ref).collect::<Vec<_>>(), ["city"]);
}

#[test]
fn pages_screens_groups_and_aliases_keep_what_they_are_about() {
    let page = event(
        r#"{"type":"page","userId":"u","name":"Home","category":"Docs","properties":{"url":"/"}}"#,
    );
    assert_eq!(page.name.as_str(), "$page");
    for (name, text) in [("name", "Home"), ("category", "Docs"), ("url", "/")] {
        assert_eq!(page.property(name), Some(&Value::text(text)));
    }
    let screen = event(r#"{"type":"screen","userId":"u","name":"Start","properties":null}"#);
    assert_eq!(
        (screen.name.as_str(), screen.properties.len()),
        ("$screen", 1)
    );
    let group = event(r#"{"type":"group","userId":"u","groupId":5,"traits":{"plan":"x"}}"#);
    assert_eq!(group.property("groupId"), Some(&Value::text("5")));
    assert_eq!(group.property("plan"), Some(&Value::text("x")));
    let alias = event(r#"{"type":"alias","userId":"u","previousId":"a"}"#);
    assert_eq!(alias.property("previousId"), Some(&Value::text("a")));
}

#[test]
fn an_empty_list_stands_for_no_properties_and_anything_else_is_refused() {
    let with = |properties: &str| {
        outcome(&format!(
            r#"{{"type":"track","event":"e","userId":"u","properties":{properties}}}"#
        ))
    };
    assert!(matches!(with("[]"), Outcome::Accepted(event) if event.properties.is_empty()));
    for wrong in ["[1]", "5", "\"x\"", "true"] {
        let expected = Invalid::WrongMember {
            member: "properties",
            expected: "an object",
        };
        assert_eq!(with(wrong), Outcome::Invalid(expected), "{wrong}");
    }
}

#[test]
fn each_defect_has_its_own_reason() {
    let refused =
        |rest: &str| refusal(&format!(r#"{{"type":"track","userId":"u",{rest}}}"#)).name();
    assert_eq!(refused(r#""event":null"#), "no_name");
    assert_eq!(refused(r#""event":"$page""#), "reserved_name");
    assert_eq!(
        refused(r#""event":"e","timestamp":"yesterday""#),
        "unreadable_time"
    );
    assert_eq!(
        refused(r#""event":"e","timestamp":"2026-11-21T12:00:00.001Z""#),
        "future"
    );
    assert_eq!(refused(r#""event":"e","userId":true"#), "wrong_member");
    assert_eq!(refused(r#""event":"e","userId":{"a":1}"#), "wrong_member");
    assert_eq!(refusal(r#"{"userId":"u"}"#).name(), "no_type");
    assert_eq!(
        refusal(r#"{"type":"tracked","userId":"u"}"#).name(),
        "unknown_type"
    );
    assert_eq!(
        refusal(r#"{"type":"track","event":"e","userId":null}"#).name(),
        "no_user"
    );
    assert_eq!(refusal("[1]").name(), "not_json");
    assert_eq!(refusal(r#"{"type":"track""#).name(), "not_json");
}

#[test]
fn a_type_may_be_left_out_where_the_path_or_the_event_says_it() {
    assert_eq!(
        event(r#"{"event":"e","userId":"u"}"#).kind,
        EventType::Track
    );
    let mut reception = reception();
    reception.event_type = Some(EventType::Page);
    let page = decode(br#"{"userId":"u"}"#, &reception, &Limits::default());
    assert!(matches!(page, Outcome::Accepted(event) if event.kind == EventType::Page));
}

#[test]
fn an_imported_event_must_carry_its_time_and_an_identify_need_not() {
    let import = |json: &str| {
        decode(
            json.as_bytes(),
            &Reception::import(NOW.parse().unwrap()),
            &Limits::default(),
        )
    };
    let track = import(r#"{"type":"track","event":"e","userId":"u"}"#);
    assert_eq!(track, Outcome::Invalid(Invalid::NoTime));
    let identify = import(r#"{"type":"identify","userId":"u","traits":{"a":1}}"#);
    assert!(matches!(identify, Outcome::Accepted(event) if event.time.to_string() == NOW));
}

#[test]
fn an_event_beyond_its_limits_is_refused() {
    let limits = Limits {
        bytes: 100,
        fields: 2,
        ..Limits::default()
    };
    let of = |json: &str| decode(json.as_bytes(), &reception(), &limits);
    let long = format!(r#"{{"type":"track","event":"{}"}}"#, "x".repeat(100));
    assert!(matches!(
        of(&long),
        Outcome::Invalid(Invalid::TooLong { most: 100, .. })
    ));
    let many = r#"{"event":"e","userId":"u","properties":{"a":1,"b":1},"context":{"c":1}}"#;
    assert_eq!(
        of(many),
        Outcome::Invalid(Invalid::TooManyFields { most: 2 })
    );
}

#[test]
fn a_decoder_forgets_the_event_before() {
    let mut decoder = Decoder::new(Limits::default());
    let first = br#"{"type":"page","userId":"u","anonymousId":"a","name":"N","messageId":"m","properties":{"a":1},"context":{"b":2}}"#;
    assert_eq!(
        decoder
            .decode(first, &reception())
            .unwrap()
            .fields()
            .count(),
        3
    );
    let second = decoder
        .decode(br#"{"event":"e","anonymousId":"b:c"}"#, &reception())
        .unwrap();
    assert_eq!(second.fields().count(), 0);
    assert_eq!((second.name(), second.message_id()), ("e", None));
    assert_eq!(second.user_text(), "anonymous:b:c");
}

#[test]
fn fields_and_event_say_the_same() {
    let json = r#"{"type":"track","event":"e","userId":"u","properties":
        {"a":{"b":[1,{"c":2.50}],"d":{}},"e":"\u0001x","f":-1e2,"g":false},"context":{"h":{"i":"j"}}}"#;
    let mut decoder = Decoder::new(Limits::default());
    let decoded = decoder.decode(json.as_bytes(), &reception()).unwrap();
    let fields: Vec<(String, String)> = decoded
        .fields()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    let event = decoded.to_event();
    let encoded: Vec<(String, String)> = event
        .properties
        .iter()
        .flat_map(|(name, value)| stored::encode(name, value))
        .collect();
    assert_eq!(fields, encoded);
}

#[test]
fn a_property_called_as_if_it_were_of_the_context_counts() {
    let event =
        event(r#"{"event":"e","userId":"u","context":{"ip":"1"},"properties":{"context.ip":"2"}}"#);
    assert_eq!(event.properties.len(), 1);
    assert_eq!(event.property("context.ip"), Some(&Value::text("2")));
}

#[test]
fn a_message_says_which_identities_are_one() {
    let others = |json: &str| {
        let mut decoder = Decoder::new(Limits::default());
        let decoded = decoder.decode(json.as_bytes(), &reception()).unwrap();
        let others = decoded.other_identities();
        others.map(|key| key.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        others(r#"{"event":"e","userId":"u","anonymousId":"a"}"#),
        ["anonymous:a"]
    );
    assert!(others(r#"{"event":"e","anonymousId":"a"}"#).is_empty());
    assert!(others(r#"{"event":"e","userId":"u","anonymousId":null}"#).is_empty());
    assert_eq!(
        others(r#"{"type":"alias","userId":"u","previousId":"a"}"#),
        ["anonymous:a"]
    );
    assert_eq!(
        others(r#"{"type":"alias","userId":"u","previousId":"0xAB","anonymousId":"a"}"#),
        ["anonymous:a", "0xAB"]
    );
}

#[test]
fn a_position_is_a_whole_number_and_0_where_there_is_none() {
    let position = |member: &str| {
        let json = format!(r#"{{"type":"track","event":"e","userId":"u1"{member}}}"#);
        let mut decoder = Decoder::new(Limits::default());
        let decoded = decoder.decode(json.as_bytes(), &reception());
        decoded.map(|decoded| decoded.position().get())
    };
    assert_eq!(position(""), Ok(0));
    assert_eq!(position(r#","position":null"#), Ok(0));
    assert_eq!(position(r#","position":17"#), Ok(17));
    assert_eq!(position(r#","position":"17""#), Ok(17));
    for wrong in ["-1", "1.5", "9223372036854775808", "{}", "true"] {
        let refused = position(&format!(r#","position":{wrong}"#));
        assert!(
            matches!(
                refused,
                Err(Invalid::WrongMember {
                    member: "position",
                    ..
                })
            ),
            "{wrong}"
        );
    }
}
