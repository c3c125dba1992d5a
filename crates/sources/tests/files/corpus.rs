//! Each folder of `tests/corpus` is a case: a file, how it is imported, what must come of it.
//!
//! `import` has lines `key: value`: `rows` (tracking, events, profiles, holdings, users, values), `user`,
//! `time`, `name` or `name-column`, `id`, `type` (column=type, repeated), `time-format`,
//! `timezone`, `column`, `value-type`, `delimiter`, `header`. `UPDATE_CORPUS=1` writes
//! what comes now into `expected`.

use std::path::{Path, PathBuf};

use domain::Zone;
use sources::files::{
    ColumnType, EventMapping, ListMapping, Mapping, NameFrom, ProfileMapping, ReadOptions,
    TimeColumn,
};

use crate::support;

/// How a case is imported.
struct Import {
    pairs: Vec<(String, String)>,
}

impl Import {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let pair = |line: &str| {
            let (key, value) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            (key.to_owned(), value.to_owned())
        };
        Self {
            pairs: text.lines().map(pair).collect(),
        }
    }

    fn all<'i>(&'i self, key: &'i str) -> impl Iterator<Item = &'i str> {
        let own = self.pairs.iter().filter(move |(own, _)| own == key);
        own.map(|(_, value)| value.as_str())
    }

    fn get(&self, key: &str) -> Option<String> {
        self.pairs
            .iter()
            .find(|(own, _)| own == key)
            .map(|(_, value)| value.clone())
    }

    fn zone(&self) -> Zone {
        let name = self.get("timezone");
        name.map_or_else(Zone::utc, |name| Zone::named(&name).unwrap())
    }

    fn time(&self) -> Option<TimeColumn> {
        let format = self.get("time-format");
        Some(TimeColumn {
            column: self.get("time")?,
            format: format.map_or_else(Default::default, |format| format.parse().unwrap()),
            zone: self.zone(),
        })
    }

    fn mapping(&self) -> Mapping {
        let types = self.all("type").map(|declared| {
            let (column, written) = declared.split_once('=').unwrap();
            (column.to_owned(), written.parse().unwrap())
        });
        let types = types.collect();
        match self.get("rows").as_deref() {
            Some("tracking") => Mapping::TrackingEvents,
            Some("events") => Mapping::Events(EventMapping {
                user: self.get("user").unwrap(),
                time: self.time(),
                name: match self.get("name") {
                    Some(name) => NameFrom::Constant(name),
                    None => NameFrom::Column(self.get("name-column").unwrap()),
                },
                message_id: self.get("id"),
                position: self.get("position"),
                types,
            }),
            Some("profiles") => Mapping::Profiles(self.profiles(types)),
            Some("holdings") => Mapping::Holdings(self.profiles(types)),
            Some("users") => Mapping::List(ListMapping::Users {
                column: self.get("column").unwrap(),
            }),
            Some("values") => Mapping::List(ListMapping::Values {
                column: self.get("column").unwrap(),
                value_type: self
                    .get("value-type")
                    .map(|written| written.parse().unwrap()),
            }),
            other => panic!("rows: {other:?}"),
        }
    }

    fn profiles(&self, types: Vec<(String, ColumnType)>) -> ProfileMapping {
        ProfileMapping {
            user: self.get("user").unwrap(),
            time: self.time(),
            types,
            zone: self.zone(),
        }
    }

    fn options(&self) -> ReadOptions {
        let mut options = support::options();
        options.delimiter = self
            .get("delimiter")
            .map(|written| written.parse().unwrap());
        options.header = self
            .get("header")
            .map(|names| names.split(',').map(str::to_owned).collect());
        options
    }
}

fn cases() -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = std::fs::read_dir(corpus).unwrap();
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

#[test]
fn every_file_of_the_corpus_becomes_what_is_written_beside_it() {
    let is_writing = std::env::var_os("UPDATE_CORPUS").is_some();
    let mut different = Vec::new();
    for case in cases() {
        let import = Import::read(&case.join("import"));
        let content = std::fs::read(case.join("input")).unwrap();
        let printed = support::printed(&content, &import.mapping(), &import.options());
        let expected = case.join("expected");
        if is_writing {
            std::fs::write(&expected, &printed).unwrap();
        } else if printed != std::fs::read_to_string(&expected).unwrap_or_default() {
            different.push(format!("{}:\n{printed}", case.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
