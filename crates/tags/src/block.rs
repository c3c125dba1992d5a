//! A block of users: from feature values to the members of every slot, line by line.

pub(crate) mod arithmetic;
pub(crate) mod classes;
pub(crate) mod column_tests;
pub(crate) mod columns;
pub(crate) mod computed;
pub(crate) mod numbers;
pub(crate) mod ranges;
pub(crate) mod ranks;

use domain::{UserNumber, UserSet};
use features::{FeatureBlock, FeatureColumn, evaluate};

use self::arithmetic::{Answer, Numbers, compared};
use self::columns::TestedColumn;
use self::computed::{BlockColumn, Computed, places};
use crate::circuit::{LINE_USERS, Line, Step};
use crate::compile::TagProgram;
use crate::compile::lower::Input;
use crate::compile::rewrite::ColumnId;
use crate::earlier::Earlier;
use crate::lanes::Lanes;
use crate::pass::{Metric, MetricSource, Pass};
use crate::scope::UserScope;
use crate::values::MetricBuilder;

/// The columns of a block.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub features: &'a [FeatureColumn],
    pub computed: &'a [Computed],
    pub given: &'a [FeatureColumn],
}

impl<'a> Columns<'a> {
    /// The column of that number.
    pub fn get(self, column: ColumnId) -> Option<BlockColumn<'a>> {
        match column {
            ColumnId::Feature(number) => {
                self.features.get(number as usize).map(BlockColumn::Feature)
            }
            ColumnId::Computed(number) => self
                .computed
                .get(number as usize)
                .map(BlockColumn::Computed),
            ColumnId::Given(number) => self.given.get(number as usize).map(BlockColumn::Feature),
        }
    }
}

/// Computes blocks of one pass, one after the other.
pub(crate) struct BlockEvaluator<'p> {
    program: &'p TagProgram,
    pass: &'p Pass,
    earlier: &'p Earlier,
    lanes: Lanes,
    tested: Vec<TestedColumn<'p>>,
    inputs: Vec<(Option<&'p UserSet>, u32)>,
    signals: Vec<Line>,
    computed: Vec<Computed>,
    /// For each condition the answers for the users of the block, where they were found all at
    /// once.
    answers: Vec<Option<Vec<Answer>>>,
    /// The places of the constants that each computed column is compared with.
    places: Vec<u8>,
    class_lines: Vec<Line>,
    metrics: Vec<MetricBuilder>,
}

impl<'p> BlockEvaluator<'p> {
    /// An evaluator of one pass of a program.
    pub fn new(
        program: &'p TagProgram,
        pass: &'p Pass,
        earlier: &'p Earlier,
        lanes: Lanes,
    ) -> Self {
        let mut signals = vec![Line::EMPTY; pass.circuit.signals as usize];
        if let Some(everyone) = signals.first_mut() {
            *everyone = Line::FULL;
        }
        let set = |input: &'p Input| match input {
            Input::List(list) => program.user_lists.get(list).map(AsRef::as_ref),
            Input::Slot(slot) => earlier.members.get(slot).map(AsRef::as_ref),
            Input::Population(number) => earlier.users_of_population(*number),
        };
        let tests_of = |number: usize| pass.tests.get(&ColumnId::Computed(number as u32));
        Self {
            program,
            pass,
            earlier,
            lanes,
            tested: pass
                .tests
                .iter()
                .map(|(id, tests)| TestedColumn::new(*id, tests, pass))
                .collect(),
            inputs: pass
                .inputs
                .iter()
                .map(|(input, signal)| (set(input), *signal))
                .collect(),
            signals,
            computed: pass.computed.iter().map(|_| Computed::default()).collect(),
            answers: Vec::new(),
            places: (0..pass.computed.len())
                .map(|number| tests_of(number).map_or(0, |tests| places(tests.all())))
                .collect(),
            class_lines: Vec::new(),
            metrics: pass
                .metrics
                .iter()
                .map(|_| MetricBuilder::default())
                .collect(),
        }
    }

    /// Takes the values of metric tags that were met, in the order of the pass's metrics.
    pub fn take_metrics(&mut self) -> Vec<MetricBuilder> {
        self.metrics.iter_mut().map(std::mem::take).collect()
    }

    /// Finds the members of every slot: for each line of 512 users of the block, in `lines`, the
    /// outputs of the pass in their order. Behind the last user nobody is in any.
    pub fn block(&mut self, block: &FeatureBlock, lines: &mut Vec<Line>) {
        let given = self.earlier.columns(&self.pass.given, &block.users);
        self.compute_columns(block, &given);
        let computed = std::mem::take(&mut self.computed);
        let columns = Columns {
            features: &block.columns,
            computed: &computed,
            given: &given,
        };
        for tested in &mut self.tested {
            tested.begin(columns.get(tested.id), block.len());
        }
        self.compare_columns(columns, block.len());
        lines.clear();
        for (line, users) in block.users.chunks(LINE_USERS).enumerate() {
            let known = Line::first(users.len());
            let place = Place {
                columns,
                line,
                users,
                known,
            };
            self.leaves(&place);
            self.steps(&place);
            self.lanes
                .outputs(&self.pass.outputs, &known, &self.signals, lines);
            self.keep_values(&place);
        }
        self.computed = computed;
    }

    /// Fills the columns that are computed, at once or user by user.
    fn compute_columns(&mut self, block: &FeatureBlock, given: &[FeatureColumn]) {
        let mut computed = std::mem::take(&mut self.computed);
        let columns = Columns {
            features: &block.columns,
            computed: &[],
            given,
        };
        for ((column, measure), places) in computed
            .iter_mut()
            .zip(&self.pass.computed)
            .zip(&self.places)
        {
            let ask = |place: usize| {
                let user = *block.users.get(place)?;
                evaluate::measure(measure, &self.scope(columns, place, user, None))
            };
            match Numbers::of(measure, columns, block.len()) {
                Some(numbers) => column.fill_numbers(numbers, *places, ask),
                None => column.fill((0..block.len()).map(ask), *places),
            }
        }
        self.computed = computed;
    }

    /// Finds the answers to conditions over several columns, where arithmetic gives them.
    fn compare_columns(&mut self, columns: Columns<'_>, users: usize) {
        let conditions = self.pass.conditions.iter();
        self.answers = conditions
            .map(|(condition, _)| compared(condition, columns, users))
            .collect();
    }

    fn scope<'a>(
        &'a self,
        columns: Columns<'a>,
        place: usize,
        user: u32,
        signals: Option<(&'a [Line], usize)>,
    ) -> UserScope<'a> {
        UserScope {
            pass: self.pass,
            user_lists: &self.program.user_lists,
            columns,
            place,
            user,
            signals,
            recorded: &self.earlier.values,
        }
    }

    /// The signals that need no others.
    fn leaves(&mut self, place: &Place<'_>) {
        for tested in &self.tested {
            tested.line(
                self.lanes,
                place.line,
                place.columns,
                &mut self.class_lines,
                &mut self.signals,
            );
        }
        for (set, signal) in &self.inputs {
            let line = set.map_or(Line::EMPTY, |set| place.members(set));
            write(&mut self.signals, *signal, line);
        }
        for ((condition, signal), answers) in self.pass.conditions.iter().zip(&self.answers) {
            let line = place.ask(|index, user| {
                let ask = || {
                    let scope = self.scope(place.columns, index, user, None);
                    evaluate::condition(condition, &scope)
                };
                match answers.as_ref().and_then(|answers| answers.get(index)) {
                    Some(Answer::Yes) => true,
                    Some(Answer::No) => false,
                    Some(Answer::Ask) | None => ask(),
                }
            });
            write(&mut self.signals, *signal, line);
        }
    }

    /// Gates, and between them the conditions that read tags.
    fn steps(&mut self, place: &Place<'_>) {
        let circuit = &self.pass.circuit;
        let mut steps = circuit.steps.as_slice();
        loop {
            let done = self
                .lanes
                .gates(steps, &circuit.operands, &mut self.signals);
            steps = steps.get(done..).unwrap_or_default();
            let Some((Step::Condition { condition, signal }, rest)) = steps.split_first() else {
                return;
            };
            if let Some(condition) = self.pass.late.get(*condition as usize) {
                let line = place.ask(|index, user| {
                    let signals = Some((self.signals.as_slice(), index % LINE_USERS));
                    evaluate::condition(condition, &self.scope(place.columns, index, user, signals))
                });
                write(&mut self.signals, *signal, line);
            }
            steps = rest;
        }
    }

    /// Keeps the values of metric tags.
    fn keep_values(&mut self, place: &Place<'_>) {
        let mut builders = std::mem::take(&mut self.metrics);
        for (metric, builder) in self.pass.metrics.iter().zip(&mut builders) {
            let members = metric.has.read(&self.signals).and(place.known);
            self.keep_values_of(metric, members, place, builder);
        }
        self.metrics = builders;
    }

    fn keep_values_of(
        &self,
        metric: &Metric,
        members: Line,
        place: &Place<'_>,
        into: &mut MetricBuilder,
    ) {
        let sources = metric.sources.iter();
        let sources: Vec<(&MetricSource, Line)> = sources
            .map(|(source, users)| (source, users.read(&self.signals)))
            .collect();
        for index in members.users() {
            let source = sources.iter().find(|(_, users)| users.contains(index));
            let (Some((source, _)), Some(user)) = (source, place.users.get(index)) else {
                continue;
            };
            let in_block = place.line * LINE_USERS + index;
            match source {
                MetricSource::Constant(value) => {
                    value
                        .iter()
                        .for_each(|value| into.push(*user, value.clone()));
                }
                MetricSource::Column(column) => {
                    if let Some(column) = place.columns.get(*column) {
                        into.push_of(*user, column, in_block);
                    }
                }
                MetricSource::Measure(measure) => {
                    let signals = Some((self.signals.as_slice(), index));
                    let scope = self.scope(place.columns, in_block, *user, signals);
                    if let Some(value) = evaluate::measure(measure, &scope) {
                        into.push(*user, value);
                    }
                }
            }
        }
    }
}

fn write(signals: &mut [Line], signal: u32, line: Line) {
    if let Some(entry) = signals.get_mut(signal as usize) {
        *entry = line;
    }
}

/// Users who are spread over more than so many numbers each are looked up one by one.
const MOST_SPREAD: usize = 16;

/// One line of a block.
struct Place<'a> {
    columns: Columns<'a>,
    /// The number of the line.
    line: usize,
    users: &'a [u32],
    /// The bits that stand for users.
    known: Line,
}

impl Place<'_> {
    /// The users of the line who are in a set.
    fn members(&self, set: &UserSet) -> Line {
        let mut line = Line::EMPTY;
        let (Some(first), Some(last)) = (self.users.first(), self.users.last()) else {
            return line;
        };
        let are_near = (last - first) as usize / MOST_SPREAD < self.users.len();
        if are_near {
            let mut numbers = self.users.iter().enumerate().peekable();
            let last_member = Some(UserNumber(*last)).filter(|last| set.contains(*last));
            for member in set.range(*first..*last).chain(last_member) {
                while numbers.next_if(|(_, user)| **user < member.0).is_some() {}
                if let Some((index, _)) = numbers.next_if(|(_, user)| **user == member.0) {
                    line.insert(index);
                }
            }
        } else {
            for (index, user) in self.users.iter().enumerate() {
                if set.contains(UserNumber(*user)) {
                    line.insert(index);
                }
            }
        }
        line
    }

    /// The users for whom a question, put with their place in the block, is answered yes.
    fn ask(&self, holds: impl Fn(usize, u32) -> bool) -> Line {
        let mut line = Line::EMPTY;
        for index in self.known.users() {
            if let Some(user) = self.users.get(index)
                && holds(self.line * LINE_USERS + index, *user)
            {
                line.insert(index);
            }
        }
        line
    }
}
