//! The catalogue of predefined tags on the demonstration: all of it is computed, and finds users.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::collections::BTreeSet;

use muster_tests::muster::Muster;
use serde_json::Value as Json;

use self::support::say;

/// Tags that nobody of the demonstration can have, and why.
const NOBODY: &[(&str, &str)] = &[
    (
        "moved_country",
        "no profile of the platform changes its country",
    ),
    (
        "wallet_split_off",
        "no wallet is ever taken away from a user",
    ),
    ("shares_wallet", "each wallet belongs to one user"),
    ("dust_only", "whoever has a wallet holds some dollars"),
    ("invites_in_bulk", "invitations are spread over many users"),
    ("invited_in_bulk", "invitations are spread over many users"),
    (
        "large_withdrawal_today",
        "so small a platform has none on most days",
    ),
    ("rfm_left_champions", "only one run is recorded"),
    ("rfm_group_30d_ago", "only one run is recorded"),
    ("sybil_cleared", "only one run is recorded"),
];

#[test]
fn every_predefined_tag_is_computed_on_the_demonstration_and_found_for_somebody() {
    let muster = Muster::new().unwrap();
    let size = "--users 4000 --events 400000 --as-of 2026-11-26T12:00:00Z";
    say(&muster, &format!("demo --no-serve {size}"));
    let server = muster.serve().unwrap();
    let (status, body) = server.get("/api/v1/tags").unwrap();
    assert_eq!(status, 200);
    let told: Json = serde_json::from_str(&body).unwrap();
    let tags = told["tags"].as_array().unwrap();
    assert!(tags.len() >= 300, "{}", tags.len());
    let failed: Vec<&Json> = tags
        .iter()
        .filter(|tag| !tag["freshness"]["error"].is_null())
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    let is_empty = |tag: &&Json| tag["count"] == 0;
    let empty: BTreeSet<&str> = tags
        .iter()
        .filter(is_empty)
        .filter_map(|tag| tag["key"].as_str())
        .collect();
    assert_eq!(empty, NOBODY.iter().map(|(key, _)| *key).collect());
}
