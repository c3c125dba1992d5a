//! Arrays as stored texts: the common types in tight loops, all others value by value.

use std::fmt::Display;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal128Type, Float64Type, Int32Type, Int64Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use domain::{Value, stored};

use super::cells::CellColumn;
use super::values;

/// How bytes without a declared meaning are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bytes {
    /// As `0x` and hex digits, as addresses and hashes are written.
    Hex,
    /// As UTF-8.
    Text,
}

/// Appends one text for each element. Fails with what the file holds that it must not.
pub(super) fn append(array: &ArrayRef, bytes: Bytes, out: &mut CellColumn) -> Result<(), String> {
    match array.data_type() {
        DataType::Int32 => integers::<Int32Type>(array, out),
        DataType::Int64 => integers::<Int64Type>(array, out),
        DataType::UInt32 => integers::<UInt32Type>(array, out),
        DataType::UInt64 => integers::<UInt64Type>(array, out),
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            each(array, out, |row, out| out.push_text(texts.value(row)));
        }
        DataType::Float64 => {
            let floats = array.as_primitive::<Float64Type>();
            each(array, out, |row, out| {
                push_number(values::float(floats.value(row)), out);
            });
        }
        DataType::Decimal128(_, scale) => {
            let decimals = array.as_primitive::<Decimal128Type>();
            each(array, out, |row, out| {
                push_number(values::decimal(decimals.value(row), *scale), out);
            });
        }
        DataType::Struct(_) => each(array, out, |_, out| out.push_stored(stored::OBJECT)),
        _ => {
            for row in 0..array.len() {
                push_value(values::at(array, row, bytes)?.as_ref(), out);
            }
        }
    }
    Ok(())
}

fn each(array: &ArrayRef, out: &mut CellColumn, mut push: impl FnMut(usize, &mut CellColumn)) {
    for row in 0..array.len() {
        if array.is_null(row) {
            out.push_missing();
        } else {
            push(row, out);
        }
    }
}

fn integers<T: ArrowPrimitiveType<Native: Display>>(array: &ArrayRef, out: &mut CellColumn) {
    let integers = array.as_primitive::<T>();
    each(array, out, |row, out| {
        out.push_displayed(&integers.value(row))
    });
}

fn push_number(number: Option<Value>, out: &mut CellColumn) {
    push_value(number.as_ref(), out);
}

fn push_value(value: Option<&Value>, out: &mut CellColumn) {
    match value {
        None => out.push_missing(),
        Some(Value::Text(text)) => out.push_text(text),
        Some(Value::Bool(truth)) => out.push_stored(if *truth { "true" } else { "false" }),
        Some(Value::Number(number)) => out.push_displayed(number),
        Some(Value::Time(time)) => out.push_displayed(time),
        Some(Value::Date(date)) => out.push_displayed(date),
        Some(Value::Span(span)) => out.push_displayed(span),
        Some(value @ Value::List(_)) => {
            for (_, text) in stored::encode("", value) {
                out.push_stored(&text);
            }
        }
        // A map: its members are not known before, and become fields when the row is written.
        Some(value @ Value::Object(_)) => out.push_displayed(&value.to_json()),
    }
}
