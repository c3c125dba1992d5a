//! One text as a YAML scalar.

use domain::Decimal;

/// A scalar on one line: bare where nobody could take it for anything else, else in double
/// quotes.
pub(super) fn inline(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A block scalar with its lines so many columns in; in double quotes where a block would not
/// give the same text. One line's end at the end of the text is not kept.
pub(super) fn block(text: &str, margin: usize) -> String {
    let text = text.trim_end();
    let begins_with_room = text.starts_with([' ', '\t', '\n']);
    let is_printable = !text
        .chars()
        .any(|letter| letter.is_control() && letter != '\n' && letter != '\t')
        && !text.contains(['\u{2028}', '\u{2029}', '\u{85}', '\u{feff}']);
    if text.is_empty() || begins_with_room || !is_printable {
        return quoted(text);
    }
    let mut written = "|".to_owned();
    for line in text.split('\n') {
        written.push('\n');
        if !line.is_empty() {
            written.extend(std::iter::repeat_n(' ', margin));
            written.push_str(line);
        }
    }
    written
}

fn quoted(text: &str) -> String {
    // JSON's strings are strings of YAML, but for what YAML does not allow bare.
    let json = serde_json::Value::from(text).to_string();
    let escape = |letter: char| match letter {
        '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
            format!("\\u{:04x}", u32::from(letter))
        }
        other => other.to_string(),
    };
    json.chars().map(escape).collect()
}

/// Letters, digits and a little punctuation inside, and no word or number that YAML reads as
/// something else.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let is_letter = |letter: char| letter.is_alphanumeric() || "_-./ ()（）·、$".contains(letter);
    let begins =
        |first: char| first.is_alphabetic() || first == '_' || first == '/' || first == '（';
    let looks_like_number = Decimal::parse(text).is_some()
        || text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || b"xo_.+-e:".contains(&byte));
    text.chars().next().is_some_and(begins)
        && !text.ends_with(' ')
        && text.chars().all(is_letter)
        && !looks_like_number
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}
