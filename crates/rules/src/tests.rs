//! Tests of the whole crate.

mod corpus;
mod grammar;
mod hostile;
mod properties;
mod sentence;
pub(crate) mod vocabulary;
