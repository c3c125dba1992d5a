//! Adapter: definitions and import ledgers in SQLite.
