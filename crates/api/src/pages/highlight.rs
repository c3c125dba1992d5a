//! The text of a rule with its words told apart: keywords, numbers, texts, comments.

use maud::{Markup, html};

/// Words of the language that join or bound what stands beside them.
const KEYWORDS: &[&str] = &[
    "after",
    "ago",
    "all",
    "and",
    "any",
    "as",
    "at",
    "before",
    "between",
    "by",
    "calendar",
    "case",
    "contains",
    "else",
    "ends",
    "ever",
    "false",
    "for",
    "from",
    "has",
    "having",
    "ignoring",
    "in",
    "is",
    "keep",
    "last",
    "least",
    "matches",
    "next",
    "none",
    "not",
    "of",
    "on",
    "or",
    "previous",
    "same",
    "set",
    "since",
    "starts",
    "this",
    "to",
    "today",
    "true",
    "when",
    "where",
    "with",
    "within",
    "yesterday",
];

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Plain,
    Keyword,
    Number,
    Text,
    Comment,
}

impl Class {
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Keyword => Some("keyword"),
            Self::Number => Some("number"),
            Self::Text => Some("text"),
            Self::Comment => Some("comment"),
        }
    }
}

/// The rule, its words told apart.
pub(super) fn rule(text: &str) -> Markup {
    html! {
        @for (class, part) in stretches(text) {
            @match class.name() {
                Some(name) => span class=(name) { (part) },
                None => (part),
            }
        }
    }
}

/// The text cut where its class changes.
fn stretches(text: &str) -> Vec<(Class, &str)> {
    let mut stretches = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = stretch(first, rest);
        let (part, after) = rest.split_at(length);
        stretches.push((class, part));
        rest = after;
    }
    stretches
}

/// The class and the bytes of the stretch that a text begins with; at least its first letter.
fn stretch(first: char, rest: &str) -> (Class, usize) {
    let while_true = |is_part: fn(char) -> bool| {
        rest.char_indices()
            .skip(1)
            .find(|(_, letter)| !is_part(*letter))
            .map_or(rest.len(), |(at, _)| at)
    };
    match first {
        '"' => (Class::Text, quoted_length(rest, '"')),
        '`' => (Class::Plain, quoted_length(rest, '`')),
        '-' if rest.starts_with("--") => (Class::Comment, rest.find('\n').unwrap_or(rest.len())),
        '0'..='9' => (
            Class::Number,
            while_true(|letter| letter.is_alphanumeric() || "._:-".contains(letter)),
        ),
        first if first.is_alphabetic() || first == '_' => {
            let length =
                while_true(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.');
            let is_keyword = rest
                .get(..length)
                .is_some_and(|word| KEYWORDS.contains(&word));
            // `last(` is a function, `last 30d` a window.
            let is_call = rest
                .get(length..)
                .is_some_and(|after| after.starts_with('('));
            let is_operator = matches!(rest.get(..length), Some("in" | "not" | "and" | "or"));
            let class = if is_keyword && (!is_call || is_operator) {
                Class::Keyword
            } else {
                Class::Plain
            };
            (class, length)
        }
        first => (Class::Plain, first.len_utf8()),
    }
}

/// The bytes up to the closing quote, or all when there is none; a backslash guards a letter.
fn quoted_length(rest: &str, quote: char) -> usize {
    let mut is_guarded = false;
    for (at, letter) in rest.char_indices().skip(1) {
        if letter == quote && !is_guarded {
            return at + letter.len_utf8();
        }
        is_guarded = letter == '\\' && !is_guarded;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        let classes = |text| {
            let of_interest = stretches(text).into_iter();
            let of_interest = of_interest.filter(|(class, _)| *class != Class::Plain);
            of_interest
                .map(|(class, part)| format!("{class:?} {part}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            classes("last(a.b) = \"x \\\" y\" and not(n in (1.5, 30d)) -- why"),
            [
                "Text \"x \\\" y\"",
                "Keyword and",
                "Keyword not",
                "Keyword in",
                "Number 1.5",
                "Number 30d",
                "Comment -- why"
            ]
        );
    }

    #[test]
    fn no_letter_is_lost_and_none_is_markup() {
        for text in [
            "",
            "\"open",
            "`登 录` > １",
            "-- \n--",
            "a\\\"b",
            "<script>\"</script>",
        ] {
            let parts: String = stretches(text).into_iter().map(|(_, part)| part).collect();
            assert_eq!(parts, text);
        }
        assert!(!rule("<b>\"<i>\"").into_string().contains("<i>"));
    }
}
