//! A pass: everything that is computed of the users at one instant.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use domain::{TagKey, Value};
use rules::checked::{Condition, Measure, Population};

use crate::block::column_tests::ColumnTests;
use crate::circuit::{Circuit, Operand};
use crate::compile::lower::{Input, Test};
use crate::compile::rewrite::ColumnId;
use crate::compile::shape::Shape;

/// One pass over the users.
#[derive(Debug)]
pub(crate) struct Pass {
    /// What is folded out of the histories.
    pub program: features::Program,
    /// Measures computed of the features, each a column.
    pub computed: Vec<Measure>,
    /// What is asked of each column.
    pub tests: BTreeMap<ColumnId, ColumnTests>,
    /// Sets that are there before the pass, and their signals.
    pub inputs: Vec<(Input, u32)>,
    /// Conditions asked user by user, and their signals.
    pub conditions: Vec<(Condition, u32)>,
    /// Conditions asked user by user that read tags.
    pub late: Vec<Condition>,
    /// Gates and late conditions.
    pub circuit: Circuit,
    /// What other rules see of each tag.
    pub shapes: HashMap<TagKey, Shape>,
    /// What the pass finds.
    pub outputs: Vec<Output>,
    /// The values it keeps.
    pub metrics: Vec<Metric>,
    /// The numbers of the values among all users that it reads as columns.
    pub given: Vec<usize>,
    /// What is put together of the values it keeps; not empty only where it serves nothing else.
    pub populations: Vec<Step>,
}

/// A value among all users that a pass serves.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Its number in the whole program.
    pub number: usize,
    /// What it is.
    pub population: Population,
    /// The places of what it is made of among the values that the pass keeps.
    pub parts: Range<usize>,
}

/// The members of one slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// The slot of the whole program.
    pub slot: usize,
    /// Who has it.
    pub operand: Operand,
}

/// The values of one metric tag, or what a value among all users is made of.
#[derive(Clone, Debug)]
pub(crate) struct Metric {
    /// The place of the tag, if it is one.
    pub tag: Option<usize>,
    /// Who has a value.
    pub has: Operand,
    /// Where it comes from, and for whom.
    pub sources: Vec<(MetricSource, Operand)>,
}

/// Where the values of a metric tag come from.
#[derive(Clone, Debug)]
pub(crate) enum MetricSource {
    /// All have the same value.
    Constant(Option<Value>),
    /// A column.
    Column(ColumnId),
    /// A measure that reads tags.
    Measure(Measure),
}

/// Groups the tests by column.
pub(crate) fn by_column(tests: Vec<Test>) -> BTreeMap<ColumnId, ColumnTests> {
    let mut grouped: BTreeMap<ColumnId, ColumnTests> = BTreeMap::new();
    for test in tests {
        let of_column = grouped.entry(test.column).or_default();
        of_column.push(test.condition, test.signal);
    }
    grouped
}
