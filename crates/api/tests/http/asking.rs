//! Asks a router and reads what it answers.

use std::sync::Arc;

use api::ports::memory::MemoryPlatform;
use api::ports::{Catalogue, Members};
use api::{Config, Platform};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value as Json;
use tower::ServiceExt;

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The code of an error.
    pub fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

pub fn platform<P: Catalogue + Members + 'static>(ports: P) -> Platform {
    let ports = Arc::new(ports);
    Platform {
        catalogue: ports.clone(),
        members: ports,
        life: Arc::new(MemoryPlatform::default()),
        past: Arc::new(MemoryPlatform::default()),
        lineage: Arc::new(MemoryPlatform::default()),
        by_hand: Arc::new(MemoryPlatform::default()),
    }
}

pub fn router(memory: MemoryPlatform) -> Router {
    let platform = Platform {
        life: Arc::new(memory.clone()),
        past: Arc::new(memory.clone()),
        lineage: Arc::new(memory.clone()),
        by_hand: Arc::new(memory.clone()),
        ..platform(memory)
    };
    api::router(Config::default(), platform)
}

pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let headers = response.headers().clone();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Answer {
        status,
        headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

pub async fn get(router: &Router, address: &str) -> Answer {
    send(router, Request::get(address).body(Body::empty()).unwrap()).await
}

/// Asks as a browser does.
pub async fn browse(router: &Router, address: &str) -> Answer {
    let request = Request::get(address).header(header::ACCEPT, "text/html,*/*;q=0.8");
    send(router, request.body(Body::empty()).unwrap()).await
}

pub async fn delete(router: &Router, address: &str) -> Answer {
    send(
        router,
        Request::delete(address).body(Body::empty()).unwrap(),
    )
    .await
}

pub async fn put(router: &Router, address: &str, json: &str) -> Answer {
    let request = Request::put(address).header(header::CONTENT_TYPE, "application/json");
    send(router, request.body(Body::from(json.to_owned())).unwrap()).await
}

pub async fn post(router: &Router, address: &str, json: &str) -> Answer {
    let request = Request::post(address).header(header::CONTENT_TYPE, "application/json");
    send(router, request.body(Body::from(json.to_owned())).unwrap()).await
}
