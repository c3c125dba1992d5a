//! A column and all that is asked of it.

use domain::Value;
use features::{FeatureColumn, evaluate};

use super::Columns;
use super::classes::{BlockClasses, Classes};
use super::column_tests::ColumnTests;
use super::computed::{BlockColumn, Computed, places};
use super::ranks::NO_RANK;
use crate::circuit::{LINE_USERS, Line};
use crate::compile::rewrite::ColumnId;
use crate::lanes::{Into, Lanes};
use crate::pass::Pass;
use crate::scope::ValueScope;

/// A column with its tests, and what is known of its values in the forms that it has had so far.
pub(crate) struct TestedColumn<'p> {
    pub id: ColumnId,
    tests: &'p ColumnTests,
    pass: &'p Pass,
    forms: Vec<Classes<'p>>,
    /// The form of this block.
    current: Option<usize>,
    /// The numbers of a column whose values come one by one, to as many places as the tests have.
    numbered: Option<Computed>,
    places: u8,
    classes: BlockClasses,
    /// The answers for users whose value is not among the numbers: user, signal.
    exceptions: Vec<(u32, u32)>,
}

impl<'p> TestedColumn<'p> {
    /// A column of a pass.
    pub fn new(id: ColumnId, tests: &'p ColumnTests, pass: &'p Pass) -> Self {
        Self {
            id,
            tests,
            pass,
            forms: Vec::new(),
            current: None,
            numbered: None,
            places: places(tests.all()),
            classes: BlockClasses::default(),
            exceptions: Vec::new(),
        }
    }

    /// Prepares for the lines of a block.
    pub fn begin(&mut self, column: Option<BlockColumn<'_>>, users: usize) {
        self.exceptions.clear();
        self.number(column);
        let numbered = self.numbered.as_ref().map(BlockColumn::Computed);
        let Some(column) = numbered.or(column) else {
            return;
        };
        let form = column.numbers().map(|(form, _)| form);
        let known = self.forms.iter().position(|known| known.plan.form == form);
        let current = known.unwrap_or_else(|| {
            let plan = self.tests.plan(form, &scope(self.pass));
            self.forms
                .push(Classes::new(plan, self.tests.all(), scope(self.pass)));
            self.forms.len() - 1
        });
        self.current = Some(current);
        if let Some(values) = self.forms.get_mut(current)
            && !values.plan.by_value.is_empty()
        {
            match column {
                BlockColumn::Feature(FeatureColumn::Text { codes, texts }) => {
                    values.of_codes(codes, texts, &mut self.classes);
                }
                _ => {
                    let of_users = (0..users).map(|user| column.value(user));
                    values.of_values(of_users, &mut self.classes);
                }
            }
        }
        if form.is_some() {
            self.except(column.others());
        }
    }

    /// Makes numbers of values that come one by one.
    fn number(&mut self, column: Option<BlockColumn<'_>>) {
        let values = match column {
            Some(BlockColumn::Feature(FeatureColumn::Any(values))) => values.as_slice(),
            _ => &[],
        };
        self.numbered = match values.iter().flatten().next() {
            Some(Value::Number(_) | Value::Time(_)) => {
                let mut numbered = self.numbered.take().unwrap_or_default();
                numbered.fill(values.iter().cloned(), self.places);
                Some(numbered)
            }
            _ => None,
        };
    }

    /// Answers for the users whose value is not among the numbers.
    fn except(&mut self, others: Vec<(u32, Value)>) {
        for (user, value) in others {
            let scope = ValueScope {
                value: Some(value),
                ..scope(self.pass)
            };
            let passed = self
                .tests
                .all()
                .iter()
                .filter(|(test, _)| evaluate::condition(test, &scope));
            self.exceptions
                .extend(passed.map(|(_, signal)| (user, *signal)));
        }
    }

    /// Sets the signals of the tests for one line.
    pub fn line(
        &self,
        lanes: Lanes,
        line: usize,
        columns: Columns<'_>,
        class_lines: &mut Vec<Line>,
        signals: &mut [Line],
    ) {
        let Some(values) = self.current.and_then(|current| self.forms.get(current)) else {
            return;
        };
        let plan = &values.plan.numbers;
        for signal in &plan.never {
            if let Some(line) = signals.get_mut(*signal as usize) {
                *line = Line::EMPTY;
            }
        }
        if !values.plan.by_value.is_empty() {
            values.line(&self.classes, line, class_lines, signals);
        }
        if plan.chunks.is_empty() {
            return;
        }
        let numbered = self.numbered.as_ref().map(BlockColumn::Computed);
        let column = numbered.or_else(|| columns.get(self.id));
        let numbers = column.and_then(BlockColumn::numbers);
        let numbers = numbers.map(|(_, numbers)| numbers).unwrap_or_default();
        let numbers = numbers.chunks(LINE_USERS).nth(line).unwrap_or_default();
        let (mut ranks, mut codes) = ([NO_RANK; LINE_USERS], [0; LINE_USERS]);
        lanes.ranks(&plan.ranks, numbers, &mut ranks);
        for chunk in &plan.chunks {
            lanes.codes(&ranks, chunk.start, &mut codes);
            lanes.select(&chunk.set, &codes, Into::Set, signals);
            lanes.select(&chunk.add, &codes, Into::Add, signals);
        }
        let users = line * LINE_USERS..(line + 1) * LINE_USERS;
        for (user, signal) in &self.exceptions {
            if users.contains(&(*user as usize))
                && let Some(line) = signals.get_mut(*signal as usize)
            {
                line.insert(*user as usize % LINE_USERS);
            }
        }
    }
}

/// A scope without a value.
fn scope(pass: &Pass) -> ValueScope<'_> {
    ValueScope {
        now: pass.program.now(),
        lists: pass.program.lists(),
        value: None,
    }
}
