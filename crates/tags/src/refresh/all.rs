//! The refresh of all users: ranges of users over all threads, whole containers out of each.

use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::UserSet;
use features::{BLOCK_USERS, FeatureBlock};

use super::{Config, FeatureSource, Fresh};
use crate::Error;
use crate::block::BlockEvaluator;
use crate::circuit::{LINE_USERS, Line};
use crate::compile::TagProgram;
use crate::containers::{CONTAINER_USERS, Cells, Piece, join};
use crate::earlier::Earlier;
use crate::lanes::Lanes;
use crate::parallel::in_parallel;
use crate::pass::Pass;
use crate::places::Places;
use crate::population::Populations;
use crate::ports::Selection;
use crate::results::RunContent;
use crate::rows::{RowBlock, RowBlocks, RowEncoder, UserRows};
use crate::values::{MetricBuilder, MetricValues};

/// Computes all tags of all users. What is as it was in the run before, of the same slots, is shared with it.
pub(super) fn compute(
    source: &dyn FeatureSource,
    program: &TagProgram,
    before: Option<&RunContent>,
    config: &Config,
) -> Result<(RunContent, Populations), Error> {
    let mut earlier = Earlier::given_by(program);
    let mut found = Found::default();
    if let Some((last, early)) = program.passes.split_last() {
        earlier = self::early(source, program, early, config)?;
        found = walk(
            source,
            program,
            (last, Kind::Last(before)),
            &earlier,
            config,
        )?;
        let values = std::mem::take(&mut found.values);
        earlier.take(program, last, &[], values);
    }
    let values = earlier.take_values(program, &found.universe);
    let mut members = found.members;
    let rows = if program.given.is_empty() {
        UserRows::of_blocks(found.rows)
    } else {
        members = program.given.beside(members, &found.universe, before);
        UserRows::of_members(&members)
    };
    let content = RunContent {
        run: before.map_or(0, |before| before.run) + 1,
        now: program.now(),
        universe: found.universe,
        slots: Arc::clone(&program.slots),
        members,
        values: values.into_iter().collect(),
        rows,
    };
    Ok((content, earlier.into_populations(program)))
}

/// What is given, and what passes before the last find of all users.
pub(super) fn early(
    source: &dyn FeatureSource,
    program: &TagProgram,
    passes: &[Pass],
    config: &Config,
) -> Result<Earlier, Error> {
    let mut earlier = Earlier::given_by(program);
    for pass in passes {
        let found = walk(source, program, (pass, Kind::Early), &earlier, config)?;
        earlier.take(program, pass, &found.members, found.values);
    }
    Ok(earlier)
}

fn walk(
    source: &dyn FeatureSource,
    program: &TagProgram,
    (pass, kind): (&Pass, Kind<'_>),
    earlier: &Earlier,
    config: &Config,
) -> Result<Found, Error> {
    let runner = PassRunner {
        source,
        program,
        pass,
        fresh: Fresh::of(program, pass, earlier),
        earlier,
        config,
        kind,
    };
    runner.run(source.extent()?)
}

/// What is wanted of a pass.
#[derive(Clone, Copy)]
enum Kind<'a> {
    /// Only members and values.
    Early,
    /// The rows of users too, where no slots are given; what they were before.
    Last(Option<&'a RunContent>),
}

/// What a pass finds.
#[derive(Default)]
struct Found {
    universe: Arc<UserSet>,
    /// In the order of the pass's outputs.
    members: Vec<Arc<UserSet>>,
    /// In the order of the pass's metrics.
    values: Vec<Arc<MetricValues>>,
    rows: RowBlocks,
}

/// What a pass finds in one range of users.
struct Part {
    first_user: u32,
    /// The members of each output, then the known users.
    members: Vec<Piece>,
    values: Vec<MetricBuilder>,
    rows: Vec<(u32, Arc<RowBlock>)>,
}

/// One pass over all users.
struct PassRunner<'a> {
    source: &'a dyn FeatureSource,
    program: &'a TagProgram,
    pass: &'a Pass,
    earlier: &'a Earlier,
    fresh: Fresh,
    config: &'a Config,
    kind: Kind<'a>,
}

impl<'a> PassRunner<'a> {
    /// Whether it makes rows: it does not where it finds only some of the slots.
    fn encodes_rows(&self) -> bool {
        matches!(self.kind, Kind::Last(_)) && self.program.given.is_empty()
    }

    /// The results before.
    fn before(&self) -> Option<&'a RunContent> {
        match self.kind {
            Kind::Early => None,
            Kind::Last(before) => before,
        }
    }

    /// The members of an output before; of the one behind the last output, the known users.
    fn members_before(&self, output: usize) -> Option<&'a Arc<UserSet>> {
        let before = self.before()?;
        match self.pass.outputs.get(output) {
            Some(output) => before.members.get(output.slot),
            None => Some(&before.universe),
        }
    }

    fn run(&self, extent: u32) -> Result<Found, Error> {
        let size = part_users(extent, self.config.threads);
        let count = extent.div_ceil(size) as usize;
        let parts = in_parallel(
            self.config.threads,
            count,
            || Worker::new(self),
            |worker, part| {
                let start = part as u32 * size;
                worker.part(start..start.saturating_add(size).min(extent))
            },
        )?;
        Ok(self.join(parts))
    }

    /// Puts the parts together.
    fn join(&self, parts: Vec<Part>) -> Found {
        let mut found = Found::default();
        let mut values: Vec<MetricBuilder> =
            vec![MetricBuilder::default(); self.pass.metrics.len()];
        let mut members: Vec<Vec<(u32, Piece)>> = Vec::new();
        members.resize_with(self.pass.outputs.len() + 1, Vec::new);
        for part in parts {
            values
                .iter_mut()
                .zip(part.values)
                .for_each(|(values, later)| values.append(later));
            part.rows
                .into_iter()
                .for_each(|(number, rows)| drop(found.rows.insert(number, rows)));
            members
                .iter_mut()
                .zip(part.members)
                .for_each(|(members, piece)| members.push((part.first_user, piece)));
        }
        found.values = values
            .into_iter()
            .map(|values| Arc::new(values.finish()))
            .collect();
        let members = members.iter_mut().enumerate();
        found.members = members
            .map(|(output, pieces)| join(self.members_before(output), pieces))
            .collect();
        found.universe = found.members.pop().unwrap_or_default();
        found
    }
}

/// How many users a part has: a whole container where there are enough for all threads.
fn part_users(extent: u32, threads: NonZeroUsize) -> u32 {
    let threads = u32::try_from(threads.get()).unwrap_or(u32::MAX);
    let share = extent / threads.saturating_mul(4);
    share
        .next_power_of_two()
        .clamp(BLOCK_USERS as u32, CONTAINER_USERS)
}

/// One thread's work.
struct Worker<'a> {
    runner: &'a PassRunner<'a>,
    evaluator: BlockEvaluator<'a>,
    cells: Cells,
    rows: RowEncoder,
    lines: Vec<Line>,
}

impl<'a> Worker<'a> {
    fn new(runner: &'a PassRunner<'a>) -> Self {
        let lanes = Lanes::detect();
        Self {
            runner,
            evaluator: BlockEvaluator::new(runner.program, runner.pass, runner.earlier, lanes),
            cells: Cells::new(runner.pass.outputs.len() + 1, lanes),
            rows: RowEncoder::new(lanes),
            lines: Vec::new(),
        }
    }

    fn part(&mut self, users: std::ops::Range<u32>) -> Result<Part, Error> {
        let selection = Selection::Range(users.clone());
        let (source, program) = (self.runner.source, &self.runner.pass.program);
        let fresh = &self.runner.fresh;
        source.blocks(program, fresh, &selection, &mut |block| self.block(block))?;
        let runner = self.runner;
        let shared = |(number, rows): (u32, RowBlock)| match runner.before() {
            Some(before) => (number, before.rows.shared(number, rows)),
            None => (number, Arc::new(rows)),
        };
        Ok(Part {
            first_user: users.start,
            members: self.cells.take(users.start, |output| {
                runner.members_before(output).map(AsRef::as_ref)
            }),
            values: self.evaluator.take_metrics(),
            rows: self.rows.take().into_iter().map(shared).collect(),
        })
    }

    fn block(&mut self, block: &FeatureBlock) {
        self.evaluator.block(block, &mut self.lines);
        let slots = self.runner.pass.outputs.len();
        let users = || block.users.chunks(LINE_USERS);
        let places: Vec<Places> = users().map(Places::of).collect();
        for slot in 0..slots {
            let lines = self.lines.iter().skip(slot).step_by(slots);
            self.cells.append(slot, places.iter().zip(lines));
        }
        let known: Vec<Line> = users().map(|users| Line::first(users.len())).collect();
        self.cells.append(slots, places.iter().zip(&known));
        if self.runner.encodes_rows() && slots > 0 {
            for (lines, users) in self.lines.chunks(slots).zip(users()) {
                self.rows.line(lines, users);
            }
        }
    }
}
