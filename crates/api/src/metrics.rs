//! The metrics of the HTTP faces and of what they serve, each declared once with help and unit.

use std::time::Duration;

use domain::{Span, Time};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::ports::Overview;

/// What OpenMetrics calls its text.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Methods that become labels; others are `other`.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The label of requests that no route takes.
const NO_ROUTE: &str = "none";

/// A request as its labels say it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// Seconds with their parts.
type Seconds = Gauge<f64, std::sync::atomic::AtomicU64>;

/// Everything that is measured.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_duration: Family<RouteLabels, Histogram>,
    tags: Gauge,
    failed_tags: Gauge,
    audiences: Gauge,
    known_users: Gauge,
    computation_duration: Seconds,
    computation_time: Seconds,
}

impl Metrics {
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("muster"),
            requests: Family::default(),
            request_duration: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(0.000_5, 2.0, 16))
            }),
            tags: Gauge::default(),
            failed_tags: Gauge::default(),
            audiences: Gauge::default(),
            known_users: Gauge::default(),
            computation_duration: Seconds::default(),
            computation_time: Seconds::default(),
        };
        metrics.declare();
        metrics
    }

    fn declare(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "http_requests",
            "Requests answered, by method, route and status",
            self.requests.clone(),
        );
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request's head to its answer, by route",
            Unit::Seconds,
            self.request_duration.clone(),
        );
        registry.register("tags", "Tags that are defined", self.tags.clone());
        registry.register(
            "failed_tags",
            "Tags whose last computation failed",
            self.failed_tags.clone(),
        );
        registry.register(
            "audiences",
            "Audiences that are defined",
            self.audiences.clone(),
        );
        registry.register("known_users", "Known users", self.known_users.clone());
        registry.register_with_unit(
            "last_computation_duration",
            "How long the last full computation of tags took; 0 before the first",
            Unit::Seconds,
            self.computation_duration.clone(),
        );
        registry.register_with_unit(
            "last_computation_time",
            "When the last full computation of tags ended, since 1970; 0 before the first",
            Unit::Seconds,
            self.computation_time.clone(),
        );
    }

    /// Counts an answered request.
    pub fn count_request(&self, method: &str, route: Option<&str>, status: u16, took: Duration) {
        let method = METHODS.into_iter().find(|known| *known == method);
        let route = route.unwrap_or(NO_ROUTE).to_owned();
        self.request_duration
            .get_or_create(&RouteLabels {
                route: route.clone(),
            })
            .observe(took.as_secs_f64());
        let labels = RequestLabels {
            method: method.unwrap_or("other"),
            route,
            status,
        };
        self.requests.get_or_create(&labels).inc();
    }

    /// All metrics as OpenMetrics text; what is served is read from the overview.
    pub fn text(&self, overview: &Overview) -> Result<String, std::fmt::Error> {
        let failed = overview
            .tags
            .iter()
            .filter(|tag| tag.freshness.error.is_some());
        let last = overview.last_computation;
        self.tags.set(whole(overview.tags.len()));
        self.failed_tags.set(whole(failed.count()));
        self.audiences.set(whole(overview.audiences.len()));
        self.known_users.set(whole(overview.known_users));
        self.computation_duration
            .set(last.map_or(0.0, |last| seconds(last.duration)));
        self.computation_time.set(last.map_or(0.0, |last| {
            seconds(last.finished_at.since(Time::from_millis(0)))
        }));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn whole(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Exact to the millisecond for all times that can be written.
fn seconds(span: Span) -> f64 {
    span.millis() as f64 / 1_000.0
}
