//! How many different values, or combinations of values, there are, by their numbers.

use domain::Value;

use super::State;
use super::values::Values;
use crate::fold::batch::Events;
use crate::fold::scope::RowScope;
use crate::sequence::ValueTable;

/// `distinct`
pub(super) struct Distinct<'b> {
    /// By argument.
    arguments: Vec<Values<'b>>,
    met: ValueTable,
    /// The numbers of one event.
    numbers: Vec<u32>,
}

impl<'b> Distinct<'b> {
    pub(super) fn new(arguments: Vec<Values<'b>>) -> Self {
        Self {
            met: ValueTable::new(arguments.len()),
            arguments,
            numbers: Vec::new(),
        }
    }
}

impl State for Distinct<'_> {
    fn take(&mut self, events: &Events<'_>) {
        for event in events.scopes() {
            self.numbers.clear();
            let arguments = self.arguments.iter_mut();
            self.numbers
                .extend(arguments.map_while(|values| values.number(0, &event)));
            if self.numbers.len() == self.arguments.len() {
                self.met.find_or_add(&self.numbers);
            }
        }
    }

    fn finish(&mut self, _user: &RowScope<'_>) -> Option<Value> {
        let count = self.met.len() as i64;
        self.met.clear();
        Some(Value::from(count))
    }
}
