//! The rule language: text, tree and JSON; checking. No I/O.
