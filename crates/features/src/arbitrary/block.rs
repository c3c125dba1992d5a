//! The history block that a store would stream for the same users.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::{Decimal, Value, stored};

use super::Random;
use crate::history::{
    Arrivals, Column, HistoryBlock, MISSING, MISSING_WIDE, NO_CODE, Table, UNTOUCHED,
    UNTOUCHED_WIDE, Wanted, WantedColumn, WantedForm,
};
use crate::identity::{self, IdentityEvent};
use crate::membership::Recorded;
use crate::program::{POSITION_PATH, SOURCE_PATH};
use crate::reference::User;

/// How the columns of numbers lie in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forms {
    /// As narrow as their values allow.
    Narrowest,
    /// All as stored texts.
    Texts,
    /// Any form that their values allow.
    Mixed,
}

/// The block of these users, in one to three runs.
pub fn block(
    users: &[(u32, User)],
    wanted: &Wanted,
    forms: Forms,
    random: &mut Random,
) -> HistoryBlock {
    let mut numbers: Vec<u32> = users.iter().map(|(number, _)| *number).collect();
    // A store is asked for whole ranges, in which some numbers have no rows.
    numbers.extend(numbers.iter().map(|number| number + 1).collect::<Vec<_>>());
    numbers.sort_unstable();
    numbers.dedup();
    HistoryBlock {
        users: numbers,
        events: table(
            event_rows(users),
            &wanted.event_columns,
            wanted.arrivals,
            forms,
            random,
        ),
        memberships: memberships(users, wanted),
        traits: table(
            trait_rows(users),
            &wanted.trait_columns,
            wanted.arrivals,
            forms,
            random,
        ),
        identities: identity::table(
            (users.iter()).map(|(number, user)| (*number, user.identities.iter().collect())),
            &wanted.identity_columns,
        ),
        identity_events: identity_events(users),
    }
}

fn identity_events(users: &[(u32, User)]) -> Vec<IdentityEvent> {
    let of_user = |(number, user): &(u32, User)| {
        let events = user.identity_events.iter().cloned();
        let owned = |event| IdentityEvent {
            user: *number,
            ..event
        };
        events.map(owned).collect::<Vec<_>>()
    };
    let mut events: Vec<IdentityEvent> = users.iter().flat_map(of_user).collect();
    events.sort_by_key(|event| (event.user, event.time, event.arrival));
    events
}

/// What was recorded of the tags wanted, sorted.
fn memberships(users: &[(u32, User)], wanted: &Wanted) -> Vec<Recorded> {
    let of_user = |(number, user): &(u32, User)| {
        let user_number = *number;
        let of_user = user.memberships.clone().into_iter();
        of_user.map(move |row| Recorded {
            user: user_number,
            ..row
        })
    };
    let mut rows: Vec<Recorded> = users.iter().flat_map(of_user).collect();
    rows.retain(|row| wanted.memberships.contains(&row.tag));
    rows.sort();
    rows
}

/// A row as it is stored: `cells` are stored texts by path.
struct Row {
    user: u32,
    time: i64,
    arrival: u64,
    name: Option<Arc<str>>,
    cells: BTreeMap<String, String>,
    /// Paths of which everything inside is touched.
    replaced: Vec<Arc<str>>,
}

impl Row {
    /// The stored text at a path; where attributes are replaced as a whole, unset inside.
    fn cell(&self, path: &str) -> Option<&str> {
        if let Some(text) = self.cells.get(path) {
            return Some(text);
        }
        let is_inside = |outer: &Arc<str>| {
            path.strip_prefix(&**outer)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        self.replaced.iter().any(is_inside).then_some(stored::UNSET)
    }
}

fn event_rows(users: &[(u32, User)]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (user, history) in users {
        for event in &history.events {
            let mut cells: BTreeMap<String, String> = BTreeMap::new();
            for (name, value) in &event.properties {
                cells.extend(stored::encode(name, value));
            }
            cells.insert(SOURCE_PATH.to_owned(), event.source.to_string());
            cells.insert(POSITION_PATH.to_owned(), event.position.to_string());
            rows.push(Row {
                user: *user,
                time: event.time.millis(),
                arrival: event.arrival,
                name: Some(Arc::from(event.name.as_str())),
                cells,
                replaced: Vec::new(),
            });
        }
    }
    rows
}

fn trait_rows(users: &[(u32, User)]) -> Vec<Row> {
    let mut rows: BTreeMap<(u32, i64, u64), Row> = BTreeMap::new();
    for (user, history) in users {
        for change in &history.changes {
            let key = (*user, change.time.millis(), change.arrival);
            let row = rows.entry(key).or_insert_with(|| Row {
                user: key.0,
                time: key.1,
                arrival: key.2,
                name: None,
                cells: BTreeMap::new(),
                replaced: Vec::new(),
            });
            match &change.value {
                Some(value) => row.cells.extend(stored::encode(&change.path, value)),
                None => {
                    row.cells
                        .insert(change.path.to_string(), stored::UNSET.to_owned());
                }
            }
            row.replaced.push(Arc::clone(&change.path));
        }
    }
    rows.into_values().collect()
}

fn table(
    mut rows: Vec<Row>,
    wanted: &[WantedColumn],
    arrivals: Arrivals,
    forms: Forms,
    random: &mut Random,
) -> Table {
    let runs = 1 + random.below(3);
    let of_run: HashMap<(u32, i64, u64), usize> = rows
        .iter()
        .map(|row| ((row.user, row.time, row.arrival), random.below(runs)))
        .collect();
    rows.sort_by_key(|row| {
        let key = (row.user, row.time, row.arrival);
        (of_run.get(&key).copied().unwrap_or(0), key)
    });
    let is_trait = rows.iter().all(|row| row.name.is_none());
    let (names, name_texts) = coded(rows.iter().map(|row| row.name.clone()));
    Table {
        users: rows.iter().map(|row| row.user).collect(),
        times: rows.iter().map(|row| row.time).collect(),
        arrivals: if runs == 1 && arrivals == Arrivals::WhereNeeded {
            Vec::new()
        } else {
            rows.iter().map(|row| row.arrival).collect()
        },
        names: if is_trait { Vec::new() } else { names },
        name_texts,
        columns: wanted
            .iter()
            .map(|wanted| column(&rows, wanted, forms, random))
            .collect(),
    }
}

fn column(rows: &[Row], wanted: &WantedColumn, forms: Forms, random: &mut Random) -> Column {
    let is_trait = rows.iter().all(|row| row.name.is_none());
    let cells: Vec<Option<&str>> = rows.iter().map(|row| row.cell(&wanted.path)).collect();
    let form = match forms {
        Forms::Narrowest => 0,
        Forms::Texts => 2,
        Forms::Mixed => random.below(3),
    };
    let absent = if is_trait {
        Cell::Untouched
    } else {
        Cell::Missing
    };
    let numbers = (wanted.form == WantedForm::Numbers)
        .then(|| numbers(&cells, absent))
        .flatten();
    numbers
        .and_then(|numbers| match form {
            0 => narrow(&numbers, random).or_else(|| wide(&numbers)),
            1 => wide(&numbers),
            _ => None,
        })
        .unwrap_or_else(|| {
            let (codes, texts) = coded(cells.iter().map(|cell| cell.map(Arc::from)));
            Column::Text { codes, texts }
        })
}

/// A row's cell in a number column.
#[derive(Clone)]
enum Cell {
    Untouched,
    Missing,
    Number(Decimal),
}

/// The cells as numbers; `None` where a list keeps them from being a number column.
fn numbers(cells: &[Option<&str>], absent: Cell) -> Option<Vec<Cell>> {
    let number = |cell: &Option<&str>| {
        let Some(text) = cell else {
            return Some(absent.clone());
        };
        match stored::decode(text) {
            stored::Stored::Value(Value::List(_)) => None,
            stored::Stored::Value(value) => {
                Some(value.to_number().map_or(Cell::Missing, Cell::Number))
            }
            _ => Some(Cell::Missing),
        }
    };
    cells.iter().map(number).collect()
}

fn scale(numbers: &[Cell]) -> u8 {
    let places = |cell: &Cell| match cell {
        Cell::Number(number) => number.scale(),
        _ => 0,
    };
    numbers.iter().map(places).max().unwrap_or(0)
}

fn narrow(numbers: &[Cell], random: &mut Random) -> Option<Column> {
    let least = scale(numbers);
    let scale = (least + random.pick(0, &[0, 2])).min(18);
    let mantissa = |cell: &Cell| match cell {
        Cell::Untouched => Some(UNTOUCHED),
        Cell::Missing => Some(MISSING),
        Cell::Number(number) => {
            let mantissa = i64::try_from(number.mantissa_at(scale)?).ok()?;
            (mantissa > UNTOUCHED).then_some(mantissa)
        }
    };
    let mantissas = numbers.iter().map(mantissa).collect::<Option<Vec<i64>>>()?;
    Some(Column::Number { scale, mantissas })
}

fn wide(numbers: &[Cell]) -> Option<Column> {
    let scale = scale(numbers);
    let mantissa = |cell: &Cell| match cell {
        Cell::Untouched => Some(UNTOUCHED_WIDE),
        Cell::Missing => Some(MISSING_WIDE),
        Cell::Number(number) => number
            .mantissa_at(scale)
            .filter(|mantissa| *mantissa > UNTOUCHED_WIDE),
    };
    let mantissas = numbers
        .iter()
        .map(mantissa)
        .collect::<Option<Vec<i128>>>()?;
    Some(Column::WideNumber { scale, mantissas })
}

/// Texts as codes of a dictionary.
fn coded(texts: impl Iterator<Item = Option<Arc<str>>>) -> (Vec<u32>, Vec<Arc<str>>) {
    let mut known: Vec<Arc<str>> = Vec::new();
    let codes = texts
        .map(|text| {
            let Some(text) = text else { return NO_CODE };
            let code = known
                .iter()
                .position(|known| *known == text)
                .unwrap_or_else(|| {
                    known.push(text);
                    known.len() - 1
                });
            code as u32
        })
        .collect();
    (codes, known)
}
