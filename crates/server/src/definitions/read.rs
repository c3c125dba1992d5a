//! Reading definition files: folders, documents, and everything that is wrong with them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{
    AudienceDefinition, Decimal, ListDefinition, ListKey, ListKind, RefreshPolicy, Rfm, TagBody,
    TagDefinition, UserKey, Zone, canonical_address_or_same,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_saphyr::Spanned;

use super::problem::Mistake;
use super::template::{assignments, substituted};
use super::written::{Variables, WrittenAudience, WrittenFile, WrittenList, WrittenTag};
use super::{Place, Placed, Problem, Problems, Sort, Wanted, WantedList};
use crate::scenario::exact::Lines;
use crate::yaml;

/// Reads definition files, and all `*.yaml` and `*.yml` files below folders. In folders, scenario
/// files and what is hidden are passed over.
///
/// # Errors
/// Every problem of every file.
pub fn read(paths: &[PathBuf]) -> Result<Wanted, Problems> {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        find_files(path, &mut files, &mut problems);
    }
    let mut reading = Reading {
        problems,
        ..Reading::default()
    };
    for found in &files {
        let name = found.path.display().to_string();
        match std::fs::read_to_string(&found.path) {
            Ok(text) if found.is_in_folder && is_scenario(&text) => {}
            Ok(text) => reading.file(&name, &text),
            Err(error) => {
                let reason = error.to_string();
                let place = Place {
                    file: name,
                    line: 0,
                };
                reading.problem(&place, &Mistake::Unreadable { reason });
            }
        }
    }
    reading.finish()
}

/// Reads definition files from texts: each with the name that its problems bear.
///
/// # Errors
/// Every problem of every file.
pub fn parse<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Wanted, Problems> {
    let mut reading = Reading::default();
    for (name, text) in files {
        reading.file(name, text);
    }
    reading.finish()
}

struct FoundFile {
    path: PathBuf,
    is_in_folder: bool,
}

fn find_files(path: &Path, files: &mut Vec<FoundFile>, problems: &mut Vec<Problem>) {
    if !path.is_dir() {
        files.push(FoundFile {
            path: path.to_path_buf(),
            is_in_folder: false,
        });
        return;
    }
    let before = files.len();
    let place = || Place {
        file: path.display().to_string(),
        line: 0,
    };
    if let Err(error) = find_in_folder(path, files) {
        let reason = error.to_string();
        problems.push(Problem::new(place(), &Mistake::Unreadable { reason }));
    } else if files.len() == before {
        problems.push(Problem::new(place(), &Mistake::NoFile));
    }
}

fn find_in_folder(folder: &Path, files: &mut Vec<FoundFile>) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    for path in entries {
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        let is_yaml = path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml");
        if is_hidden {
            continue;
        } else if path.is_dir() {
            find_in_folder(&path, files)?;
        } else if is_yaml {
            files.push(FoundFile {
                path,
                is_in_folder: true,
            });
        }
    }
    Ok(())
}

fn is_scenario(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("scenario:"))
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    wanted: Wanted,
    problems: Vec<Problem>,
}

impl Reading {
    fn finish(self) -> Result<Wanted, Problems> {
        if self.problems.is_empty() {
            Ok(self.wanted)
        } else {
            Err(Problems(self.problems))
        }
    }

    fn problem(&mut self, place: &Place, mistake: &Mistake) {
        self.problems.push(Problem::new(place.clone(), mistake));
    }

    fn file(&mut self, name: &str, text: &str) {
        // An empty document is nothing, not a mistake.
        let documents =
            serde_saphyr::from_multiple_with_options::<Option<WrittenFile>>(text, yaml::options());
        let documents = match documents {
            Ok(documents) => documents,
            Err(error) => return self.problems.push(Problem::of_yaml(name, &error)),
        };
        for document in documents.into_iter().flatten() {
            for tag in document.tags {
                let place = place_of(name, &tag);
                self.tag(place, &tag.value);
            }
            for audience in document.audiences {
                let place = place_of(name, &audience);
                self.audience(place, &audience.value);
            }
            for list in document.lists {
                let place = place_of(name, &list);
                match self.list(text, list.value) {
                    Ok((key, list)) => {
                        let list = alone(list, place);
                        self.add(|wanted| &mut wanted.lists, (Sort::List, key), list);
                    }
                    Err(mistake) => self.problem(&place, &mistake),
                }
            }
            for event in document.events {
                let place = place_of(name, &event);
                match event.value.definition(&Lines::of(text)) {
                    Ok(event) => {
                        let key = (Sort::Event, event.key.clone());
                        self.add(|wanted| &mut wanted.events, key, alone(event, place));
                    }
                    Err(reason) => self.problem(&place, &reason.into()),
                }
            }
            for table in document.tables {
                let place = place_of(name, &table);
                match table.value.definition(&Lines::of(text)) {
                    Ok(table) => {
                        let key = (Sort::Table, table.key.clone());
                        self.add(|wanted| &mut wanted.tables, key, alone(table, place));
                    }
                    Err(reason) => self.problem(&place, &reason.into()),
                }
            }
        }
    }

    fn tag(&mut self, place: Place, written: &WrittenTag) {
        let tags = self.expanded::<TagDefinition>(&place, written, &written.variables);
        let template = template(&written.key, &written.variables);
        for tag in tags {
            let key = tag.key.clone();
            let zone = tag.timezone.as_deref().map(Zone::named);
            let tag = Placed {
                definition: trimmed(tag),
                place: place.clone(),
                template: template.clone(),
            };
            if let Some(Err(error)) = zone {
                let key = key.to_string();
                let mistake = Mistake::OfTag {
                    key: key.clone(),
                    error,
                };
                self.problems
                    .push(Problem::of_definition(&tag, key, &mistake));
            }
            self.add(|wanted| &mut wanted.tags, (Sort::Tag, key), tag);
        }
    }

    fn audience(&mut self, place: Place, written: &WrittenAudience) {
        let audiences = self.expanded::<AudienceDefinition>(&place, written, &written.variables);
        let template = template(&written.key, &written.variables);
        for mut audience in audiences {
            audience.rule.truncate(audience.rule.trim_end().len());
            let key = (Sort::Audience, audience.key.clone());
            let audience = Placed {
                definition: audience,
                place: place.clone(),
                template: template.clone(),
            };
            self.add(|wanted| &mut wanted.audiences, key, audience);
        }
    }

    /// The definitions that a written one stands for; those that are wrong become problems.
    fn expanded<T: DeserializeOwned>(
        &mut self,
        place: &Place,
        written: &impl Serialize,
        variables: &Variables,
    ) -> Vec<T> {
        let refused = |error: serde_json::Error| Mistake::from(error.to_string());
        let one = |json: serde_json::Value| {
            let of_refresh = mistake_of_refresh(&json);
            let read = serde_json::from_value::<T>(json);
            read.map_err(|error| of_refresh.unwrap_or_else(|| refused(error)))
        };
        let read = || {
            let json = serde_json::to_value(written).map_err(refused)?;
            let choices = assignments(variables)?;
            let each = choices
                .iter()
                .map(|choice| substituted(&json, choice).and_then(one));
            each.collect::<Result<Vec<T>, Mistake>>()
        };
        read().unwrap_or_else(|mistake| {
            self.problem(place, &mistake);
            Vec::new()
        })
    }

    fn list(&self, text: &str, written: WrittenList) -> Result<(ListKey, WantedList), Mistake> {
        let key = ListKey::new(&written.key).map_err(|error| Mistake::Key { error })?;
        let (kind, members) = match (written.kind, written.users, written.values) {
            (Some(kind), None, None) => (kind, None),
            (None | Some(ListKind::Users), Some(users), None) => {
                let key_of = |user: &String| user.parse::<UserKey>().map(|key| key.to_string());
                let members = users.iter().map(key_of).collect::<Result<_, _>>();
                let wrong = |error| Mistake::OfList {
                    key: key.to_string(),
                    error,
                };
                (ListKind::Users, Some(members.map_err(wrong)?))
            }
            (None | Some(ListKind::Values), None, Some(values)) => {
                let members = values.iter().map(|value| canonical(text, value)).collect();
                (ListKind::Values, Some(members))
            }
            _ => {
                return Err(Mistake::MembersOfList {
                    key: key.to_string(),
                });
            }
        };
        let definition = ListDefinition {
            key: key.clone(),
            name: written.name,
            description: written.description,
            kind,
        };
        Ok((
            key,
            WantedList {
                definition,
                members,
            },
        ))
    }

    fn add<K: Ord + Display, T>(
        &mut self,
        sort: impl FnOnce(&mut Wanted) -> &mut BTreeMap<K, Placed<T>>,
        (of_sort, key): (Sort, K),
        placed: Placed<T>,
    ) {
        let written = key.to_string();
        let first = match sort(&mut self.wanted).entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(placed);
                return;
            }
            Entry::Occupied(first) => first,
        };
        let is_of_same = placed.template.is_some() && first.get().origin() == placed.origin();
        let key = written.clone();
        let mistake = match is_of_same {
            true => Mistake::DefinedByTemplate { sort: of_sort, key },
            false => Mistake::DefinedTwice {
                sort: of_sort,
                key,
                place: first.get().place.to_string(),
            },
        };
        // A template that repeats itself says so once.
        let problem = Problem::of_definition(&placed, written, &mistake);
        if self.problems.last() != Some(&problem) {
            self.problems.push(problem);
        }
    }
}

/// What is wrong with the way in which a tag is kept fresh, in both languages.
fn mistake_of_refresh(tag: &serde_json::Value) -> Option<Mistake> {
    let text = |key: &str| tag.get(key)?.as_str();
    let error = text("refresh")?.parse::<RefreshPolicy>().err()?;
    let key = text("key")?.to_owned();
    Some(Mistake::OfTag { key, error })
}

/// A definition that no template stands for.
fn alone<T>(definition: T, place: Place) -> Placed<T> {
    Placed {
        definition,
        place,
        template: None,
    }
}

/// The key that is written, where it stands for many.
fn template(key: &str, variables: &Variables) -> Option<Arc<str>> {
    (!variables.is_empty()).then(|| Arc::from(key))
}

fn place_of<T>(file: &str, spanned: &Spanned<T>) -> Place {
    Place {
        file: file.to_owned(),
        line: spanned.referenced.line(),
    }
}

/// The tag with its rules cut after the last visible letter, as block scalars add a line's end.
fn trimmed(mut tag: TagDefinition) -> TagDefinition {
    let trim = |text: &mut String| text.truncate(text.trim_end().len());
    match &mut tag.body {
        TagBody::Rule(rule) | TagBody::Value(rule) | TagBody::Sql(rule) => trim(rule),
        TagBody::Cases { cases, .. } => cases.iter_mut().for_each(|case| trim(&mut case.rule)),
        TagBody::Rfm(Rfm {
            recency,
            frequency,
            monetary,
            ..
        }) => [recency, frequency, monetary].into_iter().for_each(trim),
        TagBody::Supplied(_) => {}
        TagBody::Lifecycle(lifecycle) => trim(&mut lifecycle.active),
        TagBody::Lookalike(lookalike) => {
            trim(&mut lookalike.seed);
            lookalike.features.iter_mut().for_each(trim);
        }
    }
    tag
}

/// The canonical text of a value: a number without quotes by its value, an address in lower case.
fn canonical(text: &str, written: &Spanned<String>) -> String {
    let offset = written
        .defined
        .span()
        .byte_offset()
        .and_then(|offset| usize::try_from(offset).ok());
    let first = offset
        .and_then(|offset| text.get(offset..))
        .and_then(|rest| rest.chars().next());
    let is_quoted = matches!(first, Some('"' | '\'' | '|' | '>'));
    match Decimal::parse(&written.value) {
        Some(number) if !is_quoted => number.to_string(),
        _ => canonical_address_or_same(&written.value).into_owned(),
    }
}
