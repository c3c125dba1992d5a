//! What those who run the server ask.

use api::ports::memory::MemoryPlatform;
use axum::http::{StatusCode, header};

use crate::asking::{get, router};
use crate::sample::memory;

#[tokio::test]
async fn the_process_is_alive_before_it_is_ready() {
    let unready = MemoryPlatform {
        unready: Some("the results are being loaded".to_owned()),
        ..MemoryPlatform::default()
    };
    let router = router(unready);
    assert_eq!(get(&router, "/healthz").await.json()["status"], "ok");
    let answer = get(&router, "/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        answer.json()["error"]["message"],
        "the results are being loaded"
    );
    let answer = get(&crate::asking::router(memory()), "/readyz").await;
    assert_eq!(
        (answer.status, answer.json()["status"].as_str()),
        (StatusCode::OK, Some("ready"))
    );
}

#[tokio::test]
async fn metrics_are_declared_once_with_help_and_say_what_is_served() {
    let router = router(memory());
    get(&router, "/api/v1/tags/whale").await;
    get(&router, "/api/v1/tags/nope").await;
    get(&router, "/somewhere/else").await;
    let answer = get(&router, "/metrics").await;
    let is_openmetrics = answer
        .header(header::CONTENT_TYPE)
        .starts_with("application/openmetrics-text");
    assert!(
        is_openmetrics && answer.body.ends_with("# EOF\n"),
        "{}",
        answer.body
    );
    for line in [
        r#"muster_http_requests_total{method="GET",route="/api/v1/tags/{key}",status="200"} 1"#,
        r#"muster_http_requests_total{method="GET",route="/api/v1/tags/{key}",status="404"} 1"#,
        r#"muster_http_requests_total{method="GET",route="none",status="404"} 1"#,
        r#"muster_http_request_duration_seconds_count{route="/api/v1/tags/{key}"} 2"#,
        "muster_tags 4",
        "muster_failed_tags 1",
        "muster_audiences 1",
        "muster_known_users 5",
        "muster_last_computation_duration_seconds 1.5",
        "# UNIT muster_last_computation_time_seconds seconds",
    ] {
        assert!(
            answer.body.lines().any(|found| found == line),
            "{line}\n{}",
            answer.body
        );
    }
    let started = answer
        .body
        .lines()
        .filter_map(|line| line.strip_prefix("# HELP "));
    let mut names: Vec<&str> = started.filter_map(|line| line.split(' ').next()).collect();
    let number = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), number);
    let types = answer
        .body
        .lines()
        .filter(|line| line.starts_with("# TYPE "))
        .count();
    assert_eq!(types, number);
}

#[tokio::test]
async fn metrics_are_there_before_anything_was_computed() {
    let answer = get(&router(MemoryPlatform::default()), "/metrics").await;
    assert!(
        answer
            .body
            .contains("muster_last_computation_time_seconds 0.0\n"),
        "{}",
        answer.body
    );
}
