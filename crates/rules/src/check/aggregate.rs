//! Aggregates: which events, of which value, filtered how, within which window.

use std::collections::BTreeSet;

use domain::{EventName, Unit, Value, nearest};

use super::Checker;
use super::name::Unknown;
use super::scope::{EventScope, Scope};
use super::window::Within;
use crate::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, EventSelector, Measure, Place, Window,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::located::Located;
use crate::print::{event_text, print_expression, printed_name};
use crate::tree::{self, AggregateName, EventPattern, Expression};

/// How many values of the event a function takes.
enum Takes {
    Nothing,
    One,
    Some,
}

impl Checker<'_> {
    /// `did(E)`: the count is above 0.
    pub(super) fn did(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let left = self.aggregate(expression, aggregate, Place::Number, scope)?;
        let right = Measure::Constant(Value::from(0));
        Some(Condition::Compare {
            left,
            comparison: Comparison::Greater,
            right,
            zone: None,
        })
    }

    /// An aggregate in the place that its use demands.
    pub(super) fn aggregate_value(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let natural = self.natural(expression, scope);
        if let Some(natural) = natural {
            self.demand(expression, natural, place)?;
        }
        let place = natural.unwrap_or(place);
        let is_extreme = matches!(
            aggregate.function,
            AggregateName::Minimum | AggregateName::Maximum
        );
        let place = match place {
            Place::Any if is_extreme => Place::Text,
            Place::Truth if is_extreme => {
                let message = format!(
                    "`{}` goes with numbers, texts and times",
                    aggregate.function.as_str()
                );
                return self.fail(Code::WrongType, expression.range, message);
            }
            other => other,
        };
        self.aggregate(expression, aggregate, place, scope)
    }

    fn aggregate(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        if matches!(scope, Scope::Event(_)) {
            let message = format!(
                "`{}` cannot stand inside `where`, which sees one event at a time",
                aggregate.function.as_str()
            );
            return self.fail(Code::NotAllowedHere, expression.range, message);
        }
        let (events, of_event) = self.events(&aggregate.events);
        let function = self.function(expression, aggregate, place);
        let arguments = self.arguments(expression, aggregate, &of_event, place);
        let filter = self.filter(aggregate, &of_event);
        let window = match &aggregate.window {
            Some(window) => self.window(window, Scope::User, Within::Events),
            None => Some(Window::Ever),
        };
        Some(Measure::Aggregate(Box::new(Aggregate {
            function: function?,
            events,
            arguments: arguments?,
            filter: filter?,
            window: window?,
        })))
    }

    /// `where C`; one that always holds is none.
    fn filter(
        &mut self,
        aggregate: &tree::Aggregate,
        of_event: &EventScope,
    ) -> Option<Option<Condition>> {
        let Some(filter) = &aggregate.filter else {
            return Some(None);
        };
        let filter = self.condition(filter, Scope::Event(of_event))?;
        Some(Some(filter).filter(|filter| *filter != Condition::Constant(true)))
    }

    fn function(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        place: Place,
    ) -> Option<AggregateFunction> {
        let name = aggregate.function;
        let nth = aggregate.number.map_or(1, tree::Count::get);
        let function = match name {
            AggregateName::First => AggregateFunction::First(nth, place),
            AggregateName::Last => AggregateFunction::Last(nth, place),
            AggregateName::FirstTime => AggregateFunction::FirstTime(nth),
            AggregateName::LastTime => AggregateFunction::LastTime(nth),
            _ if aggregate.number.is_some() => {
                let message = format!(
                    "`{}` takes no number; `first`, `last`, `first_time` and `last_time` do",
                    name.as_str()
                );
                return self.fail(Code::WrongArguments, expression.range, message);
            }
            AggregateName::Count | AggregateName::Did => AggregateFunction::Count,
            AggregateName::Sum => AggregateFunction::Sum,
            AggregateName::Average => AggregateFunction::Average,
            AggregateName::Minimum => AggregateFunction::Minimum(place),
            AggregateName::Maximum => AggregateFunction::Maximum(place),
            AggregateName::Distinct => AggregateFunction::Distinct,
            AggregateName::Hours => AggregateFunction::Periods(Unit::Hour, self.zone()),
            AggregateName::Days => AggregateFunction::Periods(Unit::Day, self.zone()),
            AggregateName::Weeks => AggregateFunction::Periods(Unit::Week, self.zone()),
            AggregateName::Months => AggregateFunction::Periods(Unit::Month, self.zone()),
        };
        Some(function)
    }

    fn arguments(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        of_event: &EventScope,
        place: Place,
    ) -> Option<Vec<Measure>> {
        let name = aggregate.function.as_str();
        let of = &aggregate.arguments;
        match (takes(aggregate.function), of.as_slice()) {
            (Takes::Nothing, []) => return Some(Vec::new()),
            (Takes::Nothing, [argument, ..]) => {
                return self.no_argument(aggregate, argument, of_event);
            }
            (Takes::One | Takes::Some, []) => {
                let message = format!(
                    "`{name}` takes a property of the event: write `{name}({})`",
                    self.example_of_property(aggregate, of_event)
                );
                return self.fail(Code::WrongArguments, expression.range, message);
            }
            (Takes::One, [_, second, ..]) => {
                let message = format!("`{name}` takes one value; `distinct` takes several");
                return self.fail(Code::WrongArguments, second.range, message);
            }
            _ => {}
        }
        let scope = Scope::Event(of_event);
        let values: Vec<Option<Measure>> = of
            .iter()
            .map(|argument| {
                let place = match aggregate.function {
                    AggregateName::Sum | AggregateName::Average => Place::Number,
                    AggregateName::Distinct => self.default_place(argument, scope),
                    _ => place,
                };
                self.measure(argument, place, scope)
            })
            .collect();
        values.into_iter().collect()
    }

    /// The event with a property of it; or, if a property was written in place of the event, an
    /// event that has it.
    fn example_of_property(&self, aggregate: &tree::Aggregate, of_event: &EventScope) -> String {
        if let [
            Located {
                node: EventPattern::Name(name),
                ..
            },
        ] = aggregate.events.as_slice()
            && of_event.is_unknown
        {
            let has_it = self
                .vocabulary
                .events
                .iter()
                .find(|(_, all)| all.contains(name.as_str()));
            if let Some((event, _)) = has_it {
                return format!("{}.{}", printed_name(event.as_str()), printed_name(name));
            }
        }
        let property = of_event
            .properties
            .iter()
            .next()
            .map_or("amount", AsRef::as_ref);
        format!("{}.{}", of_event.written, printed_name(property))
    }

    /// A value where the function counts events.
    fn no_argument<T>(
        &mut self,
        aggregate: &tree::Aggregate,
        argument: &Expression,
        of_event: &EventScope,
    ) -> Option<T> {
        let name = aggregate.function.as_str();
        let (events, value) = (&of_event.written, print_expression(argument));
        let dotted = format!("{events}.{value}");
        let message = if self.vocabulary.events.contains_key(dotted.as_str()) {
            format!("a name with dots stands in backticks: write `` {name}(`{dotted}`) ``")
        } else {
            let instead = format!("{name}({events} where {value} is set)");
            format!(
                "`{name}` takes an event, not a property: write `{instead}`, or `distinct({dotted})` for different values"
            )
        };
        self.fail(Code::WrongArguments, argument.range, message)
    }

    /// The events selected, and what is known of their properties.
    fn events(&mut self, patterns: &[Located<EventPattern>]) -> (EventSelector, EventScope) {
        let mut selector = EventSelector::default();
        let mut written = Vec::new();
        let mut scope = EventScope::default();
        for pattern in patterns {
            match &pattern.node {
                EventPattern::Name(name) | EventPattern::Event(name) => {
                    let name = self.event(name, pattern);
                    match self.vocabulary.events.get(&name) {
                        Some(known) => scope.properties.extend(known.iter().cloned()),
                        None => scope.is_unknown = true,
                    }
                    selector.names.insert(name);
                }
                EventPattern::Prefix(prefix) => {
                    self.prefix(prefix, pattern);
                    selector.prefixes.insert(prefix.as_str().into());
                }
                EventPattern::Changed(path) => {
                    let change = self.changed(path, &mut scope);
                    selector.derived.insert(change);
                }
                EventPattern::Any => {
                    selector.prefixes.insert("".into());
                }
            }
            written.push(match &pattern.node {
                EventPattern::Name(name) | EventPattern::Event(name) => printed_name(name),
                other => event_text(other),
            });
        }
        for (name, known) in &self.vocabulary.events {
            if !selector.prefixes.is_empty() && selector.takes(name) {
                scope.properties.extend(known.iter().cloned());
            }
        }
        scope.written = if written.len() == 1 {
            written.concat()
        } else {
            format!("({})", written.join(", "))
        };
        scope.is_unknown |= self.vocabulary.events.is_empty();
        (without_covered(selector), scope)
    }

    /// The event of that name: `page` and `screen` are the tracking API's.
    fn event(&mut self, name: &str, pattern: &Located<EventPattern>) -> EventName {
        let vocabulary = self.vocabulary;
        let own = match name {
            "page" => Some(EventName::PAGE),
            "screen" => Some(EventName::SCREEN),
            _ => None,
        };
        if vocabulary.events.contains_key(name) {
            return EventName::new(name);
        }
        if let Some(own) = own {
            return EventName::new(own);
        }
        if self.is_full() {
            return EventName::new(name);
        }
        let meant = nearest(name, vocabulary.events.keys().map(EventName::as_str));
        let meant = meant.map(str::to_owned);
        let range = pattern.range;
        self.unknown(Unknown {
            code: Code::UnknownEvent,
            kind: "event",
            name,
            range,
            meant,
        });
        EventName::new(name)
    }

    fn prefix(&mut self, prefix: &str, pattern: &Located<EventPattern>) {
        let is_known = self.is_full()
            || self
                .vocabulary
                .events
                .keys()
                .any(|name| name.as_str().starts_with(prefix));
        if !is_known {
            let message = format!("no known event begins with `{prefix}`");
            self.tell(Diagnostic::warning(
                Code::UnknownEvent,
                pattern.range,
                message,
            ));
        }
    }
}

fn takes(function: AggregateName) -> Takes {
    match function {
        AggregateName::Count
        | AggregateName::Did
        | AggregateName::Hours
        | AggregateName::Days
        | AggregateName::Weeks
        | AggregateName::Months
        | AggregateName::FirstTime
        | AggregateName::LastTime => Takes::Nothing,
        AggregateName::Distinct => Takes::Some,
        AggregateName::Sum
        | AggregateName::Average
        | AggregateName::Minimum
        | AggregateName::Maximum
        | AggregateName::First
        | AggregateName::Last => Takes::One,
    }
}

/// Without names and prefixes that a shorter prefix takes anyway.
fn without_covered(selector: EventSelector) -> EventSelector {
    let EventSelector {
        names,
        prefixes,
        derived,
    } = selector;
    let shortest: BTreeSet<_> = prefixes
        .iter()
        .filter(|prefix| {
            !prefixes
                .iter()
                .any(|other| other != *prefix && prefix.starts_with(&**other))
        })
        .cloned()
        .collect();
    let by_prefix = EventSelector {
        prefixes: shortest,
        derived,
        ..EventSelector::default()
    };
    let names = names
        .into_iter()
        .filter(|name| !by_prefix.takes(name))
        .collect();
    EventSelector { names, ..by_prefix }
}
