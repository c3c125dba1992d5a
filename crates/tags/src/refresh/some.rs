//! The refresh of some users: their results replaced, all others as they were.

use std::sync::Arc;

use domain::{UserNumber, UserSet};
use features::{BLOCK_USERS, FeatureBlock};

use super::{Config, FeatureSource, Fresh};
use crate::Error;
use crate::block::BlockEvaluator;
use crate::circuit::{LINE_USERS, Line};
use crate::compile::TagProgram;
use crate::earlier::{Earlier, Given};
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
    if let Some((last, early)) = program.passes.split_last() {
        let serves_tags = |pass: &&Pass| pass.populations.is_empty();
        for pass in early.iter().filter(serves_tags) {
            let found = run(
                source,
                program,
                (pass, Slots::Own),
                &earlier,
                &numbers,
                config,
            )?;
            earlier.take(program, pass, &found.members, found.values);
        }
        found = run(
            source,
            program,
            (last, Slots::All),
            &earlier,
            &numbers,
            config,
        )?;
        let values = std::mem::take(&mut found.values);
        earlier.take(program, last, &[], values);
    }
    let mut values = earlier.take_values(program, &found.universe);
    for (key, values) in &mut values {
        if let Some(old) = before.values.get(key) {
            *values = MetricValues::replaced(old, users, values);
        }
    }
    let mut found_rows = found.rows.iter().peekable();
    let row = |user: &u32| {
        let found = found_rows.next_if(|(found, _)| found == user);
        (*user, found.map_or(&[][..], |(_, row)| row))
    };
    let rows: Vec<(u32, &[u8])> = numbers.iter().map(row).collect();
    let members = members_replaced(before, users, &numbers, &found.members);
    Ok(RunContent {
        run: before.run,
        now: program.now(),
        universe: replaced(&before.universe, users, &found.universe),
        slots: Arc::clone(&program.slots),
        values: values.into_iter().collect(),
        rows: before.rows.replaced(&rows, &members),
        members,
    })
}

/// All sets with some users as they were found. Sets that none of them was in, nor is, are not looked at, where rows tell
/// which those are.
fn members_replaced(
    before: &RunContent,
    users: &UserSet,
    numbers: &[u32],
    found: &[Arc<UserSet>],
) -> Vec<Arc<UserSet>> {
    let tells = before.rows.are_built();
    let mut had_some = vec![!tells; before.members.len()];
    for user in numbers.iter().filter(|_| tells) {
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

/// Whose members a pass is to find.
#[derive(Clone, Copy)]
enum Slots {
    /// Those of its own outputs.
    Own,
    /// Those of given tags, too.
    All,
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
    (pass, slots): (&Pass, Slots),
    earlier: &Earlier,
    users: &[u32],
    config: &Config,
) -> Result<Found, Error> {
    let nothing = Given::default();
    let given = match slots {
        Slots::Own => &nothing,
        Slots::All => &program.given,
    };
    let slots = pass.outputs.len() + given.members.len();
    let chunks: Vec<&[u32]> = users.chunks(BLOCK_USERS).collect();
    let fresh = Fresh::of(program, pass, earlier);
    let start = || BlockEvaluator::new(program, pass, earlier, Lanes::detect());
    let parts = in_parallel(config.threads, chunks.len(), start, |evaluator, part| {
        let users = chunks.get(part).copied().unwrap_or_default();
        let mut found = Part {
            known: Vec::new(),
            members: vec![Vec::new(); slots],
            values: Vec::new(),
            rows: Vec::new(),
        };
        let selection = Selection::List(users.to_vec());
        source.blocks(&pass.program, &fresh, &selection, &mut |block| {
            found.add(block, evaluator, given)
        })?;
        found.values = evaluator.take_metrics();
        Ok(found)
    })?;
    Ok(join(parts, slots, pass))
}

impl Part {
    fn add(&mut self, block: &FeatureBlock, evaluator: &mut BlockEvaluator<'_>, given: &Given) {
        let mut lines = Vec::new();
        evaluator.block(block, &mut lines);
        let slots = self.members.len();
        let lines = with_given(given, lines, &block.users, slots);
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

/// The lines of all slots, given those of the slots that are computed.
fn with_given(given: &Given, computed: Vec<Line>, users: &[u32], slots: usize) -> Vec<Line> {
    if given.is_empty() {
        return computed;
    }
    let mut computed = computed.into_iter();
    let mut lines = Vec::new();
    for users in users.chunks(LINE_USERS) {
        for slot in 0..slots {
            let line = match given.members.get(&slot) {
                Some(members) => line_of(members, users),
                None => computed.next().unwrap_or(Line::EMPTY),
            };
            lines.push(line);
        }
    }
    lines
}

fn line_of(members: &UserSet, users: &[u32]) -> Line {
    let mut line = Line::EMPTY;
    for (place, user) in users.iter().enumerate() {
        if members.contains(UserNumber(*user)) {
            line.insert(place);
        }
    }
    line
}

fn join(parts: Vec<Part>, slots: usize, pass: &Pass) -> Found {
    let mut found = Found::default();
    let mut members = vec![Vec::new(); slots];
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
