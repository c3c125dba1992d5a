//! Texts in double quotes, and names, in backticks where they need them.

use std::fmt::Write as _;

use crate::parse::{begins_name, continues_name, is_reserved};

/// A text in double quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    delimited(text, '"')
}

/// A name as it stands where a value is expected: in backticks if it is a keyword or has other
/// letters than a name.
#[must_use]
pub fn printed_name(name: &str) -> String {
    if is_reserved(name) {
        delimited(name, '`')
    } else {
        part(name)
    }
}

/// Names between dots.
pub(super) fn printed_path(parts: &[String]) -> String {
    let mut names = parts.iter();
    let first = names.next().map(|name| printed_name(name));
    let rest = names.map(|name| part(name));
    first.into_iter().chain(rest).collect::<Vec<_>>().join(".")
}

/// A name after a dot, where keywords need no backticks.
pub(super) fn part(name: &str) -> String {
    let mut letters = name.chars();
    if letters.next().is_some_and(begins_name) && letters.all(continues_name) {
        name.to_owned()
    } else {
        delimited(name, '`')
    }
}

/// A key in the parentheses of `tag(…)`.
pub(super) fn key(key: &str) -> String {
    if !key.is_empty() && key.chars().all(continues_name) {
        key.to_owned()
    } else {
        delimited(key, '`')
    }
}

fn delimited(text: &str, quote: char) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push(quote);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '\\' => {
                // A backslash that begins no escape stands alone, as regular expressions want it.
                let begins_escape = letters.peek().is_none_or(|next| {
                    matches!(
                        next,
                        '"' | '`' | '\'' | '\\' | '“' | '”' | 'n' | 'r' | 't' | 'u'
                    ) || next.is_control()
                });
                written.push_str(if begins_escape { "\\\\" } else { "\\" });
            }
            _ if letter == quote => written.extend(['\\', letter]),
            _ if letter.is_control() => {
                // Writing to a text cannot fail.
                let _ = write!(written, "\\u{{{:x}}}", u32::from(letter));
            }
            _ => written.push(letter),
        }
    }
    written.push(quote);
    written
}
