//! Tests of text: regular expressions (RE2 syntax, `\d \w \s \b` ASCII) and full case folding.
//!
//! The checker refuses what does not compile here, and the engine matches with the same code.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use crate::checked::Letters;

/// Expressions by text and letters; those that do not compile are kept, too.
type Compiled = HashMap<(Arc<str>, Letters), Option<Regex>>;

thread_local! {
    static COMPILED: RefCell<Compiled> = RefCell::default();
}

/// Whether the expression matches somewhere in the text. One that does not compile matches
/// nothing.
pub fn matches(expression: &str, letters: Letters, text: &str) -> bool {
    COMPILED.with_borrow_mut(|compiled| {
        compiled
            .entry((Arc::from(expression), letters))
            .or_insert_with(|| compile(expression, letters).ok())
            .as_ref()
            .is_some_and(|regex| regex.is_match(text))
    })
}

/// The compiled expression.
///
/// # Errors
/// What is wrong with the expression, in the words of the regular-expression library.
pub fn compile(expression: &str, letters: Letters) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&with_ascii_classes(expression))
        .case_insensitive(letters == Letters::Folded)
        .size_limit(1 << 20)
        .build()
}

/// The text by full Unicode case folding.
pub fn fold(text: &str) -> String {
    caseless::default_case_fold_str(text)
}

/// The expression with the Perl classes spelled out, which are Unicode classes otherwise.
fn with_ascii_classes(expression: &str) -> String {
    let mut spelled = String::with_capacity(expression.len());
    let mut letters = expression.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            spelled.push(letter);
            continue;
        }
        match letters.next() {
            Some('d') => spelled.push_str("[0-9]"),
            Some('D') => spelled.push_str("[^0-9]"),
            Some('w') => spelled.push_str("[0-9A-Za-z_]"),
            Some('W') => spelled.push_str("[^0-9A-Za-z_]"),
            Some('s') => spelled.push_str(r"[\t\n\x0C\r ]"),
            Some('S') => spelled.push_str(r"[^\t\n\x0C\r ]"),
            Some('b') => spelled.push_str(r"(?-u:\b)"),
            Some('B') => spelled.push_str(r"(?-u:\B)"),
            Some(other) => spelled.extend(['\\', other]),
            None => spelled.push('\\'),
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn perl_classes_are_ascii_also_inside_brackets() {
        assert!(matches(r"^[\d.]+$", Letters::Exact, "12.5"));
        assert!(!matches(r"\d", Letters::Exact, "٣"));
        assert!(matches(r"\bcat\b", Letters::Exact, "a cat sat"));
        assert!(matches(r"^STRASSE$", Letters::Folded, "strasse"));
    }
}
