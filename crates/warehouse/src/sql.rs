//! The one place where names and fixed texts become SQL; values of a query are always bound.

/// A name in backticks.
pub(crate) fn identifier(name: &str) -> String {
    quoted(name, '`')
}

/// A text in quotes, for the expressions of a schema, in which nothing can be bound.
pub(crate) fn literal(text: &str) -> String {
    quoted(text, '\'')
}

fn quoted(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\0' => out.push_str("\\0"),
            _ if c == quote || c == '\\' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_quotes() {
        assert_eq!(literal("a'b\\'\0`"), "'a\\'b\\\\\\'\\0`'");
        assert_eq!(identifier("a`b'\\"), "`a\\`b'\\\\`");
    }
}
