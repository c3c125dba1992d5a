//! Zones across their clock changes.
