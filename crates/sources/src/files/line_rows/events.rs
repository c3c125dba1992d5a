//! Lines that are events as the tracking API takes them.

use collector::{Decoded, Decoder, Limits, Reception};
use domain::{EventType, Time};

use crate::files::batch::{RejectedRow, RowBatch};
use crate::files::lines::{Line, Lines};
use crate::files::reader::{Failure, RowReader};

/// Rows of NDJSON whose lines are events.
pub(crate) struct EventLines {
    lines: Lines,
    decoder: Decoder,
    reception: Reception,
    batch: RowBatch,
}

impl EventLines {
    pub(crate) fn new(lines: Lines, received_at: Time) -> Self {
        Self {
            lines,
            decoder: Decoder::new(Limits::default()),
            reception: Reception::import(received_at),
            batch: RowBatch::default(),
        }
    }
}

impl RowReader for EventLines {
    fn next(&mut self) -> Result<Option<usize>, Failure> {
        let Some(line) = super::next_line(&mut self.lines)? else {
            return Ok(None);
        };
        let (bytes, decoded) = match line {
            Line::Bytes(line) => {
                let decoded = self.decoder.decode(line, &self.reception);
                (line.len(), decoded.map_err(|reason| reason.to_string()))
            }
            Line::TooLong => (0, Err(super::too_long())),
        };
        let position = self.lines.number();
        match decoded {
            Ok(decoded) => write(&mut self.batch, &decoded, position),
            Err(reason) => self.batch.rejected.push(RejectedRow { position, reason }),
        }
        Ok(Some(bytes))
    }

    fn pass_over(&mut self) -> Result<bool, Failure> {
        Ok(super::next_line(&mut self.lines)?.is_some())
    }

    fn take(&mut self) -> RowBatch {
        self.batch.take()
    }

    fn place(&self) -> String {
        format!("line {}", self.lines.number())
    }
}

fn write(batch: &mut RowBatch, decoded: &Decoded<'_>, position: u64) {
    let id = decoded.message_id().unwrap_or_default();
    let properties = if decoded.kind() == EventType::Identify {
        let profiles = &mut batch.profiles;
        profiles.positions.push(position);
        profiles.users.push(&decoded.user_text());
        profiles.times.push(decoded.time());
        profiles.message_ids.push(id);
        profiles.places.push(decoded.position());
        &mut profiles.attributes
    } else {
        let events = &mut batch.events;
        events.positions.push(position);
        events.users.push(&decoded.user_text());
        events.times.push(decoded.time());
        events.names.push(decoded.name());
        events.message_ids.push(id);
        events.places.push(decoded.position());
        &mut events.properties
    };
    for (path, text) in decoded.fields() {
        let key = properties.key(path);
        properties.push(key, text);
    }
    properties.end_row();
    for other in decoded.other_identities() {
        batch.links.positions.push(position);
        batch.links.others.push(&other.to_string());
    }
}
