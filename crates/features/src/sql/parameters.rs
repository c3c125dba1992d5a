//! Values on their way into SQL: bound, or as typed literals; and names, quoted.

use std::sync::Arc;

/// A value bound to a place of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name of the place: `p1`.
    pub name: String,
    /// What is bound.
    pub value: ParameterValue,
}

/// What is bound to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// A text.
    Text(Arc<str>),
    /// Texts.
    Texts(Vec<Arc<str>>),
    /// An integer that fits 64 bits.
    Integer(i64),
    /// The digits of an integer that fits 256 bits.
    WideInteger(String),
}

impl ParameterValue {
    /// The type of the place.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "String",
            Self::Texts(_) => "Array(String)",
            Self::Integer(_) => "Int64",
            Self::WideInteger(_) => "Int256",
        }
    }
}

/// The value as a typed literal.
pub fn literal(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Text(text) => text_literal(text),
        ParameterValue::Texts(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| text_literal(text)).collect();
            format!("CAST([{}] AS Array(String))", texts.join(", "))
        }
        ParameterValue::Integer(integer) => format!("toInt64('{integer}')"),
        ParameterValue::WideInteger(digits) => format!("toInt256('{digits}')"),
    }
}

/// A text in quotes.
pub(super) fn text_literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for letter in text.chars() {
        match letter {
            '\'' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0' => quoted.push_str("\\0"),
            '\u{1}' => quoted.push_str("\\x01"),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

/// 10^exponent as a literal of 256 bits.
pub(super) fn power_of_ten(exponent: u32) -> String {
    format!("toInt256('1{}')", "0".repeat(exponent as usize))
}

/// A name in backticks.
pub(super) fn identifier(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('`');
    for letter in name.chars() {
        if matches!(letter, '`' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('`');
    quoted
}

/// The values of a query, each once.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<Parameter>);

impl Parameters {
    /// Binds a value; gives the place where it stands.
    pub(super) fn bind(&mut self, value: ParameterValue) -> String {
        let known = self.0.iter().position(|parameter| parameter.value == value);
        let type_name = value.type_name();
        let number = known.unwrap_or_else(|| {
            let name = format!("p{}", self.0.len() + 1);
            self.0.push(Parameter { name, value });
            self.0.len() - 1
        });
        format!("{{p{}:{type_name}}}", number + 1)
    }

    /// Binds a text.
    pub(super) fn text(&mut self, text: &str) -> String {
        self.bind(ParameterValue::Text(Arc::from(text)))
    }

    /// Binds an integer.
    pub(super) fn integer(&mut self, integer: i128) -> String {
        self.bind(match i64::try_from(integer) {
            Ok(integer) => ParameterValue::Integer(integer),
            Err(_) => ParameterValue::WideInteger(integer.to_string()),
        })
    }

    /// All values, in the order of their names.
    pub(super) fn into_vec(self) -> Vec<Parameter> {
        self.0
    }
}

/// The query with literals in its places.
pub(super) fn written_out(text: &str, parameters: &[Parameter]) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, at_brace) = rest.split_at(start);
        written.push_str(before);
        let found = parameters.iter().find_map(|parameter| {
            let place = format!("{{{}:{}}}", parameter.name, parameter.value.type_name());
            Some((parameter, at_brace.strip_prefix(&place)?))
        });
        rest = match found {
            Some((parameter, behind)) => {
                written.push_str(&literal(&parameter.value));
                behind
            }
            None => {
                written.push('{');
                at_brace.get(1..).unwrap_or_default()
            }
        };
    }
    written.push_str(rest);
    written
}
