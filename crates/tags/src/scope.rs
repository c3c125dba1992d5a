//! Where rewritten rules get their values from: one value under test, or one user's columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Keep, ListKey, TagKey, Time, UserNumber, UserSet, Value};
use features::ValueLists;
use features::evaluate::{self, Scope};
use features::place::convert;
use rules::checked::{Path, Place};

use crate::block::Columns;
use crate::circuit::{Line, Operand};
use crate::compile::rewrite::ColumnId;
use crate::compile::shape::Shape;
use crate::pass::Pass;
use crate::values::MetricValues;

/// A scope in which every hole is one value.
#[derive(Debug)]
pub(crate) struct ValueScope<'a> {
    pub now: Time,
    pub lists: &'a ValueLists,
    pub value: Option<Value>,
}

impl Scope for ValueScope<'_> {
    fn now(&self) -> Time {
        self.now
    }

    fn attribute(&self, _path: &Path, _place: Place) -> Option<Value> {
        None
    }

    fn property(&self, _path: &Path, _place: Place) -> Option<Value> {
        self.value.clone()
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.lists
            .get(list)
            .is_some_and(|texts| texts.contains(text))
    }
}

/// One user of a block.
pub(crate) struct UserScope<'a> {
    pub pass: &'a Pass,
    pub user_lists: &'a BTreeMap<ListKey, Arc<UserSet>>,
    pub columns: Columns<'a>,
    /// The user's place in the block.
    pub place: usize,
    pub user: u32,
    /// The signals of the user's line, and the user's place in it, where tags can be read.
    pub signals: Option<(&'a [Line], usize)>,
    /// The values of metric tags of other instants, by the tags' places.
    pub recorded: &'a BTreeMap<usize, Arc<MetricValues>>,
}

impl UserScope<'_> {
    fn holds(&self, operand: Operand) -> bool {
        self.signals
            .is_some_and(|(signals, place)| operand.read(signals).contains(place))
    }

    fn value_of(&self, shape: &Shape) -> Option<Value> {
        match shape {
            Shape::Plain { holds } => self.holds(*holds).then_some(Value::Bool(true)),
            Shape::Layered { keep, values, .. } => {
                let mut held = values
                    .iter()
                    .filter(|(_, operand)| self.holds(*operand))
                    .map(|(value, _)| Value::Text(Arc::clone(value)));
                match keep {
                    Keep::First => held.next(),
                    Keep::All => {
                        let held: Vec<Value> = held.collect();
                        (!held.is_empty()).then(|| Value::List(held.into()))
                    }
                }
            }
            Shape::Metric { rewritten, .. } => evaluate::measure(rewritten, self),
            Shape::Recorded { tag, .. } => self
                .recorded
                .get(tag)
                .and_then(|values| values.value(UserNumber(self.user))),
        }
    }
}

impl Scope for UserScope<'_> {
    fn now(&self) -> Time {
        self.pass.program.now()
    }

    fn attribute(&self, _path: &Path, _place: Place) -> Option<Value> {
        None
    }

    fn property(&self, path: &Path, _place: Place) -> Option<Value> {
        self.columns.get(ColumnId::named(path)?)?.value(self.place)
    }

    fn tag_value(&self, tag: &TagKey, place: Place) -> Option<Value> {
        convert(self.value_of(self.pass.shapes.get(tag)?)?, place)
    }

    fn has_tag(&self, tag: &TagKey) -> bool {
        self.pass
            .shapes
            .get(tag)
            .is_some_and(|shape| self.holds(shape.has()))
    }

    fn user_in_list(&self, list: &ListKey) -> bool {
        self.user_lists
            .get(list)
            .is_some_and(|users| users.contains(UserNumber(self.user)))
    }

    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.pass
            .program
            .lists()
            .get(list)
            .is_some_and(|texts| texts.contains(text))
    }
}
