//! Rows of cells become rows of a batch.

use std::borrow::Cow;

use domain::{EventName, Position, Span, Time, UserKey, canonical_address_or_same};

use super::batch::{RejectedRow, RowBatch};
use super::cell::{self, Cell, CellType, Place};
use super::columns::PropertyColumn;
use super::roles::{Role, Roles, Target};
use super::time_format::shown;

/// How far ahead of its reception an event may lie (rules.md, meaning 9).
const FUTURE: Span = Span::DAY;

/// A row as its file gives it.
pub(crate) trait Cells {
    /// The cell of a column, by the column's number.
    fn cell(&self, column: usize) -> Cell<'_>;

    /// Writes what the row has beside the columns that the writer knows. Fails with the reason
    /// why a cell is not of its type.
    #[inline]
    fn write_others(&self, _row: &mut PropertyColumn) -> Result<(), String> {
        Ok(())
    }
}

/// Writes rows of known columns into a batch.
pub(crate) struct RowWriter {
    target: Target,
    subject: Named,
    time: Option<(Named, super::time_format::TimeReader)>,
    constant_name: Option<String>,
    name: Option<Named>,
    message_id: Option<Named>,
    place: Option<Named>,
    properties: Vec<Property>,
    received_at: Time,
    batch: RowBatch,
}

/// A column and what it is called.
struct Named {
    column: usize,
    name: String,
}

/// A column that is kept as a property.
struct Property {
    column: usize,
    path: String,
    key: u32,
    cell_type: CellType,
}

impl RowWriter {
    /// A writer for rows of these columns, which `roles` must find in order.
    pub(crate) fn new(roles: Roles, columns: &[String], received_at: Time) -> Self {
        let place = |wanted: Role| {
            columns
                .iter()
                .enumerate()
                .find(|(_, name)| roles.role(name) == wanted)
                .map(|(column, name)| Named {
                    column,
                    name: name.clone(),
                })
        };
        let (subject, time_column) = (place(Role::Subject), place(Role::Time));
        let (name, message_id) = (place(Role::Name), place(Role::MessageId));
        let position = place(Role::Position);
        let mut types = roles.types.clone();
        let mut property = |column: usize, name: &String| Property {
            column,
            path: name.clone(),
            key: 0,
            cell_type: types.remove(name).unwrap_or(CellType::Undeclared),
        };
        let properties = columns
            .iter()
            .enumerate()
            .filter(|(_, name)| match roles.target {
                Target::Events | Target::Profiles => roles.role(name) == Role::Property,
                Target::Values => roles.role(name) == Role::Subject,
                Target::Users => false,
            })
            .map(|(column, name)| property(column, name))
            .collect();
        let mut writer = Self {
            target: roles.target,
            subject: subject.unwrap_or(Named {
                column: usize::MAX,
                name: roles.subject,
            }),
            time: time_column
                .zip(roles.time)
                .map(|(named, (_, reader))| (named, reader)),
            constant_name: roles.constant_name,
            name,
            message_id,
            place: position,
            properties,
            received_at,
            batch: RowBatch::default(),
        };
        writer.prepare_keys();
        writer
    }

    /// Gives every property its key in the new batch.
    fn prepare_keys(&mut self) {
        let keys = match self.target {
            Target::Events => &mut self.batch.events.properties,
            _ => &mut self.batch.profiles.attributes,
        };
        for property in &mut self.properties {
            property.key = keys.key(&property.path);
        }
    }

    /// The batch so far; the writer begins a new one.
    pub(crate) fn take(&mut self) -> RowBatch {
        let batch = self.batch.take();
        self.prepare_keys();
        batch
    }

    /// Notes a row that was refused.
    pub(crate) fn reject(&mut self, position: u64, reason: String) {
        self.batch.rejected.push(RejectedRow { position, reason });
    }

    /// Writes a row, or notes why it is refused.
    #[inline]
    pub(crate) fn write(&mut self, cells: &impl Cells, position: u64) {
        let written = match self.target {
            Target::Events => self.write_event(cells, position),
            Target::Profiles => self.write_profile(cells, position),
            Target::Users => self.write_user(cells, position),
            Target::Values => self.write_value(cells, position),
        };
        if let Err(reason) = written {
            self.reject(position, reason);
        }
    }

    fn write_event(&mut self, cells: &impl Cells, position: u64) -> Result<(), String> {
        let user = user(cells.cell(self.subject.column), &self.subject.name)?;
        let time = self.time(cells)?;
        let name = match (&self.constant_name, &self.name) {
            (Some(name), _) => name,
            (None, Some(named)) => event_name(cells.cell(named.column), &named.name)?,
            (None, None) => return Err("no event name".to_owned()),
        };
        let id = self
            .message_id
            .as_ref()
            .and_then(|named| cells.cell(named.column).text());
        let place = self.place(cells)?;
        let events = &mut self.batch.events;
        write_properties(&mut events.properties, &self.properties, cells)?;
        events.positions.push(position);
        events.users.push(&user);
        events.times.push(time);
        events.names.push(name);
        events.message_ids.push(id.unwrap_or_default());
        events.places.push(place);
        Ok(())
    }

    /// The place in the source's own order; none where the cell has none.
    fn place(&self, cells: &impl Cells) -> Result<Position, String> {
        let Some(named) = &self.place else {
            return Ok(Position::NONE);
        };
        match cells.cell(named.column).text() {
            None | Some("") => Ok(Position::NONE),
            Some(written) => {
                let place = written.parse().ok().and_then(Position::new);
                place.ok_or_else(|| {
                    format!(
                        "`{}` in `{}` is no position: a whole number from 0, less than 2^63",
                        shown(written),
                        named.name
                    )
                })
            }
        }
    }

    fn write_profile(&mut self, cells: &impl Cells, position: u64) -> Result<(), String> {
        let user = user(cells.cell(self.subject.column), &self.subject.name)?;
        let time = self.time(cells)?;
        let profiles = &mut self.batch.profiles;
        write_properties(&mut profiles.attributes, &self.properties, cells)?;
        profiles.positions.push(position);
        profiles.users.push(&user);
        profiles.times.push(time);
        profiles.message_ids.push("");
        profiles.places.push(Position::NONE);
        Ok(())
    }

    fn write_user(&mut self, cells: &impl Cells, position: u64) -> Result<(), String> {
        let user = user(cells.cell(self.subject.column), &self.subject.name)?;
        self.batch.members.positions.push(position);
        self.batch.members.keys.push(&user);
        Ok(())
    }

    fn write_value(&mut self, cells: &impl Cells, position: u64) -> Result<(), String> {
        let Some(property) = self.properties.first() else {
            return Err(format!("no value in `{}`", self.subject.name));
        };
        // The value takes the way of a property, so that its declared type is applied.
        let scratch = &mut self.batch.profiles.attributes;
        let place = Place {
            key: property.key,
            path: &property.path,
        };
        let written = cell::write(
            scratch,
            place,
            cells.cell(property.column),
            &property.cell_type,
        );
        let value = scratch.written().next().map(|(_, value)| value.to_owned());
        scratch.abandon_row();
        written?;
        match value.as_deref().map(|value| Cell::Stored(value).text()) {
            Some(Some(value)) if !value.is_empty() => {
                self.batch.members.positions.push(position);
                self.batch
                    .members
                    .keys
                    .push(&canonical_address_or_same(value));
                Ok(())
            }
            Some(None) => Err(format!("`{}` holds a list or an object", self.subject.name)),
            _ => Err(format!("no value in `{}`", self.subject.name)),
        }
    }

    /// The time of a row; where the mapping names no column, that of reception.
    #[inline]
    fn time(&self, cells: &impl Cells) -> Result<Time, String> {
        let Some((named, reader)) = &self.time else {
            return Ok(self.received_at);
        };
        let time = match cells.cell(named.column).text() {
            None | Some("") => return Err(format!("no time in `{}`", named.name)),
            Some(text) => reader
                .instant(text)
                .map_err(|reason| format!("`{}`: {reason}", named.name))?,
        };
        refuse_future(time, self.received_at)?;
        Ok(time)
    }
}

/// Refuses what lies more than a day ahead of its reception.
pub(crate) fn refuse_future(time: Time, received_at: Time) -> Result<(), String> {
    if time.since(received_at) > FUTURE {
        return Err(format!("{time} lies more than 24 hours in the future"));
    }
    Ok(())
}

#[inline]
fn write_properties(
    row: &mut PropertyColumn,
    properties: &[Property],
    cells: &impl Cells,
) -> Result<(), String> {
    for property in properties {
        let place = Place {
            key: property.key,
            path: &property.path,
        };
        let cell = cells.cell(property.column);
        if let Err(reason) = cell::write(row, place, cell, &property.cell_type) {
            row.abandon_row();
            return Err(reason);
        }
    }
    if let Err(reason) = cells.write_others(row) {
        row.abandon_row();
        return Err(reason);
    }
    row.end_row();
    Ok(())
}

/// The key of the user in a cell, as it is written.
#[inline]
pub(crate) fn user<'a>(cell: Cell<'a>, column: &str) -> Result<Cow<'a, str>, String> {
    match cell.text() {
        None | Some("") => Err(format!("no user in `{column}`")),
        Some(text) if text.contains(':') => match text.parse::<UserKey>() {
            Ok(key) => Ok(Cow::Owned(key.to_string())),
            Err(error) => Err(format!("`{column}`: {error}")),
        },
        Some(text) => Ok(canonical_address_or_same(text)),
    }
}

/// The event's name in a cell.
pub(crate) fn event_name<'a>(cell: Cell<'a>, column: &str) -> Result<&'a str, String> {
    match cell.text() {
        None | Some("") => Err(format!("no event name in `{column}`")),
        Some(name) if name.starts_with('$') => Err(reserved_name(name)),
        Some(name) => Ok(name),
    }
}

/// Why a name that is Muster's own is refused.
pub(crate) fn reserved_name(name: &str) -> String {
    format!(
        "the event name `{}` is reserved: names that begin with `$`, such as `{}`, are Muster's own",
        shown(name),
        EventName::PAGE
    )
}
