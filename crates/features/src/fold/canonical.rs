//! The different texts of a text column: several stored forms may be one text.

use std::collections::HashMap;

use domain::Value;
use rules::checked::Place;

use crate::history::NO_CODE;
use crate::place::convert;

/// For each code of a text column, the code of its canonical text.
pub(super) struct Canonical {
    codes: Vec<u32>,
    /// The canonical texts, by their codes.
    pub(super) texts: Vec<Value>,
}

impl Canonical {
    /// The texts of what the codes of a column stand for, each first put into its place.
    pub(super) fn new(decoded: &[Option<Value>], place: Place) -> Self {
        let mut texts = Vec::new();
        let mut known: HashMap<Value, u32> = HashMap::new();
        let text = |value: &Option<Value>| convert(convert(value.clone()?, place)?, Place::Text);
        let mut code = |value: &Option<Value>| match text(value) {
            None | Some(Value::List(_)) => NO_CODE,
            Some(text) => *known.entry(text).or_insert_with_key(|text| {
                texts.push(text.clone());
                texts.len() as u32 - 1
            }),
        };
        Self {
            codes: decoded.iter().map(&mut code).collect(),
            texts,
        }
    }

    /// The code of the canonical text of a code; `None` where it is no text.
    #[inline]
    pub(super) fn code(&self, code: u32) -> Option<u32> {
        let codes = self.codes.get(code as usize).copied();
        codes.filter(|code| *code != NO_CODE)
    }
}
