//! Where feature values come from: folded out of histories, or given.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Time;
use features::{BLOCK_USERS, FeatureBlock, HistoryBlock, Program};

use super::{Config, FeatureSource, Fresh};
use crate::Error;
use crate::ports::{Histories, Selection};

/// Feature values folded out of histories.
pub(super) struct FoldedHistories<'a> {
    histories: &'a dyn Histories,
    config: &'a Config,
    /// What was read and folded, to be read into again.
    spent: Mutex<Vec<HistoryBlock>>,
}

impl<'a> FoldedHistories<'a> {
    pub fn new(histories: &'a dyn Histories, config: &'a Config) -> Self {
        Self {
            histories,
            config,
            spent: Mutex::default(),
        }
    }

    fn spent(&self) -> MutexGuard<'_, Vec<HistoryBlock>> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fold(
        &self,
        program: &Program,
        fresh: &Fresh,
        users: &Selection,
        each: &mut dyn FnMut(&FeatureBlock),
    ) -> Result<(), Error> {
        let mut history = self.spent().pop().unwrap_or_default();
        self.histories
            .read_into(users, program.wanted(), program.now(), &mut history)
            .map_err(|source| Error::Histories { source })?;
        fresh.add_to(&mut history, program.now());
        program.fold(&history, &mut |block| each(&block));
        self.spent().push(history);
        Ok(())
    }
}

impl FeatureSource for FoldedHistories<'_> {
    fn extent(&self) -> Result<u32, Error> {
        self.histories
            .extent()
            .map_err(|source| Error::Histories { source })
    }

    fn blocks(
        &self,
        program: &Program,
        fresh: &Fresh,
        users: &Selection,
        each: &mut dyn FnMut(&FeatureBlock),
    ) -> Result<(), Error> {
        let at_once = self
            .config
            .users_per_read
            .max(1)
            .next_multiple_of(BLOCK_USERS as u32);
        match users {
            Selection::Range(range) => {
                let mut start = range.start;
                while start < range.end {
                    let end = start.saturating_add(at_once).min(range.end);
                    self.fold(program, fresh, &Selection::Range(start..end), each)?;
                    start = end;
                }
            }
            Selection::List(users) => {
                for users in users.chunks(at_once as usize) {
                    self.fold(program, fresh, &Selection::List(users.to_vec()), each)?;
                }
            }
        }
        Ok(())
    }
}

/// Feature values that are there already, for measurements and tests.
#[derive(Clone, Debug)]
pub struct GivenFeatures {
    /// The instant that the values belong to.
    pub now: Time,
    /// Blocks of known users, in ascending order.
    pub blocks: Vec<FeatureBlock>,
}

impl FeatureSource for GivenFeatures {
    fn extent(&self) -> Result<u32, Error> {
        let last = self
            .blocks
            .iter()
            .filter_map(|block| block.users.last())
            .max();
        Ok(last.map_or(0, |last| last + 1))
    }

    fn blocks(
        &self,
        _program: &Program,
        _fresh: &Fresh,
        users: &Selection,
        each: &mut dyn FnMut(&FeatureBlock),
    ) -> Result<(), Error> {
        let wanted = |user: &u32| match users {
            Selection::Range(range) => range.contains(user),
            Selection::List(list) => list.binary_search(user).is_ok(),
        };
        for block in self.blocks.iter().filter(|block| overlaps(block, users)) {
            if block.users.iter().all(wanted) {
                each(block);
            } else {
                each(&part(block, &wanted));
            }
        }
        Ok(())
    }
}

/// Whether a block may have users of a selection.
fn overlaps(block: &FeatureBlock, users: &Selection) -> bool {
    let (Some(first), Some(last)) = (block.users.first(), block.users.last()) else {
        return false;
    };
    match users {
        Selection::Range(range) => *first < range.end && range.start <= *last,
        Selection::List(list) => list
            .get(list.partition_point(|user| user < first))
            .is_some_and(|user| user <= last),
    }
}

/// The part of a block that belongs to the users wanted.
fn part(block: &FeatureBlock, wanted: &dyn Fn(&u32) -> bool) -> FeatureBlock {
    use features::FeatureColumn as Column;
    let places: Vec<usize> = block
        .users
        .iter()
        .enumerate()
        .filter(|(_, user)| wanted(user))
        .map(|(place, _)| place)
        .collect();
    fn picked<T: Clone>(values: &[T], places: &[usize]) -> Vec<T> {
        places
            .iter()
            .filter_map(|place| values.get(*place).cloned())
            .collect()
    }
    let narrowed = |wide: &std::collections::BTreeMap<u32, domain::Value>| {
        let value =
            |(new, old): (usize, &usize)| Some((new as u32, wide.get(&(*old as u32))?.clone()));
        places.iter().enumerate().filter_map(value).collect()
    };
    let column = |column: &Column| match column {
        Column::Number {
            scale,
            meaning,
            mantissas,
            wide,
        } => Column::Number {
            scale: *scale,
            meaning: *meaning,
            mantissas: picked(mantissas, &places),
            wide: narrowed(wide),
        },
        Column::Ratio {
            scale,
            sum_scale,
            sums,
            counts,
            halves,
            wide,
        } => Column::Ratio {
            scale: *scale,
            sum_scale: *sum_scale,
            sums: picked(sums, &places),
            counts: picked(counts, &places),
            halves: picked(halves, &places),
            wide: narrowed(wide),
        },
        Column::Text { codes, texts } => Column::Text {
            codes: picked(codes, &places),
            texts: texts.clone(),
        },
        Column::Any(values) => Column::Any(picked(values, &places)),
    };
    FeatureBlock {
        users: picked(&block.users, &places),
        columns: block.columns.iter().map(column).collect(),
    }
}
