//! Tests of a column of few different values: each value is asked once, and users of one value
//! are of one class.

use std::collections::HashMap;
use std::sync::Arc;

use domain::Value;
use features::evaluate;
use rules::checked::{Comparison, Condition, Measure};

use super::column_tests::ColumnPlan;
use crate::circuit::{LINE_USERS, Line};
use crate::compile::rewrite::is_hole;
use crate::scope::ValueScope;

/// How many values are remembered before all are forgotten.
const MOST_REMEMBERED: usize = 1 << 16;

/// Tests that are asked value by value.
#[derive(Debug)]
pub(crate) struct ClassTests {
    signals: Vec<u32>,
    /// Tests for equality: what the value must be, and the tests that it passes.
    equal: HashMap<Value, Vec<u32>>,
    /// The places of the other tests among those of the column.
    others: Vec<usize>,
}

/// The classes of the values met so far.
#[derive(Debug)]
pub(crate) struct Classes<'p> {
    pub plan: Arc<ColumnPlan>,
    tests: &'p [(Condition, u32)],
    scope: ValueScope<'p>,
    /// The class of each value met.
    known: HashMap<Option<Value>, usize>,
    /// The signals of each class; the first class has none.
    classes: Vec<Vec<u32>>,
    known_classes: HashMap<Vec<u32>, usize>,
}

/// The classes of the users of one block.
#[derive(Debug, Default)]
pub(crate) struct BlockClasses {
    /// For each user, a place in `present`, from 1; 0 where no test passes.
    places: Vec<u32>,
    /// The classes that are there.
    present: Vec<usize>,
}

impl ClassTests {
    /// Some of the tests of a column, by their places.
    pub fn new(tests: &[(Condition, u32)], places: &[usize]) -> Self {
        let mut found = Self {
            signals: Vec::with_capacity(places.len()),
            equal: HashMap::new(),
            others: Vec::new(),
        };
        for place in places {
            let Some((test, signal)) = tests.get(*place) else {
                continue;
            };
            found.signals.push(*signal);
            match equals(test) {
                Some(values) => {
                    for value in values {
                        found.equal.entry(value.clone()).or_default().push(*signal);
                    }
                }
                None => found.others.push(*place),
            }
        }
        found
    }

    /// Whether there are tests.
    pub fn is_empty(&self) -> bool {
        self.signals.is_empty()
    }
}

impl<'p> Classes<'p> {
    /// Of the values of a column; none is met yet.
    pub fn new(
        plan: Arc<ColumnPlan>,
        tests: &'p [(Condition, u32)],
        scope: ValueScope<'p>,
    ) -> Self {
        Self {
            plan,
            tests,
            scope,
            known: HashMap::new(),
            classes: vec![Vec::new()],
            known_classes: HashMap::from([(Vec::new(), 0)]),
        }
    }

    /// Finds the classes of users by a dictionary: codes beyond it stand for nothing.
    pub fn of_codes(&mut self, codes: &[u32], texts: &[Value], block: &mut BlockClasses) {
        self.begin(block);
        let mut finder = Finder::default();
        let places: Vec<u32> = texts
            .iter()
            .map(|text| finder.place(self.class(Some(text.clone())), block))
            .collect();
        let missing = finder.place(self.class(None), block);
        block.places.extend(
            codes
                .iter()
                .map(|code| places.get(*code as usize).copied().unwrap_or(missing)),
        );
    }

    /// Finds the classes of users by their values.
    pub fn of_values(
        &mut self,
        values: impl Iterator<Item = Option<Value>>,
        block: &mut BlockClasses,
    ) {
        self.begin(block);
        let mut finder = Finder::default();
        for value in values {
            let place = finder.place(self.class(value), block);
            block.places.push(place);
        }
    }

    /// Sets the signals of all tests for one line of the block.
    pub fn line(
        &self,
        block: &BlockClasses,
        line: usize,
        lines: &mut Vec<Line>,
        signals: &mut [Line],
    ) {
        for signal in &self.plan.by_value.signals {
            if let Some(line) = signals.get_mut(*signal as usize) {
                *line = Line::EMPTY;
            }
        }
        lines.clear();
        lines.resize(block.present.len(), Line::EMPTY);
        let places = block
            .places
            .chunks(LINE_USERS)
            .nth(line)
            .unwrap_or_default();
        for (user, place) in places.iter().enumerate() {
            if let Some(line) = (*place as usize)
                .checked_sub(1)
                .and_then(|place| lines.get_mut(place))
            {
                line.insert(user);
            }
        }
        for (class, users) in block.present.iter().zip(lines.iter()) {
            if *users == Line::EMPTY {
                continue;
            }
            for signal in self.classes.get(*class).into_iter().flatten() {
                if let Some(line) = signals.get_mut(*signal as usize) {
                    line.0
                        .iter_mut()
                        .zip(users.0)
                        .for_each(|(word, users)| *word |= users);
                }
            }
        }
    }

    fn begin(&mut self, block: &mut BlockClasses) {
        block.places.clear();
        block.present.clear();
        if self.known.len() > MOST_REMEMBERED {
            self.known.clear();
            self.classes.truncate(1);
            self.known_classes.retain(|_, class| *class == 0);
        }
    }

    /// The class of a value.
    fn class(&mut self, value: Option<Value>) -> usize {
        if let Some(class) = self.known.get(&value) {
            return *class;
        }
        let class = self.classify(&value);
        self.known.insert(value, class);
        class
    }

    fn classify(&mut self, value: &Option<Value>) -> usize {
        let by_value = &self.plan.by_value;
        let mut passed: Vec<u32> = Vec::new();
        for element in value.iter().flat_map(features::place::elements) {
            passed.extend(by_value.equal.get(element).into_iter().flatten());
        }
        self.scope.value.clone_from(value);
        let others = by_value.others.iter();
        let others = others.filter_map(|place| self.tests.get(*place));
        let others = others.filter(|(test, _)| evaluate::condition(test, &self.scope));
        passed.extend(others.map(|(_, signal)| *signal));
        passed.sort_unstable();
        passed.dedup();
        let next = self.classes.len();
        let class = *self.known_classes.entry(passed.clone()).or_insert(next);
        if class == next {
            self.classes.push(passed);
        }
        class
    }
}

/// Gives the classes of a block their places.
#[derive(Default)]
struct Finder(HashMap<usize, u32>);

impl Finder {
    fn place(&mut self, class: usize, block: &mut BlockClasses) -> u32 {
        if class == 0 {
            return 0;
        }
        *self.0.entry(class).or_insert_with(|| {
            block.present.push(class);
            block.present.len() as u32
        })
    }
}

/// The values of which the tested one must be one, if the test is no more than that.
fn equals(test: &Condition) -> Option<Vec<&Value>> {
    match test {
        Condition::OneOf { value, of } if is_hole(value) => Some(of.iter().collect()),
        Condition::Compare {
            left,
            comparison: Comparison::Equal,
            right: Measure::Constant(value @ Value::Text(_)),
            ..
        } if is_hole(left) => Some(vec![value]),
        _ => None,
    }
}
