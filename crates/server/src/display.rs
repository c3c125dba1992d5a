//! Values and numbers as people read them.

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

/// A number with its thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
