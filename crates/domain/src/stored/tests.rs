//! The codec there and back.
