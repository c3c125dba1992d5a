//! What the tests share: importing bytes and printing what came of them.

use std::fmt::Write as _;
use std::path::Path;

use domain::Time;
use sources::files::{
    EventMapping, EventRows, FileSource, InputFile, Mapping, NameFrom, PropertyColumn, ReadOptions,
    RowBatch, SourceError, TextColumn, TimeColumn,
};

/// The instant at which all test files are received.
pub fn received_at() -> Time {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

pub fn options() -> ReadOptions {
    ReadOptions::new(received_at())
}

/// Events with the columns `user` and `time`, all of one name.
pub fn events() -> EventMapping {
    EventMapping {
        user: "user".to_owned(),
        time: Some(TimeColumn {
            column: "time".to_owned(),
            format: Default::default(),
            zone: Default::default(),
        }),
        name: NameFrom::Constant("e".to_owned()),
        message_id: None,
        position: None,
        types: Vec::new(),
    }
}

/// A file with that content, which lasts as long as the folder.
pub fn input(folder: &Path, content: &[u8]) -> InputFile {
    let path = folder.join("input");
    std::fs::write(&path, content).unwrap();
    InputFile::open(&path, folder).unwrap()
}

/// All batches, and the error that ended them.
pub fn import(
    content: &[u8],
    mapping: &Mapping,
    options: &ReadOptions,
) -> (Vec<RowBatch>, Option<SourceError>) {
    thread_local! {
        static FOLDER: tempfile::TempDir = tempfile::tempdir().unwrap();
    }
    let input = FOLDER.with(|folder| input(folder.path(), content));
    let mut batches = Vec::new();
    match FileSource::open(&input, mapping, options) {
        Err(error) => return (batches, Some(error)),
        Ok(source) => {
            for batch in source {
                match batch {
                    Ok(batch) => batches.push(batch),
                    Err(error) => return (batches, Some(error)),
                }
            }
        }
    }
    (batches, None)
}

/// What came of a file, as text.
pub fn printed(content: &[u8], mapping: &Mapping, options: &ReadOptions) -> String {
    let (batches, error) = import(content, mapping, options);
    let mut out = String::new();
    for batch in &batches {
        print_events(&mut out, &batch.events);
        let profiles = &batch.profiles;
        for row in 0..profiles.len() {
            let (position, user) = (profiles.positions[row], profiles.users.get(row));
            write!(out, "{position} profile {user} at {}", profiles.times[row]).unwrap();
            print_properties(&mut out, &profiles.attributes, row);
        }
        for (row, position) in batch.members.positions.iter().enumerate() {
            writeln!(
                out,
                "{position} member {}",
                shown(batch.members.keys.get(row))
            )
            .unwrap();
        }
        for row in &batch.rejected {
            writeln!(out, "{} rejected: {}", row.position, row.reason).unwrap();
        }
    }
    if let Some(error) = error {
        // A temporary path is different each time.
        let text = error.to_string();
        let name = text.split('`').find(|part| part.ends_with("/input"));
        let text = name.map_or_else(|| text.clone(), |name| text.replace(name, "FILE"));
        writeln!(out, "error: {text}").unwrap();
    }
    out
}

fn print_events(out: &mut String, events: &EventRows) {
    for row in 0..events.len() {
        let (position, user) = (events.positions[row], events.users.get(row));
        let (name, time) = (events.names.get(row), events.times[row]);
        write!(out, "{position} event {name} of {user} at {time}").unwrap();
        print_id(out, &events.message_ids, row);
        print_place(out, events.places[row]);
        print_properties(out, &events.properties, row);
    }
}

fn print_place(out: &mut String, place: domain::Position) {
    if place != domain::Position::NONE {
        write!(out, " position {}", place.get()).unwrap();
    }
}

fn print_id(out: &mut String, ids: &TextColumn, row: usize) {
    if !ids.get(row).is_empty() {
        write!(out, " id {}", ids.get(row)).unwrap();
    }
}

fn print_properties(out: &mut String, properties: &PropertyColumn, row: usize) {
    for (key, value) in properties.row(row) {
        let path = properties.paths().get(key as usize);
        write!(out, " | {path} = {}", shown(value)).unwrap();
    }
    out.push('\n');
}

/// A stored text with its marker visible.
fn shown(stored: &str) -> String {
    format!("{stored:?}")
        .replace("\\u{1}", "^")
        .replace("\\\"", "\"")
}
