//! Collections: aggregates over the elements of a list that is known of the user.
//!
//! A name in the place of an event is a collection if a list was seen under it, if it is written
//! as `user.x`, or if only a collection can stand there (`any`, `holdings`).

use domain::HOLDINGS;

use super::Checker;
use super::Form;
use super::scope::{EventScope, GroupScope, Scope};
use crate::checked::{
    Aggregate, AggregateFunction, Collection, Condition, EventSelector, Grouping, Measure, Path,
    Place, Window,
};
use crate::dependencies::Dependencies;
use crate::located::{Located, TextRange};
use crate::mistake::{Aggregates, Collections};
use crate::print::printed_name;
use crate::tree::{self, AggregateName, EventPattern, Expression, Node};

/// The list of a user's wallets.
const WALLETS: &str = "wallets";

/// What a scalar element is called inside `where`.
const ELEMENT: &str = "value";

/// A collection as an aggregate names it.
pub(super) struct Named {
    /// The path of the list.
    pub path: String,
    /// Where it stands.
    range: TextRange,
    /// What is taken of each element.
    pub arguments: Vec<Expression>,
    /// Whether it was written as `user.x`.
    is_of_user: bool,
}

impl Checker<'_> {
    /// The collection that an aggregate goes over, if it goes over no events.
    pub(super) fn named_collection(&self, aggregate: &tree::Aggregate) -> Option<Named> {
        let [
            Located {
                node: EventPattern::Name(first),
                range,
            },
        ] = aggregate.events.as_slice()
        else {
            return None;
        };
        let (dotted, others) = match aggregate.arguments.as_slice() {
            [
                Located {
                    node: Node::Name(parts),
                    ..
                },
            ] => (parts.as_slice(), &[] as &[Expression]),
            others => (&[] as &[String], others),
        };
        let is_event = self.vocabulary.events.contains_key(first.as_str());
        let is_of_user = first == "user" && !dotted.is_empty() && !is_event;
        let parts: Vec<&str> = std::iter::once(first.as_str())
            .chain(dotted.iter().map(String::as_str))
            .skip(usize::from(is_of_user))
            .collect();
        let path = |length: usize| parts.get(..length).unwrap_or_default().join(".");
        let known = (1..=parts.len())
            .rev()
            .find(|length| self.vocabulary.collections.contains(path(*length).as_str()));
        let names_identities = first == WALLETS && !is_event;
        let is_needed = is_of_user
            || names_identities
            || aggregate.function == AggregateName::Any
            || (first == HOLDINGS && !is_event);
        let takes_value = !matches!(Form::of(aggregate.function), Form::OfEvents(_));
        let length = match known {
            Some(length) => length,
            None if !is_needed => return None,
            None if takes_value && others.is_empty() && parts.len() > 1 => parts.len() - 1,
            None => parts.len(),
        };
        let rest: Vec<String> = parts.iter().skip(length).map(ToString::to_string).collect();
        let behind: usize = rest.iter().map(|part| part.len() + 1).sum();
        let behind = u32::try_from(behind).unwrap_or(u32::MAX);
        let range = match aggregate.arguments.first() {
            Some(dotted) if others.is_empty() => TextRange {
                start: range.start,
                end: dotted.range.end.saturating_sub(behind),
            },
            _ => *range,
        };
        let arguments = match (rest.is_empty(), aggregate.arguments.first()) {
            (false, Some(written)) => vec![Located::new(Node::Name(rest), written.range)],
            _ => others.to_vec(),
        };
        Some(Named {
            path: path(length),
            range,
            arguments,
            is_of_user,
        })
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
        let elements = self.elements(expression, aggregate, named, place);
        let groups = GroupScope {
            events: EventSelector::default(),
            of_event: EventScope::default(),
            collection: Some(named.path.clone()),
        };
        let (function, elements) = match elements {
            Some(elements) => (Some(elements.function.clone()), Some(elements)),
            None => (None, None),
        };
        let function = self.grouped_function(expression, aggregate, function, &groups)?;
        if let AggregateFunction::Groups(grouping) = &function {
            self.refuse_attributes(expression, grouping)?;
        }
        let aggregate = Aggregate {
            function,
            ..elements?
        };
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
        let filter = match &aggregate.filter {
            Some(filter) => {
                let filter = self.condition(filter, Scope::Element)?;
                Some(filter).filter(|filter| *filter != Condition::Constant(true))
            }
            None => None,
        };
        allowed?;
        Some(Aggregate {
            function: function?,
            events: EventSelector::default(),
            arguments: arguments?,
            filter,
            window: Window::Ever,
        })
    }

    /// An aggregate over a group of the elements of the list at a path.
    pub(super) fn aggregate_of_elements(
        &mut self,
        expression: &Expression,
        aggregate: &tree::Aggregate,
        path: &str,
        place: Place,
    ) -> Option<Measure> {
        let named = if aggregate.events.is_empty() {
            Some(Named {
                path: path.to_owned(),
                range: expression.range,
                arguments: Vec::new(),
                is_of_user: false,
            })
        } else {
            self.named_collection(aggregate)
        };
        let Some(named) = named.filter(|named| named.path == path) else {
            return self.fail(expression.range, Collections::OtherGroup { path });
        };
        if aggregate.having.is_some() || aggregate.by.is_some() {
            return self.fail(expression.range, Collections::GroupsOfGroups);
        }
        let measured = self.elements(expression, aggregate, &named, place)?;
        Some(Measure::Aggregate(Box::new(measured)))
    }

    /// What is demanded of groups of elements looks at them alone.
    fn refuse_attributes(&mut self, expression: &Expression, grouping: &Grouping) -> Option<()> {
        if Dependencies::of_grouping(grouping).attributes.is_empty() {
            return Some(());
        }
        self.fail(expression.range, Collections::AttributeInHaving)
    }

    /// Elements by what they measure.
    pub(super) fn refuse_groups<T>(&mut self, expression: &Expression) -> Option<T> {
        self.fail(expression.range, Collections::NoFold)
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
        if let Some(window) = &aggregate.window {
            allowed = self.fail(window.range, Collections::NoWindow { path });
        }
        allowed
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
