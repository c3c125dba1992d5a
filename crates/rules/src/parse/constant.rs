//! What the tokens of constants and names say: canonical numbers, unescaped texts.

use super::lexer;
use super::token::{Token, TokenKind, plain};

/// A sort of constant that a tree keeps as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConstantKind {
    Number,
    Duration,
    Time,
    Date,
}

/// Units of amounts that may follow a number, and how many decimal places they move the point.
pub(crate) const AMOUNTS: [(&str, u8); 3] = [("ether", 18), ("gwei", 9), ("wei", 0)];

/// Whether the text is a constant of that kind, written canonically.
pub(crate) fn is_constant(kind: ConstantKind, text: &str) -> bool {
    let digits = match (kind, text.split_once(' ')) {
        (ConstantKind::Number, Some((digits, unit))) => {
            if AMOUNTS.iter().all(|(amount, _)| *amount != unit) {
                return false;
            }
            digits
        }
        _ => text,
    };
    if text.len() > 1_000 {
        return false;
    }
    let expected = match kind {
        ConstantKind::Number => TokenKind::Number,
        ConstantKind::Duration => TokenKind::Duration,
        ConstantKind::Time => TokenKind::Time,
        ConstantKind::Date => TokenKind::Date,
    };
    let is_alone = matches!(
        lexer::tokens(digits).as_slice(),
        [Token { kind, .. }, Token { kind: TokenKind::End, .. }] if *kind == expected
    );
    is_alone && constant(kind, digits) == digits
}

/// A constant in its canonical form: ASCII; of numbers without underscores and without the sign
/// of a positive exponent.
pub(super) fn constant(kind: ConstantKind, written: &str) -> String {
    if matches!(kind, ConstantKind::Time | ConstantKind::Date) {
        return written.to_ascii_uppercase();
    }
    written
        .chars()
        .map(plain)
        .filter(|letter| !matches!(letter, '_' | '+'))
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// What stands between the quotes of a text or a name.
pub(super) fn unquoted(written: &str) -> String {
    let mut letters = written.chars();
    letters.next();
    letters.next_back();
    unescaped(letters.as_str())
}

/// Reads `\"`, `` \` ``, `\\`, `\n`, `\r`, `\t` and `\u{…}`; any other backslash is itself, so
/// that regular expressions need no doubled ones.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let mut letters = after.chars();
        match letters.next() {
            Some(letter @ ('"' | '`' | '\'' | '\\' | '“' | '”')) => plain.push(letter),
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some('u') => match code_point(letters.as_str()) {
                Some((letter, after)) => {
                    plain.push(letter);
                    letters = after.chars();
                }
                None => plain.push_str("\\u"),
            },
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
        rest = letters.as_str();
    }
    plain.push_str(rest);
    plain
}

/// The letter of `{1f600}`, and what follows.
fn code_point(text: &str) -> Option<(char, &str)> {
    let (digits, after) = text.strip_prefix('{')?.split_once('}')?;
    let is_hex =
        (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some((char::from_u32(code)?, after))
}
