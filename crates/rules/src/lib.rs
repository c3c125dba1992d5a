//! The rule language: text, tree and JSON; checking. No I/O.

pub mod checked;
pub mod pattern;

pub use checked::CheckedRule;
