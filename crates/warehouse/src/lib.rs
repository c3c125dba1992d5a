//! Adapter: histories and results in ClickHouse, embedded in the process.
