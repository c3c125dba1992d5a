//! Tests of the whole crate.

mod corpus;
mod grammar;
mod hostile;
mod properties;
pub(crate) mod vocabulary;
