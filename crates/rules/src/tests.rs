//! Tests of the whole crate.

mod corpus;
mod coverage;
mod files;
mod grammar;
mod hostile;
mod properties;
mod sentence;
mod short_forms;
mod terminal;
pub(crate) mod vocabulary;

/// How many random cases a test looks at: `MUSTER_TEST_CASES`, for longer runs.
fn cases(otherwise: u32) -> u32 {
    let asked = std::env::var("MUSTER_TEST_CASES").ok();
    asked
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}
