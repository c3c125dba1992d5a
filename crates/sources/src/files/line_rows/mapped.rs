//! Lines of objects that a mapping turns into rows; members inside objects by dotted paths.

use collector::Fields;
use domain::{Time, stored};

use crate::files::batch::RowBatch;
use crate::files::cell::{self, Cell, CellType, Place};
use crate::files::columns::PropertyColumn;
use crate::files::error::SourceError;
use crate::files::input::InputFile;
use crate::files::lines::{Line, Lines};
use crate::files::reader::{Failure, RowReader};
use crate::files::roles::{Role, Roles, Target};
use crate::files::rows::{Cells, RowWriter};

/// Rows of NDJSON under a mapping.
pub(crate) struct MappedLines {
    lines: Lines,
    fields: Fields,
    members: Members,
    writer: RowWriter,
}

/// What the members of an object are for.
struct Members {
    roles: Roles,
    /// The members that the mapping names, which are the columns of the writer.
    named: Vec<String>,
}

/// The members of one object.
struct Object<'a> {
    fields: &'a Fields,
    members: &'a Members,
}

impl MappedLines {
    /// # Errors
    /// [`SourceError::NoColumn`] when the first lines have no member that the mapping names.
    pub(crate) fn open(
        mut lines: Lines,
        input: &InputFile,
        roles: Roles,
        received_at: Time,
    ) -> Result<Self, SourceError> {
        super::require(&mut lines, input, &roles)?;
        let named: Vec<String> = roles.named().map(str::to_owned).collect();
        let writer = RowWriter::new(roles.clone(), &named, received_at);
        Ok(Self {
            lines,
            fields: Fields::with_most(super::MOST_FIELDS),
            members: Members { roles, named },
            writer,
        })
    }
}

impl RowReader for MappedLines {
    fn next(&mut self) -> Result<Option<usize>, Failure> {
        let Some(line) = super::next_line(&mut self.lines)? else {
            return Ok(None);
        };
        let (bytes, read) = match line {
            Line::Bytes(line) => {
                let read = self.fields.read(line);
                (line.len(), read.map_err(|reason| reason.to_string()))
            }
            Line::TooLong => (0, Err(super::too_long())),
        };
        let position = self.lines.number();
        match read {
            Ok(()) => {
                let object = Object {
                    fields: &self.fields,
                    members: &self.members,
                };
                self.writer.write(&object, position);
            }
            Err(reason) => self.writer.reject(position, reason),
        }
        Ok(Some(bytes))
    }

    fn pass_over(&mut self) -> Result<bool, Failure> {
        Ok(super::next_line(&mut self.lines)?.is_some())
    }

    fn take(&mut self) -> RowBatch {
        self.writer.take()
    }

    fn place(&self) -> String {
        format!("line {}", self.lines.number())
    }
}

impl Cells for Object<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        let named = self.members.named.get(column);
        match named.and_then(|path| self.fields.get(path)) {
            None | Some(stored::UNSET) => Cell::Missing,
            Some(text) => Cell::Stored(text),
        }
    }

    /// Any object may have members of its own.
    fn write_others(&self, row: &mut PropertyColumn) -> Result<(), String> {
        let roles = &self.members.roles;
        let keeps_unset = roles.target == Target::Profiles;
        for (path, text) in self.fields.iter() {
            let is_kept =
                roles.role(path) == Role::Property && (keeps_unset || text != stored::UNSET);
            if is_kept {
                let key = row.key(path);
                let cell_type = roles.types.get(path).unwrap_or(&CellType::Undeclared);
                cell::write(row, Place { key, path }, Cell::Stored(text), cell_type)?;
            }
        }
        Ok(())
    }
}
