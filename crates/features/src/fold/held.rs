//! Since when tests of attributes have held, while a user's attribute changes go by.
//!
//! What counts is what holds at instants: of several touches of one instant only the last does.

use domain::{ListKey, Time, Value};
use rules::checked::{Condition, Path, Place};

use super::bind::Bound;
use super::cells::Cells;
use super::witness::Witness;
use crate::evaluate::{self, Scope};
use crate::history::{Column, MISSING, NO_CODE};
use crate::place::convert;
use crate::program::{Program, column};

/// A test, asked beforehand of all values of its attribute.
pub(super) struct Hold<'b> {
    feature: usize,
    /// Where its cells are.
    cells: usize,
    codes: &'b [u32],
    answers: Vec<bool>,
    /// The answer where there is no value.
    without: bool,
}

impl<'b> Hold<'b> {
    pub(super) fn bind(bound: &Bound<'b>, feature: usize, test: &Condition, path: &Path) -> Self {
        let answer = |value: &Option<Value>| {
            let scope = OneAttribute {
                program: bound.program,
                value: value.clone(),
            };
            evaluate::condition(test, &scope)
        };
        let source = bound.trait_column(&column(path, Place::Any));
        let codes = match source.map(|source| source.column) {
            Some(Column::Text { codes, .. }) => codes.as_slice(),
            _ => &[],
        };
        let values = source.map(|source| source.decoded()).unwrap_or_default();
        Self {
            feature,
            cells: bound.next_place().first,
            codes,
            answers: values.iter().map(answer).collect(),
            without: answer(&None),
        }
    }

    /// What the cells hold of users without a touch.
    pub(super) fn initial(&self) -> i64 {
        if self.without {
            Time::MIN.millis()
        } else {
            MISSING
        }
    }

    /// The answer after a row; nothing if the row does not touch the attribute.
    fn answer(&self, row: usize) -> Option<bool> {
        let code = *self.codes.get(row).filter(|code| **code != NO_CODE)?;
        Some(self.answers.get(code as usize).copied().unwrap_or_default())
    }
}

/// The tests of the user being walked.
pub(super) struct Holding(Vec<Held>);

/// What is known of one test.
#[derive(Clone, Copy)]
struct Held {
    /// Since when it has held, up to the last touch; or [`MISSING`].
    since: i64,
    /// The time of the last touch, and whether the test holds after it.
    touched: i64,
    holds: bool,
}

impl Holding {
    pub(super) fn new(bound: &Bound<'_>) -> Self {
        Self(bound.holds.iter().map(Held::new).collect())
    }

    /// Takes a visible row of attribute changes.
    pub(super) fn touch(&mut self, bound: &Bound<'_>, row: usize, witness: &mut impl Witness) {
        let time = bound.trait_times.get(row).copied().unwrap_or_default();
        for (held, hold) in self.0.iter_mut().zip(&bound.holds) {
            if let Some(answer) = hold.answer(row) {
                held.touch(time, answer);
                witness.touched(hold.feature, row);
            }
        }
    }

    /// Keeps what is known of the user, and forgets it.
    pub(super) fn finish(&mut self, bound: &Bound<'_>, cells: &mut Cells, user: usize) {
        for (held, hold) in self.0.iter_mut().zip(&bound.holds) {
            held.settle();
            *cells.cell(hold.cells, user) = held.since;
            *held = Held::new(hold);
        }
    }
}

impl Held {
    fn new(hold: &Hold<'_>) -> Self {
        Self {
            since: hold.initial(),
            touched: i64::MIN,
            holds: hold.without,
        }
    }

    fn touch(&mut self, time: i64, answer: bool) {
        if time != self.touched {
            self.settle();
            self.touched = time;
        }
        self.holds = answer;
    }

    /// The instant of the last touch is over.
    fn settle(&mut self) {
        if !self.holds {
            self.since = MISSING;
        } else if self.since == MISSING {
            self.since = self.touched;
        }
    }
}

/// A scope in which the one attribute has a value.
struct OneAttribute<'b> {
    program: &'b Program,
    value: Option<Value>,
}

impl Scope for OneAttribute<'_> {
    fn now(&self) -> Time {
        self.program.now()
    }
    fn attribute(&self, _path: &Path, place: Place) -> Option<Value> {
        convert(self.value.clone()?, place)
    }
    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.program
            .lists()
            .get(list)
            .is_some_and(|members| members.contains(text))
    }
}
