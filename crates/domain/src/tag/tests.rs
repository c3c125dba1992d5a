//! Definitions as they are written.

use serde_json::json;

use super::*;
use crate::{AudienceDefinition, ListDefinition, ListKind};

fn read(json: serde_json::Value) -> Result<TagDefinition, String> {
    serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())
}

#[test]
fn a_tag_is_written_flat_and_reads_back() {
    let written = json!({
        "key": "tier", "name": {"zh": "等级", "en": "Tier"},
        "cases": [{"value": "gold", "rule": "sum(swap.amount_usd) >= 10000"}],
        "else": "none", "keep": "all", "timezone": "Asia/Shanghai", "as_of": "2026-11-01T10:00:00Z",
        "status": "in_review",
        "refresh": "cron \"0 8 * * *\"",
    });
    let tag = read(written.clone()).unwrap();
    let expected = TagBody::Cases {
        cases: vec![Case {
            value: "gold".into(),
            name: LocalizedText::default(),
            rule: "sum(swap.amount_usd) >= 10000".into(),
        }],
        otherwise: Some("none".into()),
        keep: Keep::All,
    };
    assert_eq!(tag.body, expected);
    assert_eq!(serde_json::to_value(&tag).unwrap(), written);
    for short in [
        json!({"key": "a", "rule": "true"}),
        json!({"key": "b", "value": "count(x)"}),
        json!({"key": "c", "cases": [
            {"value": "v", "name": {"zh": "值", "en": "Value"}, "rule": "true"}
        ]}),
        json!({"key": "d", "rfm": {
            "recency": "swap", "frequency": "count(swap)", "monetary": "sum(swap.usd)",
            "window": "90d", "bounds": {
                "recency": "14d", "frequency": ["2", "5"], "monetary": "0.1"
            }, "groups": "eleven"
        }}),
        json!({"key": "f", "lookalike": {
            "seed": "tag(whale)", "features": ["count(swap)", "country"], "size": 1000
        }}),
        json!({"key": "g", "lookalike": {
            "seed": "x > 1", "features": ["y"], "top": "5%", "include_seed": true
        }}),
        json!({"key": "e", "lifecycle": {
            "active": "*", "new": "7d", "at_risk": "14d", "lost": "30d", "returned": "3d"
        }}),
        json!({"key": "f", "imported": {"type": "number"}}),
        json!({"key": "g", "by_hand": {"type": "flag"}}),
    ] {
        let tag = read(short.clone()).unwrap();
        assert_eq!(serde_json::to_value(&tag).unwrap(), short);
    }
}

#[test]
fn a_definition_that_contradicts_itself_says_what_to_do() {
    for (json, message) in [
        (
            json!({"key": "a"}),
            "tag `a` needs exactly one of `rule`, `cases`, `value`, `rfm`, `lifecycle`, `lookalike`, `imported`, `by_hand` and `sql`",
        ),
        (
            json!({"key": "a", "rule": "x", "value": "y"}),
            "needs exactly one of",
        ),
        (
            json!({"key": "a", "rule": "x", "else": "y"}),
            "go with `cases` only",
        ),
        (json!({"key": "a", "cases": []}), "has no case"),
        (
            json!({"key": "a", "imported": {"type": "money"}}),
            "unknown variant `money`",
        ),
        (
            json!({"key": "a", "by_hand": {}, "as_of": "2026-11-01"}),
            "which go with rules only",
        ),
        (json!({"key": "a-b", "rule": "x"}), "`a-b` is no key"),
        (
            json!({"key": "a", "rule": "x", "colour": "red"}),
            "unknown field `colour`",
        ),
        (
            json!({"key": "a", "cases": [{"value": "v", "rule": "x", "y": 1}]}),
            "unknown field `y`",
        ),
        (
            json!({"key": "a", "rule": "x", "status": "live"}),
            "unknown variant `live`",
        ),
        (
            json!({"key": "a", "rule": "x", "as_of": "soon"}),
            "`soon` is not a time",
        ),
    ] {
        let error = read(json).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn audiences_and_lists_refuse_unknown_keys() {
    let audience = r#"{"key":"vip","rule":"tag(whale)"}"#;
    let read: AudienceDefinition = serde_json::from_str(audience).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), audience);
    let list: ListDefinition = serde_json::from_str(r#"{"key":"b","kind":"users"}"#).unwrap();
    assert_eq!(list.kind, ListKind::Users);
    assert!(serde_json::from_str::<ListDefinition>(r#"{"key":"b","kind":"users","x":1}"#).is_err());
    assert!(serde_json::from_str::<AudienceDefinition>(r#"{"key":"b"}"#).is_err());
}
