//! The columns of the tables `events` and `traits`.

use super::{EventRow, TraitRow};
use crate::batches::BatchNumber;
use crate::native::{Block, CodedTexts, TextMaps};
use crate::statistics::{self, PathCounts};

/// The columns that both tables have.
#[derive(Debug, Default)]
struct HistoryColumns {
    users: Vec<u32>,
    times: Vec<i64>,
    arrivals: Vec<u64>,
    identities: Vec<u32>,
    sources: CodedTexts,
    messages: Vec<u128>,
    pairs: TextMaps,
}

/// Rows of the table `events`.
#[derive(Debug, Default)]
pub(super) struct EventColumns {
    history: HistoryColumns,
    types: CodedTexts,
    names: CodedTexts,
    positions: Vec<i64>,
}

/// Rows of the table `traits`.
#[derive(Debug, Default)]
pub(super) struct TraitColumns {
    history: HistoryColumns,
}

pub(super) const INSERT_EVENTS: &str = "INSERT INTO events (user, time, arrival, identity, source, message, batch, properties, type, name, position)";

pub(super) const INSERT_TRAITS: &str =
    "INSERT INTO traits (user, time, arrival, identity, source, message, batch, traits)";

impl EventColumns {
    pub(super) fn len(&self) -> usize {
        self.history.users.len()
    }

    /// The time of the latest row, in milliseconds.
    pub(super) fn latest(&self) -> Option<i64> {
        self.history.times.iter().copied().max()
    }

    pub(super) fn bytes(&self) -> usize {
        self.history.bytes()
    }

    pub(super) fn push<P: AsRef<str>, V: AsRef<str>>(
        &mut self,
        row: &EventRow<'_>,
        properties: &[(P, V)],
        counts: &mut PathCounts,
    ) {
        self.history
            .push_times(row.user.0, row.identity.0, row.time.millis(), row.arrival);
        self.history.sources.push(row.source);
        self.history.messages.push(row.message);
        self.history.push_pairs(properties, counts);
        self.types.push(row.event_type.name());
        self.names.push(row.name);
        self.positions.push(row.position.get());
    }

    pub(super) fn encode(&self, batch: BatchNumber) -> Block {
        let mut block = Block::new(11, self.len());
        self.history.encode(batch, "properties", &mut block);
        block.coded("type", &self.types);
        block.coded("name", &self.names);
        block.i64s("position", &self.positions);
        block
    }
}

impl TraitColumns {
    pub(super) fn len(&self) -> usize {
        self.history.users.len()
    }

    /// The time of the latest row, in milliseconds.
    pub(super) fn latest(&self) -> Option<i64> {
        self.history.times.iter().copied().max()
    }

    pub(super) fn bytes(&self) -> usize {
        self.history.bytes()
    }

    pub(super) fn push<P: AsRef<str>, V: AsRef<str>>(
        &mut self,
        row: &TraitRow<'_>,
        traits: &[(P, V)],
        counts: &mut PathCounts,
    ) {
        self.history
            .push_times(row.user.0, row.identity.0, row.time.millis(), row.arrival);
        self.history.sources.push(row.source);
        self.history.messages.push(row.message);
        self.history.push_pairs(traits, counts);
    }

    pub(super) fn encode(&self, batch: BatchNumber) -> Block {
        let mut block = Block::new(8, self.len());
        self.history.encode(batch, "traits", &mut block);
        block
    }
}

impl HistoryColumns {
    fn bytes(&self) -> usize {
        self.users.len() * 60 + self.pairs.bytes()
    }

    fn push_times(&mut self, user: u32, identity: u32, time: i64, arrival: u64) {
        self.users.push(user);
        self.identities.push(identity);
        self.times.push(time);
        self.arrivals.push(arrival);
    }

    /// Adds the pairs of a row, and the canonical text of numbers that are written in an unusual way.
    fn push_pairs<P: AsRef<str>, V: AsRef<str>>(
        &mut self,
        pairs: &[(P, V)],
        counts: &mut PathCounts,
    ) {
        counts.begin_row();
        for (path, text) in pairs {
            let (path, text) = (path.as_ref(), text.as_ref());
            let (look, number) = statistics::look(text);
            let keys = &mut self.pairs.keys;
            let code = counts.add(path, look, || keys.code(path));
            self.pairs.push(code, text);
            if let Some(number) = number {
                let code = self.pairs.keys.code(&statistics::number_key(path));
                self.pairs.push(code, &number);
            }
        }
        self.pairs.end();
    }

    fn encode(&self, batch: BatchNumber, pairs: &str, block: &mut Block) {
        block.u32s("user", &self.users);
        block.times("time", &self.times);
        block.u64s("arrival", &self.arrivals);
        block.u32s("identity", &self.identities);
        block.coded("source", &self.sources);
        block.u128s("message", &self.messages);
        block.u64_everywhere("batch", batch.0);
        block.maps(pairs, &self.pairs);
    }
}
