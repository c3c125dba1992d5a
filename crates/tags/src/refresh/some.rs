//! The refresh of some users: their results replaced, all others as they were.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{UserNumber, UserSet};
use features::{BLOCK_USERS, FeatureBlock};

use super::{Config, FeatureSource, Fresh};
use crate::Error;
use crate::block::BlockEvaluator;
use crate::circuit::{LINE_USERS, Line};
use crate::compile::TagProgram;
use crate::earlier::Earlier;
use crate::lanes::Lanes;
use crate::parallel::in_parallel;
use crate::pass::Pass;
use crate::ports::Selection;
use crate::results::RunContent;
use crate::rows::{ROW_BLOCK_USERS, RowEncoder};
use crate::values::{MetricBuilder, MetricValues};

/// Computes all tags of some users and puts them in the place of their results before. What is
/// known among all users is as it was.
pub(super) fn compute(
    source: &dyn FeatureSource,
    program: &TagProgram,
    users: &UserSet,
    (before, mut earlier): (&RunContent, Earlier),
    config: &Config,
) -> Result<RunContent, Error> {
    let extent = source.extent()?;
    let numbers: Vec<u32> = users.range(0..extent).map(u32::from).collect();
    let mut found = Found::default();
    let serves_tags = |pass: &&Pass| pass.populations.is_empty();
    for pass in program.passes.iter().filter(serves_tags) {
        found = run(source, program, pass, &earlier, &numbers, config)?;
        let values = std::mem::take(&mut found.values);
        earlier.take(program, pass, &found.members, values);
    }
    let mut values = BTreeMap::new();
    for (tag, new) in &earlier.values {
        let Some(key) = program.metrics.get(tag) else {
            continue;
        };
        let old = before.values.get(key).map(|old| old.replaced(users, new));
        values.insert(key.clone(), old.map_or_else(|| Arc::clone(new), Arc::new));
    }
    let mut found_rows = found.rows.iter().peekable();
    let row = |user: &u32| {
        let found = found_rows.next_if(|(found, _)| found == user);
        (*user, found.map_or(&[][..], |(_, row)| row))
    };
    let rows: Vec<(u32, &[u8])> = numbers.iter().map(row).collect();
    Ok(RunContent {
        run: before.run,
        now: program.now(),
        universe: replaced(&before.universe, users, &found.universe),
        slots: Arc::clone(&program.slots),
        members: members_replaced(before, users, &numbers, &found.members),
        values,
        rows: before.rows.replaced(&rows),
    })
}

/// All sets with some users as they were found. Sets that none of them was in, nor is, are not looked at.
fn members_replaced(
    before: &RunContent,
    users: &UserSet,
    numbers: &[u32],
    found: &[Arc<UserSet>],
) -> Vec<Arc<UserSet>> {
    let mut had_some = vec![false; before.members.len()];
    for user in numbers {
        for slot in before.rows.slots(UserNumber(*user)) {
            if let Some(had_some) = had_some.get_mut(slot as usize) {
                *had_some = true;
            }
        }
    }
    let sets = before.members.iter().zip(found).zip(had_some);
    sets.map(|((old, new), had_some)| match had_some || !new.is_empty() {
        true => replaced(old, users, new),
        false => Arc::clone(old),
    })
    .collect()
}

/// A set with some users as they are in another.
fn replaced(old: &Arc<UserSet>, users: &UserSet, new: &UserSet) -> Arc<UserSet> {
    if old.and(users) == *new {
        return Arc::clone(old);
    }
    Arc::new(old.minus(users).or(new))
}

/// What a pass finds.
#[derive(Default)]
struct Found {
    universe: UserSet,
    members: Vec<Arc<UserSet>>,
    values: Vec<Arc<MetricValues>>,
    /// The known users, ascending, and their packed rows.
    rows: Vec<(u32, Vec<u8>)>,
}

/// What a pass finds of a few users.
struct Part {
    known: Vec<u32>,
    members: Vec<Vec<u32>>,
    values: Vec<MetricBuilder>,
    rows: Vec<(u32, Vec<u8>)>,
}

fn run(
    source: &dyn FeatureSource,
    program: &TagProgram,
    pass: &Pass,
    earlier: &Earlier,
    users: &[u32],
    config: &Config,
) -> Result<Found, Error> {
    let chunks: Vec<&[u32]> = users.chunks(BLOCK_USERS).collect();
    let fresh = Fresh::of(program, pass, earlier);
    let start = || BlockEvaluator::new(program, pass, earlier, Lanes::detect());
    let parts = in_parallel(config.threads, chunks.len(), start, |evaluator, part| {
        let users = chunks.get(part).copied().unwrap_or_default();
        let mut found = Part {
            known: Vec::new(),
            members: vec![Vec::new(); pass.outputs.len()],
            values: Vec::new(),
            rows: Vec::new(),
        };
        let selection = Selection::List(users.to_vec());
        source.blocks(&pass.program, &fresh, &selection, &mut |block| {
            found.add(block, evaluator)
        })?;
        found.values = evaluator.take_metrics();
        Ok(found)
    })?;
    Ok(join(parts, pass))
}

impl Part {
    fn add(&mut self, block: &FeatureBlock, evaluator: &mut BlockEvaluator<'_>) {
        let mut lines = Vec::new();
        evaluator.block(block, &mut lines);
        let slots = self.members.len();
        let mut rows = RowEncoder::new(Lanes::detect());
        for (line, users) in block.users.chunks(LINE_USERS).enumerate() {
            let lines = lines
                .get(line * slots..(line + 1) * slots)
                .unwrap_or_default();
            let numbers = |bits: Line| bits.users().filter_map(|place| users.get(place).copied());
            self.known.extend(users);
            for (members, bits) in self.members.iter_mut().zip(lines) {
                members.extend(numbers(*bits));
            }
            rows.line(lines, users);
        }
        for (number, rows) in rows.take() {
            let of_block = |user: &&u32| **user / ROW_BLOCK_USERS == number;
            let first = block
                .users
                .partition_point(|user| user / ROW_BLOCK_USERS < number);
            for user in block.users.iter().skip(first).take_while(of_block) {
                let row = rows.row((user % ROW_BLOCK_USERS) as usize);
                self.rows.push((*user, row.unwrap_or_default().to_vec()));
            }
        }
    }
}

fn join(parts: Vec<Part>, pass: &Pass) -> Found {
    let mut found = Found::default();
    let mut members = vec![Vec::new(); pass.outputs.len()];
    let mut values: Vec<MetricBuilder> = vec![MetricBuilder::default(); pass.metrics.len()];
    for part in parts {
        found
            .universe
            .extend(part.known.into_iter().map(UserNumber));
        members
            .iter_mut()
            .zip(part.members)
            .for_each(|(all, part)| all.extend(part));
        values
            .iter_mut()
            .zip(part.values)
            .for_each(|(all, part)| all.append(part));
        found.rows.extend(part.rows);
    }
    let set = |numbers: Vec<u32>| Arc::new(numbers.into_iter().collect::<UserSet>());
    found.members = members.into_iter().map(set).collect();
    found.values = values
        .into_iter()
        .map(|values| Arc::new(values.finish()))
        .collect();
    found
}
