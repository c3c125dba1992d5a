//! Walking a checked rule.

use super::Dependencies;
use crate::checked::{
    Aggregate, AggregateFunction, Condition, Demand, EventSelector, Grouping, IdentityValue,
    Measure, Window,
};

impl Dependencies {
    /// Notes what a condition reads; inside `where` the properties are of those events.
    pub(super) fn add_condition(&mut self, condition: &Condition, of: Option<&EventSelector>) {
        match condition {
            Condition::Constant(_) => {}
            Condition::All(parts)
            | Condition::Any(parts)
            | Condition::AtLeast { of: parts, .. } => {
                for part in parts {
                    self.add_condition(part, of);
                }
            }
            Condition::Not(part) => self.add_condition(part, of),
            Condition::Compare { left, right, .. } => {
                self.add_measure(left, of);
                self.add_measure(right, of);
            }
            Condition::Between {
                value, low, high, ..
            } => {
                for part in [value, low, high] {
                    self.add_measure(part, of);
                }
            }
            Condition::OneOf { value, .. }
            | Condition::HasAll { value, .. }
            | Condition::Text { value, .. }
            | Condition::IsSet(value)
            | Condition::Holds(value) => self.add_measure(value, of),
            Condition::InWindow { value, window } => {
                self.add_measure(value, of);
                self.add_window(window, of);
                self.moves_with_time |= window.moves();
            }
            Condition::Anniversary { value, .. } => {
                self.add_measure(value, of);
                self.moves_with_time = true;
            }
            Condition::UserInList(list) => {
                self.lists.insert(list.clone());
            }
            Condition::ValueInList { value, list } => {
                self.add_measure(value, of);
                self.lists.insert(list.clone());
            }
            Condition::HasTag(tag) => {
                self.tags.insert(tag.clone());
            }
            Condition::InAudience(audience) => {
                self.audiences.insert(audience.clone());
            }
        }
    }

    /// Notes what a value reads.
    pub(super) fn add_measure(&mut self, measure: &Measure, of: Option<&EventSelector>) {
        match measure {
            Measure::Constant(_)
            | Measure::Member { .. }
            | Measure::EventTime
            | Measure::EventSource
            | Measure::EventName => {}
            Measure::Now => self.moves_with_time = true,
            Measure::Attribute { path, .. } if IdentityValue::at(path).is_some() => {}
            Measure::Attribute { path, .. } => {
                self.attributes.insert(path.clone());
            }
            Measure::Property { path, .. } => {
                if let Some(selector) = of {
                    self.add_property(path, selector);
                }
            }
            Measure::Aggregate(aggregate) => self.add_aggregate(aggregate),
            Measure::Population(population) => {
                for measure in population.measures() {
                    self.add_measure(measure, None);
                }
                if let Some(condition) = population.condition() {
                    self.add_condition(condition, None);
                }
            }
            Measure::HeldSince(test) => self.add_condition(test, of),
            Measure::TagAt { tag, at, .. } => {
                self.tags.insert(tag.clone());
                self.add_measure(at, of);
            }
            Measure::Collection(collection) => {
                self.add_measure(&collection.of, of);
                self.add_aggregate(&collection.aggregate);
            }
            Measure::Lookup { table, row, .. } => {
                self.tables.insert(table.key().clone());
                self.add_measure(row, of);
            }
            Measure::TagValue { tag, .. } => {
                self.tags.insert(tag.clone());
            }
            Measure::Arithmetic { left, right, .. } => {
                self.add_measure(left, of);
                self.add_measure(right, of);
            }
            Measure::If {
                condition,
                then,
                otherwise,
            } => {
                self.add_condition(condition, of);
                self.add_measure(then, of);
                self.add_measure(otherwise, of);
            }
            Measure::Coalesce(parts) => {
                for part in parts {
                    self.add_measure(part, of);
                }
            }
            Measure::Function { of: value, .. } => self.add_measure(value, of),
            Measure::Age { since, .. } => {
                self.moves_with_time = true;
                self.add_measure(since, of);
            }
            Measure::DateDifference { from, to, .. } => {
                self.add_measure(from, of);
                self.add_measure(to, of);
            }
        }
    }

    fn add_aggregate(&mut self, aggregate: &Aggregate) {
        let of = Some(&aggregate.events);
        self.add_events(&aggregate.events);
        for argument in &aggregate.arguments {
            self.add_measure(argument, of);
        }
        if let Some(filter) = &aggregate.filter {
            self.add_condition(filter, of);
        }
        for step in aggregate.steps() {
            for value in step.same.iter().flatten() {
                self.add_measure(value, Some(&step.events));
            }
            if let Some(filter) = &step.filter {
                self.add_condition(filter, Some(&step.events));
            }
        }
        if let AggregateFunction::Groups(grouping) = &aggregate.function {
            self.add_grouping(grouping, of);
        }
        self.add_window(&aggregate.window, None);
        self.moves_with_time |=
            aggregate.window.moves() || aggregate.function.moves_with_time() || aggregate.awaits();
    }

    /// Notes what is asked of groups.
    pub(super) fn add_grouping(&mut self, grouping: &Grouping, of: Option<&EventSelector>) {
        if let Some(having) = grouping.having() {
            self.add_condition(having, of);
        }
        if let Some(measure) = grouping.measure() {
            self.add_measure(measure, of);
        }
    }

    fn add_window(&mut self, window: &Window, of: Option<&EventSelector>) {
        match window {
            Window::Between { from, to } => {
                for cut in from.iter().chain(to) {
                    self.add_measure(&cut.at, of);
                }
            }
            Window::After { anchor, .. } | Window::Before { anchor, .. } => {
                self.add_measure(anchor, of);
            }
            Window::Ever
            | Window::Last(_)
            | Window::Next(_)
            | Window::Current { .. }
            | Window::Previous { .. } => {}
        }
    }
}

impl Aggregate {
    /// Whether it waits for a time to be over without an event.
    fn awaits(&self) -> bool {
        match &self.function {
            AggregateFunction::Sequence(sequence) => sequence
                .absent_at_end()
                .iter()
                .any(|step| matches!(step.demand, Demand::Absent(Some(_)))),
            _ => false,
        }
    }
}

impl Window {
    /// Whether its bounds move with `now` by themselves.
    fn moves(&self) -> bool {
        matches!(
            self,
            Self::Last(_) | Self::Next(_) | Self::Current { .. } | Self::Previous { .. }
        )
    }
}
