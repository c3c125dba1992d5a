//! Rows of single holdings, gathered: each user becomes one row with all that is held.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use domain::{HOLDINGS, Position, Stored, Time, Value, stored};

use super::batch::{ProfileRows, RejectedRow, RowBatch};
use super::reader::{Failure, RowReader};

/// Rows are taken from their reader so many at a time.
const ROWS_AT_ONCE: u64 = 100_000;

/// Holdings by user and time, in the order in which these first appear. A file that breaks off
/// gives none at all: half of what is held would be wrong.
pub(crate) struct HoldingRows {
    reader: Box<dyn RowReader>,
    /// None until the whole file was read.
    holders: Option<std::vec::IntoIter<Holder>>,
    rejected: Vec<RejectedRow>,
    batch: RowBatch,
}

/// What one user holds from a time on.
struct Holder {
    /// Of its first row.
    position: u64,
    user: Arc<str>,
    time: Time,
    holdings: Vec<Value>,
}

impl HoldingRows {
    /// Gathers what a reader of profiles reads: members of holdings in the place of attributes.
    pub(crate) fn of(reader: Box<dyn RowReader>) -> Self {
        Self {
            reader,
            holders: None,
            rejected: Vec::new(),
            batch: RowBatch::default(),
        }
    }

    fn next_holder(&mut self) -> Result<Option<Holder>, Failure> {
        let holders = match &mut self.holders {
            Some(holders) => holders,
            None => {
                let gathered = self.gather()?;
                self.holders.insert(gathered.into_iter())
            }
        };
        Ok(holders.next())
    }

    fn gather(&mut self) -> Result<Vec<Holder>, Failure> {
        let mut holders = Holders::default();
        let mut is_read = false;
        while !is_read {
            for _ in 0..ROWS_AT_ONCE {
                is_read = self.reader.next()?.is_none();
                if is_read {
                    break;
                }
            }
            let batch = self.reader.take();
            self.rejected.extend(batch.rejected);
            holders.add(&batch.profiles);
        }
        Ok(holders.all)
    }
}

/// Holders by user and time.
#[derive(Default)]
struct Holders {
    all: Vec<Holder>,
    places: HashMap<(Arc<str>, Time), usize, foldhash::fast::RandomState>,
}

impl Holders {
    fn add(&mut self, rows: &ProfileRows) {
        let keys = rows.users.iter().zip(&rows.times).zip(&rows.positions);
        for (row, ((user, time), position)) in keys.enumerate() {
            let user: Arc<str> = Arc::from(user);
            let place = match self.places.entry((Arc::clone(&user), *time)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    self.all.push(Holder {
                        position: *position,
                        user,
                        time: *time,
                        holdings: Vec::new(),
                    });
                    *new.insert(self.all.len() - 1)
                }
            };
            if let (Some(holder), Some(holding)) = (self.all.get_mut(place), holding(rows, row)) {
                holder.holdings.push(holding);
            }
        }
    }
}

/// The members of a row; nothing of one that names only its user.
fn holding(rows: &ProfileRows, row: usize) -> Option<Value> {
    let paths = rows.attributes.paths();
    let members = rows.attributes.row(row).filter_map(|(path, text)| {
        let Stored::Value(value) = stored::decode(text) else {
            return None;
        };
        Some((Arc::from(paths.get(path as usize)), value))
    });
    let members: std::collections::BTreeMap<Arc<str>, Value> = members.collect();
    (!members.is_empty()).then(|| Value::Object(Arc::new(members)))
}

impl RowReader for HoldingRows {
    fn next(&mut self) -> Result<Option<usize>, Failure> {
        let Some(holder) = self.next_holder()? else {
            return Ok(None);
        };
        let held: Value = holder.holdings.into_iter().collect();
        let rows = &mut self.batch.profiles;
        let mut bytes = holder.user.len();
        for (path, text) in stored::encode(HOLDINGS, &held) {
            bytes += text.len();
            let key = rows.attributes.key(&path);
            rows.attributes.push(key, &text);
        }
        rows.attributes.end_row();
        rows.positions.push(holder.position);
        rows.users.push(&holder.user);
        rows.times.push(holder.time);
        rows.message_ids.push("");
        rows.places.push(Position::NONE);
        Ok(Some(bytes))
    }

    fn pass_over(&mut self) -> Result<bool, Failure> {
        Ok(self.next_holder()?.is_some())
    }

    fn take(&mut self) -> RowBatch {
        let mut batch = self.batch.take();
        batch.rejected = std::mem::take(&mut self.rejected);
        batch
    }

    fn place(&self) -> String {
        self.reader.place()
    }
}
