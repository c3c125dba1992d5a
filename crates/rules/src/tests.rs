//! Tests of the whole crate.

mod corpus;
pub(crate) mod vocabulary;
