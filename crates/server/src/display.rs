//! Values as people read them.

use domain::Value;

/// The value in one line: canonical text, times in RFC 3339, lists and objects as JSON.
pub fn value(value: &Value) -> String {
    match value {
        Value::List(_) | Value::Object(_) => value.to_json().to_string(),
        scalar => match scalar.canonical_text() {
            Some(text) => text.to_string(),
            None => scalar.to_json().to_string(),
        },
    }
}
