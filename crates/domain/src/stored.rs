//! The text form in which a property or an attribute is stored.
//!
//! A scalar is stored as its canonical text, without its type: the place of its use decides
//! (rules.md, meaning 5). What is no scalar carries a marker, a control character that texts
//! hardly ever begin with:
//!
//! | stored | meaning |
//! |---|---|
//! | `text` | the scalar of that text |
//! | `\u{1}t` text | a text that itself begins with U+0001 |
//! | `\u{1}l` JSON | a list |
//! | `\u{1}o` | an object; its members are stored beside it under dotted paths |
//! | `\u{1}n` | explicitly unset |

#[cfg(test)]
mod tests;

use serde_json::Value as Json;

use crate::Value;

/// What every marker begins with.
pub const MARK: char = '\u{1}';

/// Stored where a value was explicitly unset.
pub const UNSET: &str = "\u{1}n";

/// Stored where an object is; its members stand beside it.
pub const OBJECT: &str = "\u{1}o";

const TEXT_PREFIX: &str = "\u{1}t";
const LIST_PREFIX: &str = "\u{1}l";

/// What a stored text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// A value: a text for every scalar, or a list.
    Value(Value),
    /// An object is here; its members are stored under this path and a dot.
    ObjectMarker,
    /// The path was explicitly unset.
    Unset,
}

/// The stored texts of a value at a path: one, and for an object those of its members too.
#[must_use]
pub fn encode(path: &str, value: &Value) -> Vec<(String, String)> {
    let mut rows = Vec::with_capacity(1);
    encode_into(&mut rows, path.to_owned(), value);
    rows
}

fn encode_into(rows: &mut Vec<(String, String)>, path: String, value: &Value) {
    match value {
        Value::Text(text) if text.starts_with(MARK) => {
            rows.push((path, format!("{TEXT_PREFIX}{text}")));
        }
        Value::Text(text) => rows.push((path, text.to_string())),
        Value::Bool(truth) => rows.push((path, truth.to_string())),
        Value::Number(number) => rows.push((path, number.to_string())),
        Value::Time(time) => rows.push((path, time.to_string())),
        Value::Date(date) => rows.push((path, date.to_string())),
        Value::Span(span) => rows.push((path, span.to_string())),
        Value::List(_) => rows.push((path, format!("{LIST_PREFIX}{}", value.to_json()))),
        Value::Object(members) => {
            let own = rows.len();
            for (name, member) in members.iter() {
                encode_into(rows, format!("{path}.{name}"), member);
            }
            rows.insert(own, (path, OBJECT.to_owned()));
        }
    }
}

/// What a stored text means. Never fails: a text that begins with the mark but is none of the
/// known forms is the text that it is.
#[must_use]
pub fn decode(stored: &str) -> Stored {
    if !stored.starts_with(MARK) {
        return Stored::Value(Value::text(stored));
    }
    match stored {
        UNSET => return Stored::Unset,
        OBJECT => return Stored::ObjectMarker,
        _ => {}
    }
    if let Some(text) = stored.strip_prefix(TEXT_PREFIX) {
        return Stored::Value(Value::text(text));
    }
    let list = stored
        .strip_prefix(LIST_PREFIX)
        .and_then(|json| serde_json::from_str::<Json>(json).ok())
        .filter(Json::is_array)
        .and_then(|json| Value::from_json(&json));
    Stored::Value(list.unwrap_or_else(|| Value::text(stored)))
}
