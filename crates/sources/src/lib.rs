//! Adapter: files of events, profiles and lists as a stream of rows.

pub mod files;
