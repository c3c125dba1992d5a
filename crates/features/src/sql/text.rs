//! Stored text as the values that it means, and tests of text.

use domain::is_address;
use rules::checked::TextTest;

use super::parameters::{Parameters, text_literal};
use super::{Folds, ParameterValue};

/// What every marker of `domain::stored` begins with, as SQL.
const MARK: &str = r"'\x01'";

/// What an address looks like.
const ADDRESS: &str = "'^0x[0-9a-fA-F]{40}$'";

/// The elements of a stored list that hold no other list: texts in quotes, numbers, truths.
const ELEMENT: &str = r#"'"(?:[^"\\\\]|\\\\.)*"|[^\\[\\],"]+'"#;

/// A text in quotes within a stored list.
const QUOTED: &str = r#"'"(?:[^"\\\\]|\\\\.)*"'"#;

/// Whatever is stored, NULL where it is unset.
pub(super) fn anything(raw: &str) -> String {
    format!("nullIf({raw}, '\\x01n')")
}

/// The canonical text of what is stored; NULL where it is unset, an object or a list.
pub(super) fn canonical(raw: &str) -> String {
    format!(
        "multiIf(match({raw}, {ADDRESS}), lower({raw}), NOT startsWith({raw}, {MARK}), {raw}, \
         startsWith({raw}, '\\x01t'), substring({raw}, 3), NULL)"
    )
}

/// The text by full Unicode case folding. ClickHouse's Unicode is younger than ours: a text with
/// letters that only it can fold stops the query with an error.
pub(super) fn folded(text: &str) -> String {
    let newer = r"'[\\x{A7CE}\\x{A7D2}\\x{A7D4}\\x{16EA0}-\\x{16EB8}]'";
    unless(
        text,
        newer,
        "letters newer than ours",
        &format!("caseFoldUTF8({text})"),
    )
}

/// The text in lower case. A sigma, whose small form depends on what is around it, stops the query
/// with an error.
pub(super) fn lowered(text: &str) -> String {
    unless(
        text,
        "'\u{3a3}'",
        "the small form of a sigma",
        &format!("lowerUTF8({text})"),
    )
}

fn unless(text: &str, pattern: &str, message: &str, otherwise: &str) -> String {
    format!("if(throwIf(match({text}, {pattern}), '{message}') = 0, {otherwise}, NULL)")
}

/// The truth that is stored; NULL for anything else.
pub(super) fn truth(raw: &str) -> String {
    format!("multiIf({raw} = 'true', 1, {raw} = 'false', 0, NULL)")
}

/// The elements of a stored list, and a scalar as a list of one: an array of canonical texts.
pub(super) fn elements(raw: &str) -> String {
    let list = format!("substring(assumeNotNull({raw}), 4)");
    let is_list = format!("ifNull(startsWith({raw}, '\\x01l'), 0)");
    let nested =
        format!("{is_list} AND match(replaceRegexpAll({list}, {QUOTED}, ''), '[\\\\[{{]')");
    let unquoted = "if(startsWith(element, '\"'), JSONExtractString(element), element)";
    let of_list = format!(
        "arrayMap(element -> if(match(element, {ADDRESS}), lower(element), element), \
         arrayMap(element -> {unquoted}, if(throwIf({nested}, 'a list within a list') = 0, \
         extractAll({list}, {ELEMENT}), [])))"
    );
    let scalar = canonical(raw);
    format!(
        "multiIf({is_list}, {of_list}, \
         isNull({scalar}), [], [assumeNotNull({scalar})])"
    )
}

/// Whether what is stored has this canonical text; it may be NULL.
pub(super) fn stored_equals(raw: &str, text: &str, parameters: &mut Parameters) -> String {
    if is_address(text) {
        let place = parameters.text(text);
        return format!("(lower({raw}) = {place} AND startsWith({raw}, '0x'))");
    }
    let stored = if text.starts_with('\u{1}') {
        format!("\u{1}t{text}")
    } else {
        text.to_owned()
    };
    format!("{raw} = {}", parameters.text(&stored))
}

/// A test of a text against a constant; it may be NULL.
///
/// # Errors
/// [`Folds`] for expressions that RE2 might read differently.
pub(super) fn test(
    test: TextTest,
    text: &str,
    pattern: &str,
    parameters: &mut Parameters,
) -> Result<String, Folds> {
    Ok(match test {
        TextTest::Equals => format!("{text} = {}", parameters.text(pattern)),
        TextTest::Contains => format!("position({text}, {}) > 0", parameters.text(pattern)),
        TextTest::StartsWith => format!("startsWith({text}, {})", parameters.text(pattern)),
        TextTest::EndsWith => format!("endsWith({text}, {})", parameters.text(pattern)),
        TextTest::Matches if is_plain(pattern) => {
            let pattern = format!("(?-s){pattern}");
            // The engine wants the expression to be constant, which a bound value is.
            format!(
                "match({text}, {})",
                parameters.bind(ParameterValue::Text(pattern.into()))
            )
        }
        TextTest::Matches => {
            return Err(Folds::because(format!(
                "the regular expression {} could be read differently",
                text_literal(pattern)
            )));
        }
    })
}

/// Whether an expression is made of constructs that RE2 and ours read alike: letters, digits,
/// spaces and a few signs, `.`, `^`, `$`, `|`, groups without options, `*`, `+`, `?`, classes of
/// single letters and ranges, and `\d`, `\w`, `\s` and escaped signs.
fn is_plain(pattern: &str) -> bool {
    let mut letters = pattern.chars().peekable();
    let mut inside = false;
    let mut before = None;
    while let Some(letter) = letters.next() {
        let is_fine = match letter {
            '\\' => letters
                .next()
                .is_some_and(|next| matches!(next, 'd' | 'w' | 's') || next.is_ascii_punctuation()),
            '[' if !inside => {
                inside = true;
                letters.next_if_eq(&'^');
                letters
                    .peek()
                    .is_some_and(|next| !matches!(next, ']' | '-'))
            }
            ']' if inside => {
                inside = false;
                true
            }
            '[' | '&' | '~' => false,
            '-' if inside => letters
                .peek()
                .is_some_and(|next| next.is_ascii_alphanumeric()),
            '?' => before != Some('('),
            '{' | '}' => false,
            letter => letter.is_ascii_graphic() || letter == ' ' || letter.is_alphanumeric(),
        };
        if !is_fine {
            return false;
        }
        before = Some(letter);
    }
    !inside
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn only_what_both_libraries_read_alike_is_plain() {
        for plain in [
            "^a.b$",
            r"\d+\.\d",
            "[^a-z0-9]x",
            "(a|字)*?",
            r"\\",
            r"^\$",
            "a b",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
        for other in [
            "(?i)a",
            "(?P<n>a)",
            "a{3}",
            r"\bcat",
            r"\pL",
            "[[:alpha:]]",
            "[a&&b]",
            "[]a]",
        ] {
            assert!(!is_plain(other), "{other}");
        }
    }
}
