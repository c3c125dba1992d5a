//! Collections: aggregates over the elements of a list that is known of the user.
//!
//! A name in the place of an event is a collection if a list was seen under it, if it is written
//! as `user.x`, or if only a collection can stand there (`any`, `holdings`).

mod groups;
mod named;

pub(crate) use self::named::Named;
use domain::HOLDINGS;

use super::Checker;
use super::Form;
use super::scope::Scope;
use crate::checked::{Aggregate, Collection, EventSelector, Measure, Path, Place, Window};
use crate::located::Located;
use crate::mistake::{Aggregates, Collections};
use crate::print::printed_name;
use crate::tree::{self, AggregateName, EventPattern, Expression};

/// What a scalar element is called inside `where`.
const ELEMENT: &str = "value";

impl Checker<'_> {
    /// The collection that an aggregate goes over, if it goes over no events.
    pub(super) fn named_collection(&self, aggregate: &tree::Aggregate) -> Option<Named> {
        let is_event = |name: &str| self.vocabulary.events.contains_key(name);
        Named::of(aggregate, &self.vocabulary.collections, &is_event)
    }

    /// Tells if the name could be an event as well, or if it is one where none can stand.
    pub(super) fn refuse_event_and_collection(
        &mut self,
        aggregate: &tree::Aggregate,
        named: Option<&Named>,
    ) -> Option<()> {
        let any = aggregate.function == AggregateName::Any;
        let Some(pattern) = aggregate.events.first() else {
            return Some(());
        };
        let written = match (&pattern.node, named) {
            (EventPattern::Name(name), Some(named)) if !named.is_of_user => name,
            (_, Some(_)) => return Some(()),
            (_, None) if !any => return Some(()),
            _ => {
                return self.fail(pattern.range, Collections::AnyOfEvents);
            }
        };
        if !self.vocabulary.events.contains_key(written.as_str()) {
            return Some(());
        }
        let (name, path) = (printed_name(written), named.map_or("", |named| &named.path));
        let name = name.as_str();
        let mistake = if any && !self.vocabulary.collections.contains(path) {
            Collections::AnyOfEvent { name }
        } else {
            Collections::EventOrAttribute { name, path }
        };
        self.fail(pattern.range, mistake)
    }

    /// An aggregate over a collection.
    pub(super) fn collection(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        named: &Named,
        place: Place,
    ) -> Option<Measure> {
        let of = self.list_of(named);
        let aggregate = self.elements_in_groups(expression, aggregate, named, place)?;
        Some(Measure::Collection(Box::new(Collection { of, aggregate })))
    }

    /// What is measured of elements, whoever has them.
    fn elements(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        named: &Named,
        place: Place,
    ) -> Option<Aggregate> {
        let allowed = self.refuse_what_needs_events(expression, aggregate, named);
        let function = self.function(expression, aggregate, place);
        let arguments = self.element_arguments(expression, aggregate, named, place);
        let filter = self.filter(aggregate.filter.as_deref(), Scope::Element)?;
        allowed?;
        Some(Aggregate {
            function: function?,
            events: EventSelector::default(),
            arguments: arguments?,
            filter,
            window: Window::Ever,
        })
    }

    /// The list itself: an attribute, or what the user holds in all wallets.
    fn list_of(&mut self, named: &Named) -> Measure {
        if let Some(value) = self.identity_value(std::slice::from_ref(&named.path))
            && !self.vocabulary.collections.contains(named.path.as_str())
        {
            return value.measure(Place::Text);
        }
        let is_attribute = named.is_of_user
            || named.path != HOLDINGS
            || self.vocabulary.collections.contains(HOLDINGS);
        if is_attribute {
            return self.attribute(&named.path, named.range, Place::Any);
        }
        Measure::Attribute {
            path: HOLDINGS.into(),
            place: Place::Any,
        }
    }

    /// Windows, and functions of the time of events.
    fn refuse_what_needs_events(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        named: &Named,
    ) -> Option<()> {
        let (function, path) = (aggregate.function, &named.path);
        let needs_times = matches!(Form::of(function), Form::OfEvents(_))
            && !matches!(
                function,
                AggregateName::Count | AggregateName::Did | AggregateName::Any
            );
        let mut allowed = Some(());
        if needs_times {
            let function = function.as_str();
            allowed = self.fail(expression.range, Collections::NoTime { function, path });
        }
        let has_no_window = self.refuse_window(aggregate.window.as_deref(), named);
        allowed.and(has_no_window)
    }

    fn refuse_window(
        &mut self,
        window: Option<&Located<tree::Window>>,
        named: &Named,
    ) -> Option<()> {
        let Some(window) = window else {
            return Some(());
        };
        let path = &named.path;
        self.fail(window.range, Collections::NoWindow { path })
    }

    fn element_arguments(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        named: &Named,
        place: Place,
    ) -> Option<Vec<Measure>> {
        let (function, path) = (aggregate.function.as_str(), &named.path);
        let scope = Scope::Element;
        let form = Form::of(aggregate.function);
        let place_of = |checker: &Self, argument: Option<&Expression>| match (form, argument) {
            (Form::OfNumbers, _) => Place::Number,
            (Form::OfValues, Some(argument)) => checker.default_place(argument, scope),
            (Form::OfValues, None) => Place::Text,
            _ => place,
        };
        match (form, named.arguments.as_slice()) {
            (Form::OfEvents(_), []) => Some(Vec::new()),
            (Form::OfEvents(_), [argument, ..]) => {
                let mistake = Collections::MemberCounted {
                    function,
                    path,
                    value: argument,
                };
                self.fail(argument.range, mistake)
            }
            (_, []) => Some(vec![Measure::Member {
                path: ELEMENT.into(),
                place: place_of(self, None),
            }]),
            (form, [_, second, ..]) if form != Form::OfValues => {
                let range = expression.range.to(second.range);
                self.fail(range, Aggregates::SeveralValues { function })
            }
            (_, several) => {
                let measured: Vec<Option<Measure>> = several
                    .iter()
                    .map(|argument| {
                        let place = place_of(self, Some(argument));
                        self.measure(argument, place, scope)
                    })
                    .collect();
                measured.into_iter().collect()
            }
        }
    }

    /// A member of the element; a scalar element is its own member `value`.
    pub(super) fn member(&mut self, path: String, place: Place) -> Measure {
        let path: Path = path.into();
        Measure::Member { path, place }
    }
}
