//! The platform as files: NDJSON as the tracking API takes it, and CSV.

use std::io::{self, Write};
use std::ops::Range;

use crate::attribute::ATTRIBUTES;
use crate::cell::Cell;
use crate::event::{Event, Property};
use crate::holding::Held;
use crate::platform::Platform;
use crate::profile::Profile;

/// Bytes gathered before they are written.
const CHUNK: usize = 1 << 18;

/// Writes the events of a range of users as NDJSON `track` calls.
///
/// # Errors
/// Those of the writer.
pub fn write_events_ndjson(
    platform: &Platform,
    users: Range<u32>,
    out: &mut impl Write,
) -> io::Result<()> {
    write_lines(platform.events_of(users), out, event_json)
}

/// Writes the profiles of a range of users as NDJSON `identify` calls.
///
/// # Errors
/// Those of the writer.
pub fn write_profiles_ndjson(
    platform: &Platform,
    users: Range<u32>,
    out: &mut impl Write,
) -> io::Result<()> {
    write_lines(
        users.flat_map(|user| platform.profiles(user)),
        out,
        profile_json,
    )
}

/// Writes what the identities of a range of users hold as NDJSON `identify` calls.
///
/// # Errors
/// Those of the writer.
pub fn write_holdings_ndjson(
    platform: &Platform,
    users: Range<u32>,
    out: &mut impl Write,
) -> io::Result<()> {
    let seed = platform.settings().seed;
    let held = users.flat_map(|user| {
        let held = platform.holdings(user).into_iter();
        held.map(move |held| (user, held))
    });
    write_lines(held, out, |(user, held), line| {
        holdings_json(seed, *user, held, line);
    })
}

/// Writes the events of a range of users as CSV with the columns `user`, `time`, `event` and one
/// for each of [`Property::ALL`].
///
/// # Errors
/// Those of the writer.
pub fn write_events_csv(
    platform: &Platform,
    users: Range<u32>,
    out: &mut impl Write,
) -> io::Result<()> {
    out.write_all(b"user,time,event")?;
    for property in Property::ALL {
        write!(out, ",{}", property.name())?;
    }
    out.write_all(b"\n")?;
    write_lines(platform.events_of(users), out, |event, line| {
        push_text(&Cell::User(event.user), line);
        line.push(b',');
        push_text(&Cell::Time(event.time), line);
        line.push(b',');
        line.extend_from_slice(event.kind().name.as_bytes());
        for property in Property::ALL {
            line.push(b',');
            push_text(&event.cell(property), line);
        }
    })
}

/// Writes the profiles of a range of users as CSV with the columns `user`, `time` and one for
/// each attribute. Attributes that are lists are JSON in quotes.
///
/// # Errors
/// Those of the writer.
pub fn write_profiles_csv(
    platform: &Platform,
    users: Range<u32>,
    out: &mut impl Write,
) -> io::Result<()> {
    out.write_all(b"user,time")?;
    for attribute in &ATTRIBUTES {
        write!(out, ",{}", attribute.path)?;
    }
    out.write_all(b"\n")?;
    write_lines(
        users.flat_map(|user| platform.profiles(user)),
        out,
        |profile, line| {
            push_text(&Cell::User(profile.user), line);
            line.push(b',');
            push_text(&Cell::Time(profile.time), line);
            for attribute in &ATTRIBUTES {
                line.push(b',');
                push_text(&attribute.cell(profile), line);
            }
        },
    )
}

fn write_lines<T>(
    items: impl Iterator<Item = T>,
    out: &mut impl Write,
    line: impl Fn(&T, &mut Vec<u8>),
) -> io::Result<()> {
    let mut chunk = Vec::with_capacity(CHUNK + 4096);
    for item in items {
        line(&item, &mut chunk);
        chunk.push(b'\n');
        if chunk.len() >= CHUNK {
            out.write_all(&chunk)?;
            chunk.clear();
        }
    }
    out.write_all(&chunk)
}

/// One event as a `track` call.
fn event_json(event: &Event, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"type":"track","messageId":""#);
    push_text(&Cell::User(event.user), out);
    out.push(b'-');
    push_text(&whole(i64::from(event.number)), out);
    out.extend_from_slice(br#"","userId":"#);
    Cell::User(event.user).write_json(out);
    out.extend_from_slice(br#","event":""#);
    out.extend_from_slice(event.kind().name.as_bytes());
    out.extend_from_slice(br#"","timestamp":"#);
    Cell::Time(event.time).write_json(out);
    out.extend_from_slice(br#","properties":{"#);
    let mut separator: &[u8] = b"\"";
    for property in Property::ALL {
        let cell = event.cell(property);
        if cell != Cell::Missing {
            out.extend_from_slice(separator);
            out.extend_from_slice(property.name().as_bytes());
            out.extend_from_slice(b"\":");
            cell.write_json(out);
            separator = b",\"";
        }
    }
    out.extend_from_slice(b"}}");
}

/// One profile as an `identify` call. Dotted paths become objects, all members of one object at
/// once, since a trait that is an object is set as a whole.
fn profile_json(profile: &Profile, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"type":"identify","messageId":""#);
    push_text(&Cell::User(profile.user), out);
    out.extend_from_slice(b"-p");
    push_text(&whole(profile.time.millis()), out);
    out.extend_from_slice(br#"","userId":"#);
    Cell::User(profile.user).write_json(out);
    out.extend_from_slice(br#","timestamp":"#);
    Cell::Time(profile.time).write_json(out);
    out.extend_from_slice(br#","traits":{"#);
    let mut open: Vec<&str> = Vec::new();
    let mut separator: &[u8] = b"\"";
    for attribute in &ATTRIBUTES {
        let cell = attribute.cell(profile);
        if cell == Cell::Missing {
            continue;
        }
        let mut names: Vec<&str> = attribute.path.split('.').collect();
        let name = names.pop().unwrap_or_default();
        let shared = open
            .iter()
            .zip(&names)
            .take_while(|(one, other)| one == other)
            .count();
        while open.len() > shared {
            open.pop();
            out.push(b'}');
        }
        for object in names.iter().skip(shared) {
            out.extend_from_slice(separator);
            out.extend_from_slice(object.as_bytes());
            out.extend_from_slice(b"\":{");
            open.push(object);
            separator = b"\"";
        }
        out.extend_from_slice(separator);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        cell.write_json(out);
        separator = b",\"";
    }
    out.extend(open.iter().map(|_| b'}'));
    out.extend_from_slice(b"}}");
}

/// What one identity holds as an `identify` call.
fn holdings_json(seed: u64, user: u32, held: &Held, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"type":"identify","userId":""#);
    out.extend_from_slice(held.sender.key(seed, user).to_string().as_bytes());
    out.extend_from_slice(br#"","timestamp":"#);
    Cell::Time(held.time).write_json(out);
    out.extend_from_slice(br#","traits":{"holdings":"#);
    held.write_json(out);
    out.extend_from_slice(b"}}");
}

fn whole(mantissa: i64) -> Cell {
    Cell::Number { mantissa, scale: 0 }
}

/// The value as a field of CSV; empty for no value.
fn push_text(cell: &Cell, out: &mut Vec<u8>) {
    if let Cell::List(_) = cell {
        let mut json = Vec::new();
        cell.write_json(&mut json);
        out.push(b'"');
        for byte in json {
            if byte == b'"' {
                out.push(b'"');
            }
            out.push(byte);
        }
        out.push(b'"');
    } else if let Some(text) = cell.stored() {
        out.extend_from_slice(text.as_ref().as_bytes());
    }
}
