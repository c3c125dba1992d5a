//! What can be set about the HTTP faces.

use std::time::Duration;

use domain::Zone;

/// What can be set about the HTTP faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The zone in which pages show times. Default: UTC.
    pub zone: Zone,
    /// How long a request may take before it is answered with 503. Default: 30 seconds.
    pub request_timeout: Duration,
    /// How long requests may still run when the server is asked to end. Default: 10 seconds.
    pub shutdown_timeout: Duration,
    /// The most bytes of a request's body. Default: 1 MiB.
    pub body_limit: usize,
    /// How many rules are computed at one time; others wait. Default: 2.
    pub concurrent_rules: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            zone: Zone::utc(),
            request_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(10),
            body_limit: 1 << 20,
            concurrent_rules: 2,
        }
    }
}
