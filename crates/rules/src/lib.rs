//! The rule language: text, tree and JSON; checking. No I/O.

#[cfg(any(test, feature = "arbitrary"))]
pub mod arbitrary;
mod canonical;
mod check;
pub mod checked;
mod definition;
mod dependencies;
mod diagnostic;
mod located;
mod mistake;
mod parse;
pub mod pattern;
mod print;
pub mod sentence;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod version;
mod vocabulary;

pub use check::{CheckOptions, Checked, Expected, Parts, check, read, read_parts};
pub use checked::CheckedRule;
pub use definition::{
    expanded, lookalike_parts, read_definition, read_definition_parts, text_of, written_text_of,
};
pub use dependencies::{Cycle, Defined, Dependencies, order};
pub use diagnostic::{
    Code, Concern, Diagnostic, Fix, PlacedDiagnostic, Severity, Suggestion, render,
};
pub use located::{Located, TextRange};
pub use parse::parse;
pub use print::{print, print_expression, printed_name, quoted};
pub use tree::{Error, Rule};
pub use vocabulary::{Declared, Plan, TagKind, Vocabulary};
