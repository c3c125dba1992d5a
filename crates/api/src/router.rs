//! All routes, and what every request goes through on its way to one.

use std::any::Any;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::{App, Platform};
use crate::problem::{self, Problem};
use crate::{Config, json, pages};

/// Nothing from elsewhere, nothing inline: what a page shows cannot run.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const PROTECTION: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// All faces over these ports.
///
/// A request is measured, protected, has its problems written in the asker's form, may take so
/// long, and cannot end the process.
pub fn router(config: Config, platform: Platform) -> Router {
    protected(
        json::routes().merge(pages::routes()),
        App::new(config, platform),
    )
}

fn protected(routes: Router<App>, app: App) -> Router {
    routes
        .fallback(no_route)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(app.config.body_limit))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), limit_time))
        .layer(from_fn_with_state(app.clone(), problem::show))
        .layer(from_fn(protect))
        .layer(from_fn_with_state(app.clone(), measure))
        .with_state(app)
}

async fn no_route() -> Problem {
    Problem::not_found("there is nothing at this address")
}

async fn wrong_method() -> Problem {
    let message = "this address does not take that method";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", message)
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or_default(), "a request met a defect");
    Problem::bug().into_response()
}

async fn limit_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(app.config.request_timeout, next.run(request));
    answer
        .await
        .unwrap_or_else(|_| Problem::timeout().into_response())
}

async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in PROTECTION {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn measure(
    State(app): State<App>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let response = next.run(request).await;
    app.metrics.count_request(
        method.as_str(),
        route.as_ref().map(MatchedPath::as_str),
        response.status().as_u16(),
        started.elapsed(),
    );
    response
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::ports::memory::MemoryPlatform;

    async fn broken() -> &'static str {
        panic!("the secret of the machine")
    }

    #[tokio::test]
    async fn a_panic_is_answered_in_words_and_keeps_its_reason_inside() {
        let memory = Arc::new(MemoryPlatform::default());
        let platform = Platform {
            catalogue: memory.clone(),
            members: memory.clone(),
            life: memory.clone(),
            past: memory.clone(),
            lineage: memory.clone(),
            by_hand: memory,
        };
        let app = App::new(Config::default(), platform);
        let router = protected(Router::new().route("/broken", get(broken)), app);
        for (accepted, start) in [("*/*", "{\"error\":"), ("text/html", "<!DOCTYPE html>")] {
            let request = Request::get("/broken").header(header::ACCEPT, accepted);
            let request = request.body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(
                response
                    .headers()
                    .contains_key(header::CONTENT_SECURITY_POLICY)
            );
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(
                body.starts_with(start) && !body.contains("secret"),
                "{body}"
            );
        }
    }
}
