//! The life of a tag over HTTP: versions, what a change would do, and changes.

use std::collections::BTreeMap;

use api::ports::life::{
    Line, RuleProblems, SomeUsers, Stands, TagEffect, TagVersion, ValueEffect, WhatIf,
};
use api::ports::memory::MemoryPlatform;
use axum::http::StatusCode;
use domain::{Signature, TagKey, TagStatus, UserKey};
use insta::assert_snapshot;
use serde_json::json;

use crate::asking::{get, post, put, router};
use crate::sample::{memory, time};

fn key(text: &str) -> TagKey {
    TagKey::new(text).unwrap()
}

/// A tag that was published, of which a draft was made, and which was removed in between.
pub fn versions() -> BTreeMap<TagKey, Vec<TagVersion>> {
    let version = |number: u64, status: Option<TagStatus>, stands| TagVersion {
        number,
        text: status.map(|_| format!("key: whale\nrule: sum(swap.usd) >= {number}\n")),
        body: status.map(|_| format!("rule: sum(swap.usd) >= {number}\n")),
        status,
        stands,
        signature: Signature {
            author: "ann".to_owned(),
            reason: format!("it is {number}"),
            at: time("2026-11-20T10:00:00Z"),
        },
        difference: vec![
            Line::Same("key: whale".to_owned()),
            Line::Added(format!("rule: sum(swap.usd) >= {number}")),
        ],
    };
    let all = vec![
        version(4, Some(TagStatus::Published), Stands::InForce),
        version(3, Some(TagStatus::Draft), Stands::Draft),
        version(2, None, Stands::Past),
        version(1, Some(TagStatus::Published), Stands::Past),
    ];
    BTreeMap::from([(key("whale"), all)])
}

/// One user would enter, and another tag would be affected.
pub fn what_if() -> WhatIf {
    let one = |name: &str| SomeUsers {
        count: 1,
        first: vec![UserKey::account(name)],
    };
    let effect = |tag: &str, is_direct| TagEffect {
        tag: key(tag),
        is_direct,
        entering: one("u4"),
        leaving: SomeUsers::default(),
        values: Vec::new(),
    };
    let mut layered = effect("tier", false);
    layered.values.push(ValueEffect {
        value: "gold".to_owned(),
        entering: 2,
        leaving: 1,
    });
    WhatIf {
        difference: vec![
            Line::Removed("rule: a".to_owned()),
            Line::Added("rule: b".to_owned()),
        ],
        effects: vec![effect("whale", true), layered],
        mistakes: Vec::new(),
        doubts: Vec::new(),
    }
}

#[tokio::test]
async fn versions_come_with_author_reason_and_difference() {
    let answer = get(&router(memory()), "/api/v1/tags/whale/versions").await;
    assert_snapshot!(format!(
        "{}\n{:#}",
        answer.status,
        answer.json()["versions"][1]
    ));
    let answer = get(&router(memory()), "/api/v1/tags/nobody/versions").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_definition_is_tried_before_it_is_put() {
    let router = router(memory());
    let tried = json!({
        "definition": {"rule": "sum(swap.usd) >= 5"}, "author": "ann", "reason": "more", "dry_run": true,
    });
    let answer = put(&router, "/api/v1/tags/whale", &tried.to_string()).await;
    assert_snapshot!(format!("{}\n{:#}", answer.status, answer.json()));
    let made = tried.to_string().replace("true", "false");
    let answer = put(&router, "/api/v1/tags/whale", &made).await;
    assert_eq!(answer.json()["made"], true);
    assert_eq!(answer.json()["effects"], json!([]));
}

#[tokio::test]
async fn every_step_has_an_address() {
    let router = router(memory());
    for step in [
        "submit", "publish", "resume", "pause", "archive", "withdraw", "rollback",
    ] {
        let address = format!("/api/v1/tags/whale/{step}");
        let answer = post(&router, &address, r#"{"author": "ann", "reason": "so"}"#).await;
        assert_eq!(answer.status, StatusCode::OK, "{step}: {}", answer.body);
        assert_eq!(answer.json()["made"], true);
        let nobody = format!("/api/v1/tags/nobody/{step}");
        let answer = post(&router, &nobody, "{}").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{step}");
        assert_eq!(
            get(&router, &address).await.status,
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
    let answer = post(&router, "/api/v1/tags/whale/rollback", r#"{"to": 1}"#).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn what_cannot_be_a_change_is_refused_in_words() {
    let router = router(memory());
    for (address, body, message) in [
        (
            "/api/v1/tags/whale",
            r#"{"definition": {"rule": "a", "key": "other"}}"#,
            "another key",
        ),
        (
            "/api/v1/tags/whale",
            r#"{"definition": {"colour": "red"}}"#,
            "unknown field `colour`",
        ),
        (
            "/api/v1/tags/whale",
            r#"{"rule": "a"}"#,
            "unknown field `rule`",
        ),
    ] {
        let answer = put(&router, address, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
        assert!(answer.body.contains(message), "{}", answer.body);
    }
    let answer = post(&router, "/api/v1/tags/whale/pause", r#"{"to": 1}"#).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    // A form of another site cannot send JSON.
    let request = axum::http::Request::post("/api/v1/tags/whale/archive");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.body(axum::body::Body::from("author=x")).unwrap();
    let answer = crate::asking::send(&router, request).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn mistakes_of_definitions_come_with_their_places() {
    let rule = "tag(wale)";
    let diagnostics = rules::parse("tag(").unwrap_err();
    let mistakes = vec![RuleProblems {
        kind: "tag",
        key: "vip".to_owned(),
        rule: rule.to_owned(),
        diagnostics,
    }];
    let memory = MemoryPlatform {
        what_if: WhatIf {
            mistakes,
            ..what_if()
        },
        ..memory()
    };
    let body = json!({ "definition": {"rule": rule} }).to_string();
    let answer = put(&router(memory), "/api/v1/tags/whale", &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.code(), "invalid_definitions");
    let told = &answer.json()["error"]["definitions"][0];
    assert_eq!(
        (&told["key"], &told["kind"]),
        (&json!("vip"), &json!("tag"))
    );
    assert_eq!(told["diagnostics"][0]["severity"], "error");
}
