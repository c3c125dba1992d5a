//! The histories as the fold reads them: rows of a selection, and the columns that are wanted.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{Time, stored};
use features::history::NO_CODE;
use features::program::{POSITION_PATH, SOURCE_PATH};
use features::{Column, HistoryBlock, Table, Wanted, WantedColumn, holdings};
use tags::PortError;
use tags::ports::{Histories, Selection};

use super::{MemoryStore, Row};

impl Histories for MemoryStore {
    fn extent(&self) -> Result<u32, PortError> {
        Ok(self.users.extent())
    }

    fn read(
        &self,
        users: &Selection,
        wanted: &Wanted,
        now: Time,
    ) -> Result<HistoryBlock, PortError> {
        let takes = |(owner, _): &(u32, &Row)| users.contains(*owner);
        let is_kept = |taken: &(u32, &Row)| takes(taken) && self.is_kept(taken.1, now);
        let events = self.in_order(&self.events, &is_kept);
        let traits = self.in_order(&self.traits, &takes);
        let mut of_events = table(&events, &wanted.event_columns, &property);
        (of_events.names, of_events.name_texts) =
            coded(events.iter().map(|(_, row)| Some(&*row.name)));
        let mut of_traits = table(&traits, &wanted.trait_columns, &attribute);
        let identities: Vec<u32> = traits.iter().map(|(_, row)| row.identity).collect();
        holdings::join(&mut of_traits, &wanted.trait_columns, &identities);
        let mut memberships = self.recorded(&|owner| users.contains(owner));
        memberships.retain(|row| wanted.memberships.contains(&row.tag));
        Ok(HistoryBlock {
            users: users.numbers(),
            events: of_events,
            traits: of_traits,
            memberships,
            identities: self.identities_of(&users.numbers(), wanted),
            identity_events: self.identity_events(&users.numbers(), wanted),
        })
    }
}

/// What a row says of a path.
type Cell = dyn for<'r> Fn(&'r Row, &str) -> Option<&'r str>;

fn property<'r>(row: &'r Row, path: &str) -> Option<&'r str> {
    if path == SOURCE_PATH {
        Some(&row.source)
    } else {
        row.field(path)
    }
}

/// An attribute is touched by its own path, and unset by one that leads to it.
fn attribute<'r>(row: &'r Row, path: &str) -> Option<&'r str> {
    let leads_to_it = |other: &str| {
        path.strip_prefix(other)
            .is_some_and(|inside| inside.starts_with('.'))
    };
    row.field(path).or_else(|| {
        row.fields
            .iter()
            .any(|(other, _)| leads_to_it(other))
            .then_some(stored::UNSET)
    })
}

impl Row {
    fn field(&self, path: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(other, _)| **other == *path)
            .map(|(_, text)| &**text)
    }
}

fn table(rows: &[(u32, &Row)], wanted: &[WantedColumn], cell: &Cell) -> Table {
    let column = |wanted: &WantedColumn| {
        if &*wanted.path == POSITION_PATH {
            let mantissas = rows.iter().map(|(_, row)| row.position.get()).collect();
            return Column::Number {
                scale: 0,
                mantissas,
            };
        }
        let (codes, texts) = coded(rows.iter().map(|(_, row)| cell(row, &wanted.path)));
        Column::Text { codes, texts }
    };
    Table {
        users: rows.iter().map(|(owner, _)| *owner).collect(),
        times: rows.iter().map(|(_, row)| row.time.millis()).collect(),
        arrivals: rows.iter().map(|(_, row)| row.arrival).collect(),
        columns: wanted.iter().map(column).collect(),
        ..Table::default()
    }
}

/// Texts as codes of a dictionary.
fn coded<'t>(texts: impl Iterator<Item = Option<&'t str>>) -> (Vec<u32>, Vec<Arc<str>>) {
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut dictionary: Vec<Arc<str>> = Vec::new();
    let codes = texts
        .map(|text| {
            let Some(text) = text else { return NO_CODE };
            *known.entry(text).or_insert_with(|| {
                dictionary.push(Arc::from(text));
                (dictionary.len() - 1) as u32
            })
        })
        .collect();
    (codes, dictionary)
}
