//! Values of metric tags as two texts: what kind it is, and the value for people and programs to read.

use std::borrow::Cow;

use domain::{Date, Decimal, Span, Time, Value};
use serde_json::Value as Json;

use crate::WarehouseError;

const LIST_OF: &str = "list of ";
const ANY: &str = "any";

/// The kind and the text of a value.
pub(super) fn encode(value: &Value) -> (Cow<'static, str>, String) {
    let (kind, text) = match value {
        Value::Bool(truth) => ("truth", truth.to_string()),
        Value::Number(number) => ("number", number.to_string()),
        Value::Text(text) => ("text", text.to_string()),
        Value::Time(time) => ("time", time.to_string()),
        Value::Date(date) => ("date", date.to_string()),
        Value::Span(span) => ("milliseconds", span.millis().to_string()),
        Value::Object(_) => ("object", value.to_json().to_string()),
        Value::List(elements) => return encode_list(elements),
    };
    (kind.into(), text)
}

/// A list of one kind is a list of texts; in any other each element stands with its kind.
fn encode_list(elements: &[Value]) -> (Cow<'static, str>, String) {
    let encoded: Vec<_> = elements.iter().map(encode).collect();
    match encoded.first() {
        Some((first, _)) if encoded.iter().all(|(kind, _)| kind == first) => {
            let texts = encoded
                .iter()
                .map(|(_, text)| Json::from(text.as_str()))
                .collect();
            let kind = format!("{LIST_OF}{first}");
            (kind.into(), Json::Array(texts).to_string())
        }
        _ => {
            let pairs = encoded
                .into_iter()
                .map(|(kind, text)| Json::from(vec![kind.into_owned(), text]))
                .collect();
            let kind = format!("{LIST_OF}{ANY}");
            (kind.into(), Json::Array(pairs).to_string())
        }
    }
}

/// The value of a kind and a text that [`encode`] gave.
pub(super) fn decode(kind: &str, text: &str) -> Result<Value, WarehouseError> {
    let value = match kind {
        "truth" => text.parse().ok().map(Value::Bool),
        "number" => Decimal::parse(text).map(Value::Number),
        "text" => Some(Value::text(text)),
        "time" => Time::parse(text).map(Value::Time),
        "date" => Date::parse(text).map(Value::Date),
        "milliseconds" => text
            .parse()
            .ok()
            .map(|millis| Value::Span(Span::from_millis(millis))),
        "object" => serde_json::from_str::<Json>(text)
            .ok()
            .and_then(|json| Value::from_json(&json)),
        _ => match kind.strip_prefix(LIST_OF) {
            Some(of) => Some(Value::List(decode_list(of, text)?.into())),
            None => None,
        },
    };
    value.ok_or_else(|| {
        WarehouseError::unexpected(format!("a value of kind `{kind}`"), format!("`{text}`"))
    })
}

fn decode_list(of: &str, text: &str) -> Result<Vec<Value>, WarehouseError> {
    let broken = |_| WarehouseError::unexpected("a list of values", format!("`{text}`"));
    if of == ANY {
        let pairs: Vec<(String, String)> = serde_json::from_str(text).map_err(broken)?;
        return pairs
            .iter()
            .map(|(kind, text)| decode(kind, text))
            .collect();
    }
    let texts: Vec<String> = serde_json::from_str(text).map_err(broken)?;
    texts.iter().map(|text| decode(of, text)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn values_of_every_kind_read_back() {
        let number = |text: &str| Value::Number(Decimal::parse(text).unwrap());
        let list = |elements: Vec<Value>| Value::List(Arc::from(elements));
        for value in [
            Value::Bool(true),
            number("-0.000000000000000001"),
            number(
                "115792089237316195423570985008687907853269984665640564039457584007913129639935",
            ),
            Value::text("a \"b\"\n\u{1}"),
            Value::Time(Time::from_millis(-1)),
            Value::Date(Date::parse("2026-11-01").unwrap()),
            Value::Span(Span::from_millis(1500)),
            list(vec![]),
            list(vec![Value::text("a"), Value::text("b")]),
            list(vec![
                number("1"),
                Value::text("1"),
                list(vec![Value::Bool(false)]),
            ]),
            list(vec![list(vec![number("1")]), list(vec![number("2")])]),
        ] {
            let (kind, text) = encode(&value);
            assert_eq!(decode(&kind, &text).unwrap(), value, "{kind} {text}");
        }
        assert!(decode("number", "abc").is_err());
        assert!(decode("nonsense", "1").is_err());
    }
}
