//! One element of an array as a value.

use std::fmt::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use domain::{Date, Decimal, Value};

use super::texts::Bytes;
use super::times;

/// The value of an element; `None` where it is null or not a number.
///
/// # Errors
/// What the file holds that it must not.
pub(super) fn at(array: &ArrayRef, row: usize, bytes: Bytes) -> Result<Option<Value>, String> {
    if array.is_null(row) || matches!(array.data_type(), DataType::Null) {
        return Ok(None);
    }
    Ok(match array.data_type() {
        DataType::Boolean => Some(Value::Bool(array.as_boolean().value(row))),
        DataType::Utf8 => Some(Value::text(array.as_string::<i32>().value(row))),
        DataType::Binary => {
            let content = array.as_binary::<i32>().value(row);
            match bytes {
                Bytes::Hex => Some(hex(content)),
                Bytes::Text => Some(Value::text(
                    std::str::from_utf8(content).map_err(|error| error.to_string())?,
                )),
            }
        }
        DataType::FixedSizeBinary(_) => Some(hex(array.as_fixed_size_binary().value(row))),
        DataType::Timestamp(unit, zone) => {
            Some(times::timestamp(array, row, *unit, zone.is_some())?)
        }
        DataType::Time32(unit) | DataType::Time64(unit) => Some(times::clock(array, row, *unit)?),
        DataType::Date32 => Some(date(i64::from(native::<Date32Type>(array, row)))),
        DataType::Date64 => Some(date(
            native::<Date64Type>(array, row).div_euclid(86_400_000),
        )),
        DataType::List(_) => list(&array.as_list::<i32>().value(row), bytes)?,
        DataType::Struct(_) => object(array, row, bytes)?,
        DataType::Map(..) => map(array, row, bytes)?,
        _ => number(array, row)?,
    })
}

fn native<T: ArrowPrimitiveType>(array: &ArrayRef, row: usize) -> T::Native {
    array.as_primitive::<T>().value(row)
}

fn number(array: &ArrayRef, row: usize) -> Result<Option<Value>, String> {
    let integer = |integer: i128| Some(Value::Number(Decimal::from(integer)));
    Ok(match array.data_type() {
        DataType::Int8 => integer(native::<Int8Type>(array, row).into()),
        DataType::Int16 => integer(native::<Int16Type>(array, row).into()),
        DataType::Int32 => integer(native::<Int32Type>(array, row).into()),
        DataType::Int64 => integer(native::<Int64Type>(array, row).into()),
        DataType::UInt8 => integer(native::<UInt8Type>(array, row).into()),
        DataType::UInt16 => integer(native::<UInt16Type>(array, row).into()),
        DataType::UInt32 => integer(native::<UInt32Type>(array, row).into()),
        DataType::UInt64 => integer(native::<UInt64Type>(array, row).into()),
        DataType::Float16 => written(&format!("{:e}", native::<Float16Type>(array, row).to_f32())),
        DataType::Float32 => written(&format!("{:e}", native::<Float32Type>(array, row))),
        DataType::Float64 => float(native::<Float64Type>(array, row)),
        DataType::Decimal32(_, scale) => {
            decimal(native::<Decimal32Type>(array, row).into(), *scale)
        }
        DataType::Decimal64(_, scale) => {
            decimal(native::<Decimal64Type>(array, row).into(), *scale)
        }
        DataType::Decimal128(_, scale) => decimal(native::<Decimal128Type>(array, row), *scale),
        DataType::Decimal256(_, scale) => {
            let mantissa = native::<Decimal256Type>(array, row);
            written(&format!("{mantissa}e{}", -i16::from(*scale)))
        }
        other => return Err(format!("the type {other} cannot be imported")),
    })
}

/// The shortest decimal that reads back; `None` for what is no number.
pub(super) fn float(float: f64) -> Option<Value> {
    Decimal::from_f64(float).map(Value::Number)
}

/// The number `mantissa / 10^scale`, cut to the places that a number keeps.
pub(super) fn decimal(mantissa: i128, scale: i8) -> Option<Value> {
    match u8::try_from(scale) {
        Ok(scale) => Decimal::from_mantissa(mantissa, scale)
            .judged()
            .map(Value::Number),
        Err(_) => written(&format!("{mantissa}e{}", -i16::from(scale))),
    }
}

/// The number of a text such as Rust writes; `None` for `NaN` and `inf`.
fn written(text: &str) -> Option<Value> {
    Decimal::parse(text).map(Value::Number)
}

fn date(days: i64) -> Value {
    match i32::try_from(days).map(Date::from_days) {
        Ok(date) if (Date::MIN..=Date::MAX).contains(&date) => Value::Date(date),
        // Beyond what can be written as a date: the text of its number is no date in any place.
        _ => Value::text(&format!("{days}d")),
    }
}

fn hex(content: &[u8]) -> Value {
    let mut text = String::with_capacity(2 + content.len() * 2);
    text.push_str("0x");
    for byte in content {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Value::text(&text)
}

fn list(elements: &ArrayRef, bytes: Bytes) -> Result<Option<Value>, String> {
    let mut values = Vec::with_capacity(elements.len());
    for row in 0..elements.len() {
        values.extend(at(elements, row, bytes)?);
    }
    Ok(Some(Value::List(values.into())))
}

fn object(array: &ArrayRef, row: usize, bytes: Bytes) -> Result<Option<Value>, String> {
    let members = array.as_struct();
    let mut named = std::collections::BTreeMap::new();
    for (name, member) in members.column_names().into_iter().zip(members.columns()) {
        if let Some(value) = at(member, row, bytes)? {
            named.insert(name.into(), value);
        }
    }
    Ok(Some(Value::Object(named.into())))
}

fn map(array: &ArrayRef, row: usize, bytes: Bytes) -> Result<Option<Value>, String> {
    let entries = array.as_map().value(row);
    let [keys, values] = entries.columns() else {
        return Err("a map has no keys and values".to_owned());
    };
    let mut named = std::collections::BTreeMap::new();
    for entry in 0..entries.len() {
        let key = at(keys, entry, Bytes::Text)?.and_then(|key| key.canonical_text());
        if let (Some(key), Some(value)) = (key, at(values, entry, bytes)?) {
            named.insert(key, value);
        }
    }
    Ok(Some(Value::Object(named.into())))
}
