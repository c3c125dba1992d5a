//! Every HTTP face of Muster: the JSON interface, the pages for people, health and metrics.

mod error;
pub mod ports;

pub use error::{Error, ErrorKind};
