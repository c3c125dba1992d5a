//! The whole binary from outside, architecture and tidiness.
