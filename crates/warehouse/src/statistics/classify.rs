//! What a stored text looks like, and the number that it writes in an unusual way.

use domain::{Decimal, stored};

/// Appended to a path: under this key stands the canonical text of a number that is written in an unusual way
/// (`1e18`, `007`, `+5`, `1.50`), so that the engine need not know all ways.
pub(crate) const NUMBER_SUFFIX: &str = "\u{1}n#";

/// What a stored text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// A number in its canonical text.
    Number {
        /// Digits before the point.
        digits: u32,
        /// Places after it.
        places: u32,
    },
    Text,
    Truth,
    List,
    Object,
    Unset,
}

/// What a stored text looks like, and the canonical text of its number where it is written in an unusual way.
#[inline]
pub(crate) fn look(text: &str) -> (Look, Option<String>) {
    match text.as_bytes() {
        [b'0'..=b'9' | b'-' | b'+', ..] => look_at_number(text),
        [1, ..] => (look_at_mark(text), None),
        b"true" | b"false" => (Look::Truth, None),
        _ => (Look::Text, None),
    }
}

/// The key under which a number that is written in an unusual way has its canonical text.
pub(crate) fn number_key(path: &str) -> String {
    format!("{path}{NUMBER_SUFFIX}")
}

fn look_at_mark(text: &str) -> Look {
    match text {
        stored::UNSET => Look::Unset,
        stored::OBJECT => Look::Object,
        _ if text.as_bytes().get(1) == Some(&b'l') => Look::List,
        _ => Look::Text,
    }
}

fn look_at_number(text: &str) -> (Look, Option<String>) {
    if let Some(look) = canonical(text.as_bytes()) {
        return (look, None);
    }
    match Decimal::parse(text).and_then(Decimal::judged) {
        None => (Look::Text, None),
        Some(number) => {
            let canonical_text = number.to_string();
            let look = canonical(canonical_text.as_bytes()).unwrap_or(Look::Text);
            (look, (canonical_text != text).then_some(canonical_text))
        }
    }
}

/// A canonical number: no `+`, no zeros that could be left out, no `-0`, at most 18 places.
fn canonical(text: &[u8]) -> Option<Look> {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let whole = unsigned
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (digits, rest) = unsigned.split_at_checked(whole)?;
    let places = match rest {
        [] => &[][..],
        [b'.', places @ ..] => places,
        _ => return None,
    };
    let whole_is_canonical = matches!(digits, [b'0'] | [b'1'..=b'9', ..]);
    let places_are_canonical = rest.is_empty()
        || (places.iter().all(u8::is_ascii_digit)
            && places.len() <= 18
            && places.last().is_some_and(|last| *last != b'0'));
    let is_minus_zero = unsigned.len() != text.len() && unsigned == b"0";
    if !whole_is_canonical || !places_are_canonical || is_minus_zero || digits.len() > 78 {
        return None;
    }
    Some(Look::Number {
        digits: whole as u32,
        places: places.len() as u32,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_numbers_are_seen_without_a_second_text() {
        for (text, digits, places) in [
            ("0", 1, 0),
            ("-1", 1, 0),
            ("12.5", 2, 1),
            ("0.000000000000000001", 1, 18),
        ] {
            assert_eq!(
                look(text),
                (Look::Number { digits, places }, None),
                "{text}"
            );
        }
    }

    #[test]
    fn unusual_numbers_get_their_canonical_text() {
        for (text, canonical) in [
            ("1e18", "1000000000000000000"),
            ("007", "7"),
            ("+5", "5"),
            ("1.50", "1.5"),
            ("-0", "0"),
            ("0.0000000000000000019", "0.000000000000000001"),
        ] {
            assert_eq!(look(text).1.as_deref(), Some(canonical), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "1.",
            ".5",
            "1,5",
            "12 ",
            "0x10",
            "2026-11-01",
            "-",
            "+",
            "1e",
            "infinity",
        ] {
            assert_eq!(look(text), (Look::Text, None), "{text}");
        }
        assert_eq!(look("true").0, Look::Truth);
        assert_eq!(look(stored::UNSET).0, Look::Unset);
        assert_eq!(look(stored::OBJECT).0, Look::Object);
        assert_eq!(look("\u{1}l[1]").0, Look::List);
        assert_eq!(look("\u{1}t\u{1}l").0, Look::Text);
    }
}
