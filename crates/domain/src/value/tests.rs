//! Conversions by place, and JSON there and back.
