//! One cell of a row, and writing it as a stored property of its column's type.

use domain::{Decimal, Value, Zone, stored};

use super::columns::PropertyColumn;
use super::mapping::ColumnType;
use super::time_format::{TimeFormat, TimeReader, shown};

/// What a file says in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Missing,
    /// A text whose type the place of its use decides.
    Raw(&'a str),
    /// A stored text: the file's own types are in it already.
    Stored(&'a str),
}

impl<'a> Cell<'a> {
    /// The cell as a text, where it is one.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self {
            Self::Missing => None,
            Self::Raw(text) => Some(text),
            Self::Stored(text) => match text.strip_prefix(stored::MARK) {
                None => Some(text),
                Some(marked) => marked.strip_prefix('t'),
            },
        }
    }
}

/// The type of a column, ready to be applied.
#[derive(Clone, Debug)]
pub(crate) enum CellType {
    Undeclared,
    Text,
    Number,
    Boolean,
    Time(TimeReader),
    Date(TimeReader),
    List(char),
    Json,
}

impl CellType {
    pub(crate) fn new(declared: Option<&ColumnType>, zone: &Zone) -> Self {
        let reader = |format: &TimeFormat| TimeReader::new(format.clone(), zone.clone());
        match declared {
            None => Self::Undeclared,
            Some(ColumnType::Text) => Self::Text,
            Some(ColumnType::Number) => Self::Number,
            Some(ColumnType::Boolean) => Self::Boolean,
            Some(ColumnType::Time(format)) => Self::Time(reader(format)),
            Some(ColumnType::Date(format)) => Self::Date(reader(format)),
            Some(ColumnType::List { separator }) => Self::List(*separator),
            Some(ColumnType::Json) => Self::Json,
        }
    }
}

/// A property's place: where it goes and under which name.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) key: u32,
    pub(crate) path: &'a str,
}

/// Appends a cell to the row that is being written; nothing where it is missing.
///
/// Fails with the reason why the cell is not of its type.
#[inline]
pub(crate) fn write(
    row: &mut PropertyColumn,
    place: Place<'_>,
    cell: Cell<'_>,
    cell_type: &CellType,
) -> Result<(), String> {
    match (cell, cell_type) {
        (Cell::Missing, _) => {}
        (Cell::Stored(text), CellType::Undeclared) => row.push(place.key, text),
        (Cell::Raw(""), CellType::Text) => row.push(place.key, ""),
        (Cell::Raw(""), _) => {}
        (Cell::Raw(text), CellType::Undeclared | CellType::Text) => {
            write_text(row, place.key, text)
        }
        (cell, declared) => return write_declared(row, place, cell, declared),
    }
    Ok(())
}

/// A text as it is stored: marked where it begins like a mark.
#[inline]
pub(crate) fn write_text(row: &mut PropertyColumn, key: u32, text: &str) {
    if text.starts_with(stored::MARK) {
        row.push_with(key, |out| {
            out.push(stored::MARK);
            out.push('t');
            out.push_str(text);
        });
    } else {
        row.push(key, text);
    }
}

fn write_declared(
    row: &mut PropertyColumn,
    place: Place<'_>,
    cell: Cell<'_>,
    declared: &CellType,
) -> Result<(), String> {
    let Some(text) = cell.text() else {
        // A list, an object or an explicit null of a file with types of its own.
        return match (cell, declared) {
            (Cell::Stored(stored), CellType::Json) => {
                row.push(place.key, stored);
                Ok(())
            }
            (Cell::Stored(list), CellType::List(_)) if is_list(list) => {
                row.push(place.key, list);
                Ok(())
            }
            (Cell::Stored(stored::UNSET), _) => {
                row.push(place.key, stored::UNSET);
                Ok(())
            }
            _ => Err(format!("`{}` holds a list or an object", place.path)),
        };
    };
    match declared {
        CellType::Undeclared | CellType::Text => write_text(row, place.key, text),
        CellType::Number => {
            let number = number(text, place.path)?;
            row.push_with(place.key, |out| append(out, &number));
        }
        CellType::Boolean => row.push(place.key, boolean(text, place.path)?),
        CellType::Time(reader) => {
            let time = reader
                .instant(text)
                .map_err(|reason| within(place.path, &reason))?;
            row.push_with(place.key, |out| append(out, &time));
        }
        CellType::Date(reader) => {
            let date = reader
                .day(text)
                .map_err(|reason| within(place.path, &reason))?;
            row.push_with(place.key, |out| append(out, &date));
        }
        CellType::List(separator) => write_value(row, place, &list(text, *separator, place.path)?),
        CellType::Json => {
            let json = serde_json::from_str(text)
                .map_err(|error| within(place.path, &format!("no JSON: {error}")))?;
            if let Some(value) = Value::from_json(&json) {
                write_value(row, place, &value);
            }
        }
    }
    Ok(())
}

fn is_list(text: &str) -> bool {
    text.strip_prefix(stored::MARK)
        .is_some_and(|marked| marked.starts_with('l'))
}

/// The exact number of a text; spaces around it are forgiven.
pub(crate) fn number(text: &str, path: &str) -> Result<Decimal, String> {
    let Some(number) = Decimal::parse(text.trim()) else {
        return Err(format!("`{}` in `{path}` is not a number", shown(text)));
    };
    number.judged().ok_or_else(|| {
        format!(
            "`{}` in `{path}` is too great a number: integers go to 2^256 - 1, others to 58 \
             digits before the point",
            shown(text)
        )
    })
}

fn boolean(text: &str, path: &str) -> Result<&'static str, String> {
    let is = |words: [&str; 5]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1", "t", "yes", "y"]) {
        Ok("true")
    } else if is(["false", "0", "f", "no", "n"]) {
        Ok("false")
    } else {
        Err(format!(
            "`{}` in `{path}` is not a boolean (true or false)",
            shown(text)
        ))
    }
}

fn list(text: &str, separator: char, path: &str) -> Result<Value, String> {
    if text.starts_with('[') {
        let json = serde_json::from_str(text)
            .map_err(|error| within(path, &format!("no JSON list: {error}")))?;
        return Value::from_json(&json)
            .filter(|value| matches!(value, Value::List(_)))
            .ok_or_else(|| within(path, "no list"));
    }
    Ok(text
        .split(separator)
        .map(|element| Value::text(element.trim()))
        .collect())
}

fn write_value(row: &mut PropertyColumn, place: Place<'_>, value: &Value) {
    for (path, text) in stored::encode(place.path, value) {
        let key = if path == place.path {
            place.key
        } else {
            row.key(&path)
        };
        row.push(key, &text);
    }
}

fn append(out: &mut String, value: &dyn std::fmt::Display) {
    use std::fmt::Write as _;
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}

fn within(path: &str, reason: &str) -> String {
    format!("`{path}`: {reason}")
}
