//! Every HTTP face of Muster: the JSON interface, the pages for people, health and metrics.

mod app;
mod asked;
mod config;
mod error;
mod found;
mod json;
mod metrics;
mod pages;
pub mod ports;
mod problem;
mod router;
mod serve;

pub use app::Platform;
pub use config::Config;
pub use error::{Error, ErrorKind};
pub use router::router;
pub use serve::serve;
