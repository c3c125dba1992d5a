//! What the values of each property look like: counted while they are written, read when a typed column is chosen.

mod classify;

use std::collections::HashMap;

use foldhash::fast::RandomState;

pub(crate) use self::classify::{Look, look, number_key};
use crate::WarehouseError;
use crate::batches::BatchNumber;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::{RowReader, RowWriter};

/// Where a property stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// A property of events.
    Events,
    /// An attribute of users.
    Traits,
}

impl Scope {
    /// The table that holds it.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Traits => "traits",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, WarehouseError> {
        [Self::Events, Self::Traits]
            .into_iter()
            .find(|scope| scope.table() == text)
            .ok_or_else(|| WarehouseError::unexpected("`events` or `traits`", text))
    }
}

/// How many values of each sort a property has had, and how long its numbers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ValueCounts {
    /// Rows that have the property, in whatever form.
    pub present: u64,
    /// Texts that are wholly a number.
    pub numbers: u64,
    /// Other texts.
    pub texts: u64,
    /// `true` and `false`.
    pub truths: u64,
    /// Lists.
    pub lists: u64,
    /// Objects; their members have counts of their own.
    pub objects: u64,
    /// Explicit nulls.
    pub unset: u64,
    /// The most places after the point of a number.
    pub max_places: u32,
    /// The most digits before the point of a number.
    pub max_digits: u32,
}

impl ValueCounts {
    /// Whether there are values, and none is a number. Elements of lists are not counted.
    #[must_use]
    pub fn has_no_number(&self) -> bool {
        self.numbers == 0 && self.lists == 0 && self.texts + self.truths + self.objects > 0
    }

    /// Adds the counts of other values.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.present += other.present;
        self.numbers += other.numbers;
        self.texts += other.texts;
        self.truths += other.truths;
        self.lists += other.lists;
        self.objects += other.objects;
        self.unset += other.unset;
        self.max_places = self.max_places.max(other.max_places);
        self.max_digits = self.max_digits.max(other.max_digits);
    }

    /// Counts one more value.
    pub(crate) fn add(&mut self, look: Look) {
        self.present += 1;
        match look {
            Look::Number { digits, places } => {
                self.numbers += 1;
                self.max_digits = self.max_digits.max(digits);
                self.max_places = self.max_places.max(places);
            }
            Look::Text => self.texts += 1,
            Look::Truth => self.truths += 1,
            Look::List => self.lists += 1,
            Look::Object => self.objects += 1,
            Look::Unset => self.unset += 1,
        }
    }
}

/// The values of one property of one event, or of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyStatistics {
    /// Where it stands.
    pub scope: Scope,
    /// The event that has it; empty for attributes.
    pub event: String,
    /// Its dotted path.
    pub path: String,
    /// What its values look like.
    pub counts: ValueCounts,
}

/// Scope, event and path of a property.
type Place<'texts> = (Scope, &'texts str, &'texts str);

impl PropertyStatistics {
    fn new((scope, event, path): Place<'_>, counts: ValueCounts) -> Self {
        Self {
            scope,
            event: event.to_owned(),
            path: path.to_owned(),
            counts,
        }
    }

    fn place(&self) -> Place<'_> {
        (self.scope, &self.event, &self.path)
    }
}

/// Counts of the rows of one batch.
#[derive(Debug, Default)]
pub(crate) struct BatchStatistics {
    events: HashMap<Box<str>, PathCounts, RandomState>,
    traits: PathCounts,
}

impl BatchStatistics {
    /// The counts of an event's properties.
    pub(crate) fn event(&mut self, name: &str) -> &mut PathCounts {
        if !self.events.contains_key(name) {
            self.events.insert(name.into(), PathCounts::default());
        }
        self.events.entry(name.into()).or_default()
    }

    /// The counts of attributes.
    pub(crate) fn traits(&mut self) -> &mut PathCounts {
        &mut self.traits
    }

    /// The rows of the table `property_statistics`, and their number.
    pub(crate) fn encode(&self, batch: BatchNumber) -> (RowWriter, usize) {
        let (mut rows, mut count) = (RowWriter::default(), 0);
        for (place, counts) in self.all() {
            encode(batch, &place, counts, &mut rows);
            count += 1;
        }
        (rows, count)
    }

    /// Adds the counts to those of all batches, which are in the order of their places.
    pub(crate) fn add_to(&self, all: &mut Vec<PropertyStatistics>) {
        for (place, counts) in self.all() {
            match all.binary_search_by(|known| known.place().cmp(&place)) {
                Ok(known) => {
                    if let Some(known) = all.get_mut(known) {
                        known.counts.merge(counts);
                    }
                }
                Err(between) => all.insert(between, PropertyStatistics::new(place, *counts)),
            }
        }
    }

    /// The counts of each property.
    fn all(&self) -> impl Iterator<Item = (Place<'_>, &ValueCounts)> {
        let events = self.events.iter();
        let events = events.map(|(event, paths)| (Scope::Events, &**event, paths));
        let tables = events.chain([(Scope::Traits, "", &self.traits)]);
        tables.flat_map(|(scope, event, paths)| {
            let paths = paths.paths.iter();
            paths.map(move |PathCount { path, counts, .. }| ((scope, event, &**path), counts))
        })
    }
}

/// The counts of the properties that stand together. Rows of one event mostly have the same paths in the same
/// order, so each look-up begins behind the one before.
#[derive(Debug, Default)]
pub(crate) struct PathCounts {
    paths: Vec<PathCount>,
    index: HashMap<Box<str>, usize, RandomState>,
    next: usize,
}

#[derive(Debug)]
struct PathCount {
    path: Box<str>,
    /// The writer's code for the path.
    code: u32,
    counts: ValueCounts,
}

impl PathCounts {
    /// Counts one value at a path, and returns the writer's code for the path, which `code` gives when it is new.
    #[inline]
    pub(crate) fn add(&mut self, path: &str, look: Look, code: impl FnOnce() -> u32) -> u32 {
        let is_next = self
            .paths
            .get(self.next)
            .is_some_and(|next| *next.path == *path);
        let position = if is_next {
            self.next
        } else {
            self.position(path, code)
        };
        self.next = position + 1;
        self.paths.get_mut(position).map_or(0, |known| {
            known.counts.add(look);
            known.code
        })
    }

    fn position(&mut self, path: &str, code: impl FnOnce() -> u32) -> usize {
        if let Some(position) = self.index.get(path) {
            return *position;
        }
        let position = self.paths.len();
        self.paths.push(PathCount {
            path: path.into(),
            code: code(),
            counts: ValueCounts::default(),
        });
        self.index.insert(path.into(), position);
        position
    }

    /// Begins a row.
    pub(crate) fn begin_row(&mut self) {
        self.next = 0;
    }
}

fn encode(
    batch: BatchNumber,
    (scope, event, path): &Place<'_>,
    counts: &ValueCounts,
    rows: &mut RowWriter,
) {
    rows.u64(batch.0);
    for text in [scope.table(), event, path] {
        rows.text(text.as_bytes());
    }
    for count in [
        counts.present,
        counts.numbers,
        counts.texts,
        counts.truths,
        counts.lists,
        counts.objects,
        counts.unset,
    ] {
        rows.u64(count);
    }
    rows.u32(counts.max_places);
    rows.u32(counts.max_digits);
}

/// The insert whose rows [`BatchStatistics::encode`] makes.
pub(crate) const INSERT: &str = "INSERT INTO property_statistics (batch, scope, event, path, present, numbers, \
    texts, truths, lists, objects, unset, max_places, max_digits)";

/// The statistics of all properties, batches added up, in the order of their places.
pub(crate) fn read(connection: &mut Connection) -> Result<Vec<PropertyStatistics>, WarehouseError> {
    let sql = "SELECT scope, event, path, sum(present), sum(numbers), sum(texts), sum(truths), sum(lists), \
        sum(objects), sum(unset), max(max_places), max(max_digits) \
        FROM property_statistics GROUP BY scope, event, path";
    let bytes = connection.query(sql, &Params::new(), Format::RowBinary)?;
    let mut rows = RowReader::new(&bytes);
    let mut all = Vec::new();
    while !rows.is_empty() {
        let place = (Scope::parse(rows.str()?)?, rows.str()?, rows.str()?);
        let counts = ValueCounts {
            present: rows.u64()?,
            numbers: rows.u64()?,
            texts: rows.u64()?,
            truths: rows.u64()?,
            lists: rows.u64()?,
            objects: rows.u64()?,
            unset: rows.u64()?,
            max_places: rows.u32()?,
            max_digits: rows.u32()?,
        };
        all.push(PropertyStatistics::new(place, counts));
    }
    all.sort_unstable_by(|one, other| one.place().cmp(&other.place()));
    Ok(all)
}
