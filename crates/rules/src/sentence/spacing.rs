//! In 中文 a space between 汉字 and Latin letters, and none between 汉字; what is quoted stays.

use domain::Language;

/// Around what stays as it is.
const OPEN: char = '\u{f0000}';
const CLOSE: char = '\u{f0001}';

/// A text that no spacing changes.
pub(super) fn verbatim(text: &str) -> String {
    let plain = text.replace([OPEN, CLOSE], "");
    format!("{OPEN}{plain}{CLOSE}")
}

/// The sentence as it is shown.
pub(super) fn spaced(said: &str, language: Language) -> String {
    match language {
        Language::Chinese => spaced_chinese(said),
        Language::English => said.replace([OPEN, CLOSE], ""),
    }
}

fn spaced_chinese(said: &str) -> String {
    let mut text = String::with_capacity(said.len() + 16);
    let mut last = None;
    // Inside what stays, only its first letter may get a space before it.
    let (mut is_kept, mut is_first, mut is_asked) = (false, false, false);
    for letter in said.chars() {
        match letter {
            OPEN => (is_kept, is_first) = (true, true),
            CLOSE => is_kept = false,
            ' ' if !is_kept => is_asked = true,
            _ => {
                let is_inside = is_kept && !is_first;
                if let Some(last) = last.filter(|_| !is_inside)
                    && parts(last, letter, is_asked)
                {
                    text.push(' ');
                }
                text.push(letter);
                last = Some(letter);
                (is_first, is_asked) = (false, false);
            }
        }
    }
    text
}

/// Whether a space belongs between two letters, which may have been written with one.
fn parts(one: char, other: char, is_asked: bool) -> bool {
    if is_wide_mark(one) || is_wide_mark(other) || (is_han(one) && is_han(other)) {
        return false;
    }
    let is_border = is_han(one) != is_han(other);
    is_asked || (is_border && one.is_alphanumeric() && other.is_alphanumeric())
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{2fff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_wide_mark(letter: char) -> bool {
    matches!(letter, '“' | '”' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_and_latin_letters_are_parted_and_what_is_quoted_stays() {
        let name = verbatim("a奖 励b");
        for (said, shown) in [
            (
                "近7天（含今天）swap 的 次数".to_owned(),
                "近 7 天（含今天）swap 的次数",
            ),
            (format!("有{name}的"), "有 a奖 励b 的"),
            (format!("是“{name}”之一"), "是“a奖 励b”之一"),
            ("a 的和 × b".to_owned(), "a 的和 × b"),
        ] {
            assert_eq!(spaced(&said, Language::Chinese), shown);
        }
        let said = format!("the tag {name}, at “x”");
        assert_eq!(spaced(&said, Language::English), "the tag a奖 励b, at “x”");
    }
}
