//! Events in: decode, validate; one outcome per event.
//!
//! The wire is what the official SDKs of Segment and RudderStack send. Decoding is pure: the
//! instant of reception is an argument, nothing is read or written. [`decode`] gives a
//! [`domain::Event`]; a [`Decoder`] gives the same as stored texts in buffers that are used
//! again, for those who take in many.

mod decode;
mod fields;
mod invalid;
mod reception;

pub use decode::{Decoded, Decoder, Outcome, decode};
pub use fields::Fields;
pub use invalid::Invalid;
pub use reception::{Limits, MissingTime, Reception};
