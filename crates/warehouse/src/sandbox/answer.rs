//! What a query returns: users by their keys, and values of one kind.

use domain::{Decimal, Kind, Value};

use super::QueryShape;
use super::refusal::{QueryProblem, Refusal};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::RowReader;
use crate::sql::identifier;

/// What a query has returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryAnswer {
    /// What it reads, and the kind of its values.
    pub shape: QueryShape,
    /// Its rows, in its order.
    pub rows: Vec<QueryRow>,
    /// How many rows had NULL for a user; they are not among `rows`.
    pub without_user: usize,
}

/// A row of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryRow {
    /// The user's key, as it is written.
    pub user: String,
    /// The value; `None` for NULL, for a number that is infinite or none, and where the query has no second column.
    pub value: Option<Value>,
}

/// The names of a query's columns, and the kind of the second.
pub(super) fn describe(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
) -> Result<(Vec<String>, Option<Kind>), QueryProblem> {
    const DESCRIBE: &str = "DESCRIBE TABLE (\n";
    let described = format!("{DESCRIBE}{sql}\n)");
    let bytes = connection
        .query(&described, params, Format::RowBinary)
        .map_err(|error| QueryProblem::of_engine(&error, sql, DESCRIBE.len()))?;
    let columns =
        columns(&bytes).map_err(|error| QueryProblem::of_engine(&error, sql, DESCRIBE.len()))?;
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let (user, value) = match columns.as_slice() {
        [user] => (user, None),
        [user, value] if user.name == value.name => {
            let name = user.name.clone();
            return Err(Refusal::SameColumns { name }.problem());
        }
        [user, value] => (user, Some(value)),
        _ => {
            let count = columns.len();
            return Err(Refusal::Columns { count }.problem());
        }
    };
    if kind_of(&user.of_type) != Some(Kind::Text) {
        let (name, found) = (user.name.clone(), user.of_type.clone());
        return Err(Refusal::UserType { name, found }.at(sql, &user.name));
    }
    let Some(value) = value else {
        return Ok((names, None));
    };
    match kind_of(&value.of_type) {
        Some(kind) => Ok((names, Some(kind))),
        None => {
            let (name, found) = (value.name.clone(), value.of_type.clone());
            Err(Refusal::ValueType { name, found }.at(sql, &value.name))
        }
    }
}

struct Column {
    name: String,
    of_type: String,
}

/// The rows of a `DESCRIBE`: seven texts each, of which the first two are name and type.
fn columns(bytes: &[u8]) -> Result<Vec<Column>, WarehouseError> {
    let mut rows = RowReader::new(bytes);
    let mut columns = Vec::new();
    while !rows.is_empty() {
        let name = rows.str()?.to_owned();
        let of_type = rows.str()?.to_owned();
        for _ in 0..5 {
            rows.text()?;
        }
        columns.push(Column { name, of_type });
    }
    Ok(columns)
}

/// The kind of the values of a type; `None` for those that are no value of a tag.
fn kind_of(of_type: &str) -> Option<Kind> {
    let mut bare = of_type;
    for around in ["LowCardinality(", "Nullable("] {
        if let Some(inside) = bare.strip_prefix(around) {
            bare = inside.strip_suffix(')')?;
        }
    }
    let is_number = ["Int", "UInt", "Float", "Decimal"].iter().any(|name| {
        let size = bare.strip_prefix(name);
        size.is_some_and(|size| size.starts_with(|c: char| c.is_ascii_digit() || c == '('))
    });
    match bare {
        "String" | "Nothing" => Some(Kind::Text),
        "Bool" => Some(Kind::Truth),
        _ if bare.starts_with("Enum8(") || bare.starts_with("Enum16(") => Some(Kind::Text),
        _ => is_number.then_some(Kind::Number),
    }
}

/// Runs a query that was checked, and reads what it returns.
pub(super) fn read(
    connection: &mut Connection,
    sql: &str,
    params: &Params,
    shape: QueryShape,
) -> Result<QueryAnswer, QueryProblem> {
    let columns = shape.columns.iter().map(|name| {
        let name = identifier(name);
        format!("isNull({name}), ifNull(toString({name}), '')")
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let before = format!("SELECT {columns} FROM (\n");
    let failed = |error: WarehouseError| QueryProblem::of_engine(&error, sql, before.len());
    let bytes = connection
        .query(&format!("{before}{sql}\n)"), params, Format::RowBinary)
        .map_err(failed)?;
    let mut reader = RowReader::new(&bytes);
    let (mut rows, mut without_user) = (Vec::new(), 0);
    while !reader.is_empty() {
        let user = text(&mut reader).map_err(failed)?;
        let value = match shape.value {
            Some(kind) => {
                let text = text(&mut reader).map_err(failed)?;
                text.and_then(|text| value_of(kind, &text))
            }
            None => None,
        };
        match user {
            Some(user) => rows.push(QueryRow { user, value }),
            None => without_user += 1,
        }
    }
    Ok(QueryAnswer {
        shape,
        rows,
        without_user,
    })
}

/// A text after the mark that says whether it is none.
fn text(reader: &mut RowReader<'_>) -> Result<Option<String>, WarehouseError> {
    let is_null = reader.u8()? == 1;
    let text = String::from_utf8_lossy(reader.text()?).into_owned();
    Ok((!is_null).then_some(text))
}

fn value_of(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Number => Decimal::parse(text).map(Value::Number),
        Kind::Truth => Some(Value::Bool(text == "true")),
        _ => Some(Value::text(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_the_kind_of_its_values() {
        for (of_type, kind) in [
            ("String", Some(Kind::Text)),
            ("LowCardinality(Nullable(String))", Some(Kind::Text)),
            ("Nullable(UInt64)", Some(Kind::Number)),
            ("Decimal(38, 2)", Some(Kind::Number)),
            ("Float64", Some(Kind::Number)),
            ("Bool", Some(Kind::Truth)),
            ("Enum8('a' = 1)", Some(Kind::Text)),
            ("DateTime64(3, 'UTC')", None),
            ("Interval", None),
            ("IntervalDay", None),
            ("Array(String)", None),
            ("AggregateFunction(sum, UInt8)", None),
        ] {
            assert_eq!(kind_of(of_type), kind, "{of_type}");
        }
    }
}
