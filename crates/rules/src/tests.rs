//! Tests of the whole crate.

mod corpus;
mod hostile;
mod properties;
pub(crate) mod vocabulary;
