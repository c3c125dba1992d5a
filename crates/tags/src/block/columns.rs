//! A column and all that is asked of it.

use features::{FeatureColumn, evaluate};
use rules::checked::Condition;

use super::Columns;
use super::classes::{BlockClasses, ClassPlan};
use super::computed::BlockColumn;
use super::numbers::NumberPlan;
use super::ranks::NO_RANK;
use crate::circuit::{LINE_USERS, Line};
use crate::compile::rewrite::ColumnId;
use crate::lanes::{Into, Lanes};
use crate::pass::Pass;
use crate::scope::ValueScope;

/// A column with its tests, planned for the forms that it has had so far.
pub(crate) struct TestedColumn<'p> {
    pub id: ColumnId,
    tests: &'p [(Condition, u32)],
    pass: &'p Pass,
    /// Plans for number forms, and the tests that they leave.
    plans: Vec<(NumberPlan, ClassPlan<'p>)>,
    /// All tests, for a column without numbers.
    by_value: Option<ClassPlan<'p>>,
    /// The plan of this block, or none: by value.
    current: Option<usize>,
    classes: BlockClasses,
    /// The answers for users whose value is not among the numbers: user, signal.
    exceptions: Vec<(u32, u32)>,
}

impl<'p> TestedColumn<'p> {
    /// A column of a pass.
    pub fn new(id: ColumnId, tests: &'p [(Condition, u32)], pass: &'p Pass) -> Self {
        Self {
            id,
            tests,
            pass,
            plans: Vec::new(),
            by_value: None,
            current: None,
            classes: BlockClasses::default(),
            exceptions: Vec::new(),
        }
    }

    /// Prepares for the lines of a block.
    pub fn begin(&mut self, column: Option<BlockColumn<'_>>, users: usize) {
        self.exceptions.clear();
        let Some(column) = column else { return };
        let values = (0..users).map(|user| column.value(user));
        let Some((form, _)) = column.numbers() else {
            self.current = None;
            let scope = scope(self.pass);
            let plan = self
                .by_value
                .get_or_insert_with(|| ClassPlan::new(self.tests.iter(), scope));
            match column {
                BlockColumn::Feature(FeatureColumn::Text { codes, texts }) => {
                    plan.of_codes(codes, texts, &mut self.classes);
                }
                _ => plan.of_values(values, &mut self.classes),
            }
            return;
        };
        let known = self.plans.iter().position(|(plan, _)| plan.form == form);
        let current = known.unwrap_or_else(|| {
            let plan = NumberPlan::new(form, self.tests, &scope(self.pass));
            let others = plan
                .others
                .iter()
                .filter_map(|place| self.tests.get(*place));
            let others = ClassPlan::new(others, scope(self.pass));
            self.plans.push((plan, others));
            self.plans.len() - 1
        });
        self.current = Some(current);
        if let Some((_, others)) = self.plans.get_mut(current)
            && !others.is_empty()
        {
            others.of_values(values, &mut self.classes);
        }
        self.except(column);
    }

    /// Answers for the users whose value is not among the numbers.
    fn except(&mut self, column: BlockColumn<'_>) {
        for (user, value) in column.others() {
            let scope = ValueScope {
                value: Some(value),
                ..scope(self.pass)
            };
            let passed = self
                .tests
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
        let Some((plan, others)) = self.current.and_then(|current| self.plans.get(current)) else {
            if let Some(plan) = &self.by_value {
                plan.line(&self.classes, line, class_lines, signals);
            }
            return;
        };
        for signal in &plan.never {
            if let Some(line) = signals.get_mut(*signal as usize) {
                *line = Line::EMPTY;
            }
        }
        let numbers = columns.get(self.id).and_then(BlockColumn::numbers);
        let numbers = numbers.map(|(_, numbers)| numbers).unwrap_or_default();
        let numbers = numbers.chunks(LINE_USERS).nth(line).unwrap_or_default();
        let (mut ranks, mut codes) = ([NO_RANK; LINE_USERS], [0; LINE_USERS]);
        lanes.ranks(&plan.ranks, numbers, &mut ranks);
        for chunk in &plan.chunks {
            lanes.codes(&ranks, chunk.start, &mut codes);
            lanes.select(&chunk.set, &codes, Into::Set, signals);
            lanes.select(&chunk.add, &codes, Into::Add, signals);
        }
        if !others.is_empty() {
            others.line(&self.classes, line, class_lines, signals);
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
