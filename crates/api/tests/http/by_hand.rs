//! Tags set by hand over HTTP.

use axum::http::StatusCode;
use serde_json::json;

use crate::asking::{delete, put, router};
use crate::sample::memory;

#[tokio::test]
async fn a_tag_is_set_and_unset_for_a_user() {
    let router = router(memory());
    let sent = json!({"value": 12.5, "author": "ann", "reason": "signed"});
    let answer = put(&router, "/api/v1/users/u4/tags/whale", &sent.to_string()).await;
    assert_eq!(
        answer.json(),
        json!({"user": "u4", "tag": "whale", "entered": [{"key": "whale", "values": ["12.5"]}], "left": [], "pending": false})
    );
    let answer = delete(
        &router,
        "/api/v1/users/u1/tags/whale?author=ann&reason=ended",
    )
    .await;
    assert_eq!(
        answer.json(),
        json!({"user": "u1", "tag": "whale", "entered": [], "left": [{"key": "whale", "values": []}], "pending": false})
    );
}

#[tokio::test]
async fn what_cannot_be_set_is_a_problem_in_words() {
    let router = router(memory());
    for (address, sent, status, code) in [
        (
            "/api/v1/users/u1/tags/nothing",
            json!({}),
            StatusCode::NOT_FOUND,
            "not_found",
        ),
        (
            "/api/v1/users/u1/tags/no%20key",
            json!({}),
            StatusCode::NOT_FOUND,
            "not_found",
        ),
        (
            "/api/v1/users/nobody/tags/whale",
            json!({}),
            StatusCode::NOT_FOUND,
            "not_found",
        ),
        (
            "/api/v1/users/u1/tags/whale",
            json!({"value": ["a"]}),
            StatusCode::BAD_REQUEST,
            "invalid_request",
        ),
        (
            "/api/v1/users/u1/tags/whale",
            json!({"valu": "a"}),
            StatusCode::BAD_REQUEST,
            "invalid_request",
        ),
    ] {
        let answer = put(&router, address, &sent.to_string()).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{address} {sent}"
        );
    }
    let answer = delete(&router, "/api/v1/users/u1/tags/whale?why=so").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
