//! What an expression is by itself: a number, a text, a time … or whatever its place demands.

use domain::{PropertyDefinition, PropertyType};

use super::arithmetic::typing;
use super::scope::Scope;
use super::{Checker, Form};
use crate::checked::Place;
use crate::diagnostic::Diagnostic;
use crate::mistake::Types;
use crate::tree::{Aggregate, EventPattern, Expression, FunctionName, Node};
use crate::vocabulary::TagKind;

impl Checker<'_> {
    /// What the expression is wherever it stands; nothing for names and the like, which are what
    /// their place demands.
    pub(super) fn natural(&self, expression: &Expression, scope: Scope<'_>) -> Option<Place> {
        match &expression.node {
            Node::Number(_) => Some(Place::Number),
            Node::Text(_) => Some(Place::Text),
            Node::Duration(_) => Some(Place::Span),
            Node::Time(_) | Node::Date(_) | Node::Ago(_) | Node::Now => Some(Place::Moment),
            Node::Name(parts) => own_field(parts, scope).or_else(|| declared_place(parts, scope)),
            Node::Tag(key) => match self.vocabulary.tags.get(key.node.as_str()) {
                Some(TagKind::YesNo) => Some(Place::Truth),
                Some(TagKind::Values(_)) => Some(Place::Text),
                // Nothing said what the value is, so that it is what its place demands.
                Some(TagKind::Metric(Place::Text)) => None,
                Some(TagKind::Metric(place)) => Some(*place),
                None => None,
            },
            Node::TagAt { tag, .. } => match self.vocabulary.tags.get(tag.node.as_str()) {
                Some(TagKind::Values(_)) => Some(Place::Text),
                Some(TagKind::Metric(place)) => Some(*place),
                _ => Some(Place::Truth),
            },
            Node::Negate(of) => self.natural(of, scope),
            Node::Arithmetic {
                left,
                operator,
                right,
            } => {
                let (left, right) = (self.natural(left, scope), self.natural(right, scope));
                typing(*operator, left, right, None)
                    .ok()
                    .and_then(|typing| typing.result)
            }
            Node::Call {
                function,
                arguments,
            } => self.natural_of_call(*function, arguments, scope),
            Node::Points(_) => Some(Place::Number),
            Node::Lookup { .. } => None,
            Node::Aggregate(aggregate) => natural_of_aggregate(self, aggregate),
            Node::CountSequences(_) => Some(Place::Number),
            Node::Gap(gap) => Some(super::sequence::natural_of_gap(gap.function)),
            Node::Rank(_) | Node::Quantile { .. } => Some(Place::Number),
            Node::OverUsers(over) if !over.is_condition() => Some(Place::Number),
            Node::OfUser { of, .. } => self.natural(of, Scope::User),
            Node::Grouped(grouped) => self.natural_of_grouped(grouped, scope),
            Node::Broken => None,
            _ => Some(Place::Truth),
        }
    }

    fn natural_of_call(
        &self,
        function: FunctionName,
        arguments: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Place> {
        match function {
            FunctionName::Age if arguments.len() < 2 => Some(Place::Span),
            FunctionName::If => arguments
                .iter()
                .skip(1)
                .find_map(|argument| self.natural(argument, scope)),
            FunctionName::Coalesce => arguments
                .iter()
                .find_map(|argument| self.natural(argument, scope)),
            FunctionName::Lower | FunctionName::Version => Some(Place::Text),
            FunctionName::HasIdentity => Some(Place::Truth),
            FunctionName::IdentityCount | FunctionName::Bucket => Some(Place::Number),
            FunctionName::Age
            | FunctionName::DateDifference
            | FunctionName::Absolute
            | FunctionName::Round
            | FunctionName::Length
            | FunctionName::Hour
            | FunctionName::Weekday
            | FunctionName::DayOfMonth
            | FunctionName::Month
            | FunctionName::Year => Some(Place::Number),
        }
    }

    /// The place of a value that nothing else decides: a metric alone, or two names compared.
    pub(super) fn default_place(&self, expression: &Expression, scope: Scope<'_>) -> Place {
        if let Some(place) = self.natural(expression, scope) {
            return place;
        }
        match &expression.node {
            Node::Arithmetic { .. } | Node::Negate(_) => Place::Number,
            Node::Lookup { table, column, .. }
                if self.is_column_of_numbers(&table.node, &column.node) =>
            {
                Place::Number
            }
            Node::Aggregate(aggregate) => match Form::of(aggregate.function) {
                Form::Picks | Form::Lists => Place::Text,
                Form::PicksInOrder if self.is_without_numbers(aggregate) => Place::Text,
                _ => Place::Number,
            },
            Node::Call { arguments, .. } => {
                let is_number = arguments
                    .iter()
                    .any(|argument| self.default_place(argument, scope) == Place::Number);
                if is_number {
                    Place::Number
                } else {
                    Place::Text
                }
            }
            _ => Place::Text,
        }
    }

    /// Whether what is measured had values, but never a number.
    fn is_without_numbers(&self, aggregate: &Aggregate) -> bool {
        let [
            Expression {
                node: Node::Name(parts),
                ..
            },
        ] = aggregate.arguments.as_slice()
        else {
            return false;
        };
        let path = parts.join(".");
        let others = &self.vocabulary.events_without_numbers;
        let mut events = aggregate.events.iter();
        events.all(|event| match &event.node {
            EventPattern::Name(name) | EventPattern::Event(name) => others
                .get(name.as_str())
                .is_some_and(|others| others.contains(path.as_str())),
            _ => false,
        })
    }

    /// Tells that an expression is not what its place demands.
    pub(super) fn mismatch<T>(&mut self, expression: &Expression, wanted: Place) -> Option<T> {
        let is = match &expression.node {
            Node::Number(_) => Place::Number,
            Node::Text(_) => Place::Text,
            Node::Duration(_) => Place::Span,
            Node::Truth(_) => Place::Truth,
            _ => self.natural(expression, Scope::User).unwrap_or(Place::Any),
        };
        let range = expression.range;
        let shown = expression;
        self.refuse(match (&expression.node, wanted) {
            (Node::Text(text), _) if Self::without_quotes(text, wanted).is_some() => {
                Diagnostic::at(range, Types::Quoted { wanted, text }).with_fix(text)
            }
            (Node::Number(number), Place::Span) => {
                let diagnostic = Diagnostic::at(range, Types::NoUnit { number });
                diagnostic.with_fix(format!("{number}d"))
            }
            (Node::Duration(span), Place::Moment) => {
                let diagnostic = Diagnostic::at(range, Types::SpanForTime { span });
                diagnostic.with_fix(format!("{span} ago"))
            }
            (Node::Number(_) | Node::Text(_), Place::Moment) => {
                Diagnostic::at(range, Types::NoTime { shown, is })
            }
            _ => Diagnostic::at(range, Types::Needed { wanted, shown, is }),
        })
    }
}

/// The event's own fields.
fn own_field(parts: &[String], scope: Scope<'_>) -> Option<Place> {
    match (scope, parts) {
        (Scope::Event(_), [field]) => match field.as_str() {
            "time" => Some(Place::Moment),
            "source" | "event" => Some(Place::Text),
            _ => None,
        },
        _ => None,
    }
}

/// What the tracking plan says of a property of the event.
pub(super) fn declared<'s>(parts: &[String], scope: Scope<'s>) -> Option<&'s PropertyDefinition> {
    let Scope::Event(events) = scope else {
        return None;
    };
    let path = match parts {
        [properties, rest @ ..] if properties == "properties" && !rest.is_empty() => rest.join("."),
        _ => parts.join("."),
    };
    events.declared.get(path.as_str()).map(AsRef::as_ref)
}

fn declared_place(parts: &[String], scope: Scope<'_>) -> Option<Place> {
    place_of_type(declared(parts, scope)?.of_type?)
}

/// The place that a type demands; nothing of lists and objects, whose elements and members the
/// place of use decides.
pub(super) fn place_of_type(of_type: PropertyType) -> Option<Place> {
    match of_type {
        PropertyType::Text => Some(Place::Text),
        PropertyType::Integer | PropertyType::Number => Some(Place::Number),
        PropertyType::Boolean => Some(Place::Truth),
        PropertyType::Time | PropertyType::Date => Some(Place::Moment),
        PropertyType::List | PropertyType::Texts | PropertyType::Objects | PropertyType::Object => {
            None
        }
    }
}

fn natural_of_aggregate(checker: &Checker<'_>, aggregate: &Aggregate) -> Option<Place> {
    match Form::of(aggregate.function) {
        Form::OfEvents(place) => Some(place),
        Form::OfNumbers | Form::OfValues => Some(Place::Number),
        Form::Picks | Form::PicksInOrder | Form::Lists => {
            let scope = checker.known_of(&aggregate.events);
            if let Some(named) = checker.named_collection(aggregate) {
                let [argument] = named.arguments.as_slice() else {
                    return None;
                };
                return checker.natural(argument, Scope::Element);
            }
            let [argument] = aggregate.arguments.as_slice() else {
                return None;
            };
            let natural = checker.natural(argument, Scope::Event(&scope));
            // Lists of truths are lists of their texts.
            natural.map(|place| match (place, Form::of(aggregate.function)) {
                (Place::Truth, Form::Lists) => Place::Text,
                (place, _) => place,
            })
        }
    }
}
