//! The columns of a Parquet schema, those inside structures by dotted paths.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};

use super::cells::CellColumn;
use super::texts::{self, Bytes};
use crate::files::error::SourceError;

/// A column that gives one text a row.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// Its name, after those of the structures around it.
    pub(super) path: String,
    /// Where it is: the column of the file, then the members inside.
    indices: Vec<usize>,
    /// How its bytes are read, if it has bytes.
    pub(super) bytes: Bytes,
    /// Whether its texts are JSON documents, whose members are not known before.
    pub(super) is_map: bool,
}

/// The columns of a schema: a structure gives itself and its members.
///
/// # Errors
/// [`SourceError::UnsupportedType`], [`SourceError::ColumnTwice`].
pub(super) fn leaves(schema: &Schema, file: &str) -> Result<Vec<Leaf>, SourceError> {
    let mut all = Vec::new();
    for (index, field) in schema.fields().iter().enumerate() {
        add(&mut all, field, field.name().clone(), vec![index], file)?;
    }
    let mut seen = std::collections::HashSet::new();
    match all.iter().find(|leaf| !seen.insert(leaf.path.as_str())) {
        Some(twice) => Err(SourceError::ColumnTwice {
            name: file.to_owned(),
            column: twice.path.clone(),
        }),
        None => Ok(all),
    }
}

fn add(
    all: &mut Vec<Leaf>,
    field: &Field,
    path: String,
    indices: Vec<usize>,
    file: &str,
) -> Result<(), SourceError> {
    if !is_supported(field.data_type()) {
        return Err(SourceError::UnsupportedType {
            name: file.to_owned(),
            column: path,
            column_type: field.data_type().to_string(),
        });
    }
    all.push(Leaf {
        path: path.clone(),
        indices: indices.clone(),
        bytes: Bytes::Hex,
        is_map: matches!(field.data_type(), DataType::Map(..)),
    });
    if let DataType::Struct(members) = field.data_type() {
        for (index, member) in members.iter().enumerate() {
            let inner = [indices.as_slice(), &[index]].concat();
            add(
                all,
                member,
                format!("{path}.{}", member.name()),
                inner,
                file,
            )?;
        }
    }
    Ok(())
}

/// The types that Parquet's own schema can give, but for intervals.
fn is_supported(data_type: &DataType) -> bool {
    match data_type {
        DataType::List(element) | DataType::Map(element, _) => is_supported(element.data_type()),
        DataType::Struct(members) => members
            .iter()
            .all(|member| is_supported(member.data_type())),
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::Binary
        | DataType::FixedSizeBinary(_)
        | DataType::Date32
        | DataType::Date64
        | DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Timestamp(..) => true,
        other => other.is_numeric(),
    }
}

impl Leaf {
    /// Appends the column's texts. Fails with what the file holds that it must not.
    pub(super) fn convert(&self, batch: &RecordBatch, out: &mut CellColumn) -> Result<(), String> {
        let mut indices = self.indices.iter();
        let first = indices.next().and_then(|index| batch.columns().get(*index));
        let mut array = first.ok_or("a column is missing")?.clone();
        let mut around: Vec<ArrayRef> = Vec::new();
        for index in indices {
            let members = array.as_struct_opt().map(|members| members.columns());
            let member = members.and_then(|members| members.get(*index)).cloned();
            let member = member.ok_or("a member of a structure is missing")?;
            around.push(std::mem::replace(&mut array, member));
        }
        if around.is_empty() {
            return texts::append(&array, self.bytes, out);
        }
        // A member has no value where a structure around it has none.
        let mut own = CellColumn::default();
        texts::append(&array, self.bytes, &mut own)?;
        for row in 0..array.len() {
            match own.stored(row) {
                Some(text) if around.iter().all(|outer| outer.is_valid(row)) => {
                    out.push_stored(text);
                }
                _ => out.push_missing(),
            }
        }
        Ok(())
    }
}
