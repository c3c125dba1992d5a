//! Values of scenario files with every digit that was written.
//!
//! The YAML reader makes binary floats of numbers, which loses digits. So a number is only marked
//! with its place, and read again from the text.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};
use serde_saphyr::Spanned;

use domain::Decimal;

/// A value as it stands in the file; [`Exact::json`] gives it with the file's text.
#[derive(Clone, Debug, PartialEq)]
pub struct Exact {
    shape: Shape,
    /// Line and column, from 1.
    place: (u64, u64),
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Null,
    Truth(bool),
    Number,
    Text(String),
    List(Vec<Exact>),
    Object(Vec<(String, Exact)>),
}

/// The lines of a file, in which numbers are read again.
#[derive(Clone, Debug, Default)]
pub struct Lines<'t> {
    lines: Vec<&'t str>,
}

impl<'t> Lines<'t> {
    /// The lines of a text.
    pub fn of(text: &'t str) -> Self {
        Self {
            lines: text.split('\n').collect(),
        }
    }

    /// The scalar without quotes that begins at a place.
    fn scalar(&self, (line, column): (u64, u64)) -> &'t str {
        let at = |number: u64| {
            usize::try_from(number)
                .unwrap_or(usize::MAX)
                .saturating_sub(1)
        };
        let line = self.lines.get(at(line)).copied().unwrap_or_default();
        let start = line
            .char_indices()
            .nth(at(column))
            .map_or(line.len(), |(start, _)| start);
        let rest = line.get(start..).unwrap_or_default();
        let end = rest
            .find([',', ']', '}', ' ', '\t', '\r', '#'])
            .unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }
}

impl Exact {
    /// A text that stands in no file.
    pub fn text(text: &str) -> Self {
        Self {
            shape: Shape::Text(text.to_owned()),
            place: (0, 0),
        }
    }

    /// The elements of a list.
    pub fn elements(&self) -> Option<&[Self]> {
        match &self.shape {
            Shape::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The members of an object, in the order in which they are written.
    pub fn members(&self) -> Option<&[(String, Self)]> {
        match &self.shape {
            Shape::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value as JSON: a number with all its digits; what YAML takes for a number but the rule
    /// language does not (`0x10`, `1_000`) as the text that it is.
    pub fn json(&self, lines: &Lines<'_>) -> Json {
        match &self.shape {
            Shape::Null => Json::Null,
            Shape::Truth(truth) => Json::Bool(*truth),
            Shape::Number => number(lines.scalar(self.place)),
            Shape::Text(text) => Json::String(text.clone()),
            Shape::List(elements) => {
                Json::Array(elements.iter().map(|element| element.json(lines)).collect())
            }
            Shape::Object(members) => {
                let member = |(name, value): &(String, Self)| (name.clone(), value.json(lines));
                Json::Object(members.iter().map(member).collect::<Map<_, _>>())
            }
        }
    }
}

fn number(written: &str) -> Json {
    let canonical = Decimal::parse(written).map(|decimal| decimal.to_string());
    let number = canonical.and_then(|digits| digits.parse::<Number>().ok());
    number.map_or_else(|| Json::String(written.to_owned()), Json::Number)
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Shape>::deserialize(deserializer)?;
        let place = (spanned.defined.line(), spanned.defined.column());
        Ok(Self {
            shape: spanned.value,
            place,
        })
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Shape, E> {
        Ok(Shape::Truth(truth))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Shape, E> {
        Ok(Shape::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Shape, E> {
        Ok(Shape::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Shape, E> {
        Ok(Shape::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Shape, E> {
        Ok(Shape::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Shape, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(Shape::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Shape::Object(members))
    }
}
