//! Aggregates: which events, of which value, filtered how, within which window.

pub(super) mod events;
pub(crate) mod function;

use domain::Value;

use super::scope::{EventScope, GroupScope, Scope};
use super::window::Within;
use super::{Checker, Form};
use crate::checked::{Aggregate, Comparison, Condition, EventSelector, Measure, Place, Window};
use crate::located::Located;
use crate::mistake::{Aggregates, Windows};
use crate::print::{print_expression, printed_name};
use crate::tree::{self, EventPattern, Expression};

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
        if aggregate.function == tree::AggregateName::SharedBy {
            return self.shared_by(expression, aggregate, place, scope);
        }
        let natural = self.natural(expression, scope);
        if let Some(natural) = natural {
            self.demand(expression, natural, place)?;
        }
        let place = natural.unwrap_or(place);
        let place = match (place, Form::of(aggregate.function)) {
            (Place::Any, Form::PicksInOrder | Form::Lists) | (Place::Truth, Form::Lists) => {
                Place::Text
            }
            (Place::Truth, Form::PicksInOrder) => {
                let function = aggregate.function.as_str();
                return self.fail(expression.range, Aggregates::Truths { function });
            }
            (place, _) => place,
        };
        self.aggregate(expression, aggregate, place, scope)
    }

    pub(super) fn aggregate(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        if matches!(scope, Scope::Event(_) | Scope::Element) {
            let function = aggregate.function.as_str();
            return self.fail(expression.range, Aggregates::InsideWhere { function });
        }
        if matches!(scope, Scope::User) {
            let named = self.named_collection(aggregate);
            self.refuse_event_and_collection(aggregate, named.as_ref())?;
            if let Some(named) = named {
                return self.collection(expression, aggregate, &named, place);
            }
        }
        if let Scope::Group(group) = scope
            && let Some(path) = &group.collection
        {
            return self.aggregate_of_elements(expression, aggregate, path, place);
        }
        let (events, of_event) = self.events_in(expression.range, &aggregate.events, scope)?;
        let function = self.function(expression, aggregate, place);
        let arguments = self.arguments(expression, aggregate, &of_event, place);
        let filter = self.filter(aggregate.filter.as_deref(), Scope::Event(&of_event));
        let window = self.window_in(aggregate.window.as_deref(), &events, scope);
        let groups = GroupScope {
            events: events.clone(),
            of_event,
            collection: None,
        };
        let function = self.grouped_function(expression, aggregate, function, &groups);
        Some(Measure::Aggregate(Box::new(Aggregate {
            function: function?,
            events,
            arguments: arguments?,
            filter: filter?,
            window: window?,
        })))
    }

    /// The window of events; aggregates of a group have none.
    pub(super) fn window_in(
        &mut self,
        window: Option<&Located<tree::Window>>,
        events: &EventSelector,
        scope: Scope<'_>,
    ) -> Option<Window> {
        match window {
            Some(window) if matches!(scope, Scope::Group(_)) => {
                self.fail(window.range, Windows::InGroup)
            }
            Some(written) => {
                let window = self.window(written, Scope::User, Within::Events)?;
                self.warn_of_retention(&window, written.range, events);
                Some(window)
            }
            None => Some(Window::Ever),
        }
    }

    /// `where C`; one that always holds is none.
    pub(super) fn filter(
        &mut self,
        filter: Option<&Expression>,
        scope: Scope<'_>,
    ) -> Option<Option<Condition>> {
        let Some(filter) = filter else {
            return Some(None);
        };
        let filter = self.condition(filter, scope)?;
        Some(Some(filter).filter(|filter| *filter != Condition::Constant(true)))
    }

    fn arguments(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        of_event: &EventScope,
        place: Place,
    ) -> Option<Vec<Measure>> {
        let function = aggregate.function.as_str();
        let of = &aggregate.arguments;
        let form = Form::of(aggregate.function);
        match (form, of.as_slice()) {
            (Form::OfEvents(_), []) => return Some(Vec::new()),
            (Form::OfEvents(_), [argument, ..]) => {
                return self.no_argument(aggregate, argument, of_event);
            }
            (_, []) => {
                let example = &self.example_of_property(aggregate, of_event);
                let mistake = match form {
                    _ if matches!(function, "first" | "last") => {
                        let events = &of_event.written;
                        Aggregates::NoPropertyNorTime {
                            function,
                            example,
                            events,
                        }
                    }
                    _ => Aggregates::NoProperty { function, example },
                };
                return self.fail(expression.range, mistake);
            }
            (form, [_, second, ..]) if form != Form::OfValues => {
                return self.fail(second.range, Aggregates::SeveralValues { function });
            }
            _ => {}
        }
        let scope = Scope::Event(of_event);
        let values: Vec<Option<Measure>> = of
            .iter()
            .map(|argument| {
                let place = match form {
                    Form::OfNumbers => Place::Number,
                    Form::OfValues => self.default_place(argument, scope),
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
            let mut events = self.vocabulary.events.iter();
            let has_it = events.find(|(_, all)| all.contains(name.as_str()));
            if let Some((event, _)) = has_it {
                return format!("{}.{}", printed_name(event.as_str()), printed_name(name));
            }
        }
        let properties = match Form::of(aggregate.function) {
            Form::OfNumbers => &of_event.numbers,
            _ => &of_event.properties,
        };
        let property = properties.iter().next().map_or("amount", AsRef::as_ref);
        format!("{}.{}", of_event.written, printed_name(property))
    }

    /// A value where the function counts events.
    fn no_argument<T>(
        &mut self,
        aggregate: &tree::Aggregate,
        argument: &Expression,
        of_event: &EventScope,
    ) -> Option<T> {
        let function = aggregate.function.as_str();
        let events = of_event.written.as_str();
        let dotted = format!("{events}.{}", print_expression(argument));
        let mistake = if self.vocabulary.events.contains_key(dotted.as_str()) {
            Aggregates::DottedName {
                function,
                name: &dotted,
            }
        } else {
            Aggregates::PropertyCounted {
                function,
                events,
                value: argument,
            }
        };
        self.fail(argument.range, mistake)
    }
}
