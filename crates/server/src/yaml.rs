//! How YAML is read: files of our own may be large.

use serde_saphyr::Options;

/// 15,000 tags, a list of a million users, or as many scenarios.
pub fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 50_000_000,
            max_nodes: 20_000_000,
            max_documents: 1_000_000,
            max_total_scalar_bytes: 1 << 30,
        },
        with_snippet: false,
        // `NO` is a country, and `on` a text.
        strict_booleans: true,
    }
}
