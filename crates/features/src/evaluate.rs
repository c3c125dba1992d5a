//! The meaning of measures and conditions for one user or one event, value by value.
//!
//! What stands at the leaves comes from a [`Scope`]. The engine uses this for what its
//! columns cannot do at once, the reference evaluator for everything.

mod arithmetic;
mod collection;
mod function;

use domain::{AudienceKey, ListKey, Table, TagKey, Time, Value};
use rules::checked::{
    Aggregate, Condition, Letters, Measure, Path, Place, Population, TextTest, Window,
};

use self::arithmetic::arithmetic;
use self::function::apply;
use crate::calendar;
use crate::place::{self, compare, elements, judged, lies_between};
use crate::window;
use rules::pattern;

/// Where the leaves of a condition get their values from. What a scope does not have is missing.
pub trait Scope {
    /// The scope around this one, which answers what this one does not: of an element of a list, the user's.
    fn outer(&self) -> Option<&dyn Scope> {
        None
    }
    /// The instant of evaluation.
    fn now(&self) -> Time;
    /// A profile attribute in its place.
    fn attribute(&self, path: &Path, place: Place) -> Option<Value>;
    /// A property of the event in its place.
    fn property(&self, path: &Path, place: Place) -> Option<Value> {
        self.outer()?.property(path, place)
    }
    /// A member of the element of a list in its place.
    fn member(&self, _path: &Path, _place: Place) -> Option<Value> {
        None
    }
    /// The time of the event.
    fn event_time(&self) -> Option<Time> {
        None
    }
    /// Whether nobody sent the event: it follows from the history.
    fn is_derived(&self) -> bool {
        false
    }
    /// The place of the event in its source's own order.
    fn event_position(&self) -> i64 {
        0
    }
    /// The source of the event.
    fn event_source(&self) -> Option<Value> {
        None
    }
    /// The name of the event.
    fn event_name(&self) -> Option<Value> {
        None
    }
    /// Something measured over the user's events.
    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        self.outer()?.aggregate(aggregate)
    }
    /// What the user has among all users.
    fn population(&self, population: &Population) -> Option<Value> {
        self.outer()?.population(population)
    }
    /// Since when a test of an attribute has held.
    fn held_since(&self, test: &Condition) -> Option<Value> {
        self.outer()?.held_since(test)
    }
    /// The value that another tag had at an instant, in its place.
    fn tag_at(&self, tag: &TagKey, at: &Measure, place: Place) -> Option<Value> {
        self.outer()?.tag_at(tag, at, place)
    }
    /// The value of another tag in its place.
    fn tag_value(&self, tag: &TagKey, place: Place) -> Option<Value> {
        self.outer()?.tag_value(tag, place)
    }
    /// Whether the user has another tag.
    fn has_tag(&self, tag: &TagKey) -> bool {
        self.outer().is_some_and(|outer| outer.has_tag(tag))
    }
    /// Whether the user is in an audience.
    fn in_audience(&self, audience: &AudienceKey) -> bool {
        self.outer()
            .is_some_and(|outer| outer.in_audience(audience))
    }
    /// Whether the user is in a list.
    fn user_in_list(&self, list: &ListKey) -> bool {
        self.outer().is_some_and(|outer| outer.user_in_list(list))
    }
    /// Whether a canonical text is in a list of values.
    fn value_in_list(&self, list: &ListKey, text: &str) -> bool;
}

/// The value of a measure, judged: numbers outside the range are missing.
pub fn measure(measure: &Measure, scope: &dyn Scope) -> Option<Value> {
    exact(measure, scope).and_then(judged)
}

/// The value of a measure before the last judgement.
pub fn exact(measure: &Measure, scope: &dyn Scope) -> Option<Value> {
    match measure {
        Measure::Constant(value) => Some(value.clone()),
        Measure::Now => Some(Value::Time(scope.now())),
        Measure::Attribute { path, place } => scope.attribute(path, *place),
        Measure::Property { path, place } => scope.property(path, *place),
        Measure::EventTime => scope.event_time().map(Value::Time),
        Measure::EventSource => scope.event_source(),
        Measure::EventName => scope.event_name(),
        Measure::Aggregate(aggregate) => scope.aggregate(aggregate),
        Measure::Population(population) => scope.population(population),
        Measure::HeldSince(test) => scope.held_since(test),
        Measure::TagAt { tag, at, place } => scope.tag_at(tag, at, *place),
        Measure::Collection(collection) => collection::value(collection, scope),
        Measure::Member { path, place } => scope.member(path, *place),
        Measure::TagValue { tag, place } => scope.tag_value(tag, *place),
        Measure::Lookup {
            table,
            column,
            row,
            place,
        } => looked_up(table, column, &judged(exact(row, scope)?)?, *place),
        Measure::Arithmetic {
            operator,
            left,
            right,
        } => arithmetic(*operator, exact(left, scope)?, exact(right, scope)?),
        Measure::If {
            condition: test,
            then,
            otherwise,
        } => {
            if condition(test, scope) {
                exact(then, scope)
            } else {
                exact(otherwise, scope)
            }
        }
        Measure::Coalesce(alternatives) => alternatives
            .iter()
            .find_map(|alternative| exact(alternative, scope)),
        Measure::Function { function, of } => apply(function, exact(of, scope)?),
        Measure::Age { unit, since, zone } => {
            calendar::age(*unit, &exact(since, scope)?, scope.now(), zone)
        }
        Measure::DateDifference {
            unit,
            from,
            to,
            zone,
        } => calendar::difference(*unit, &exact(from, scope)?, &exact(to, scope)?, zone),
    }
}

/// The value of a row in its place; of a list of keys, those that there are.
fn looked_up(table: &Table, column: &str, row: &Value, place: Place) -> Option<Value> {
    match row {
        Value::List(keys) => Some(
            keys.iter()
                .filter_map(|key| looked_up(table, column, key, place))
                .collect(),
        ),
        key => {
            let value = table.cell(&key.canonical_text()?, column)?;
            place::convert(value.clone(), place)
        }
    }
}

/// Whether a condition holds.
pub fn condition(test: &Condition, scope: &dyn Scope) -> bool {
    match test {
        Condition::Constant(truth) => *truth,
        Condition::All(parts) => parts.iter().all(|part| condition(part, scope)),
        Condition::Any(parts) => parts.iter().any(|part| condition(part, scope)),
        Condition::Not(part) => !condition(part, scope),
        Condition::AtLeast { count, of } => {
            of.iter().filter(|part| condition(part, scope)).count() >= *count as usize
        }
        Condition::Compare {
            left,
            comparison,
            right,
            zone,
        } => match (measure(left, scope), measure(right, scope)) {
            (Some(left), Some(right)) => compare(&left, *comparison, &right, zone.as_ref()),
            _ => false,
        },
        Condition::Between {
            value,
            low,
            high,
            zone,
        } => match (
            measure(value, scope),
            measure(low, scope),
            measure(high, scope),
        ) {
            (Some(value), Some(low), Some(high)) => {
                lies_between(&value, &low, &high, zone.as_ref())
            }
            _ => false,
        },
        Condition::UserInList(list) => scope.user_in_list(list),
        Condition::HasTag(tag) => scope.has_tag(tag),
        Condition::InAudience(audience) => scope.in_audience(audience),
        Condition::IsSet(value) => measure(value, scope).is_some(),
        Condition::OneOf { value, .. }
        | Condition::HasAll { value, .. }
        | Condition::Text { value, .. }
        | Condition::Holds(value)
        | Condition::InWindow { value, .. }
        | Condition::Anniversary { value, .. }
        | Condition::ValueInList { value, .. } => {
            measure(value, scope).is_some_and(|value| value_passes(test, &value, scope))
        }
    }
}

/// Whether the one value that a condition looks at passes it.
fn value_passes(test: &Condition, value: &Value, scope: &dyn Scope) -> bool {
    let some = |passes: &dyn Fn(&Value) -> bool| elements(value).iter().any(passes);
    match test {
        Condition::OneOf { of, .. } => some(&|element| of.contains(element)),
        Condition::HasAll { of, .. } => of
            .iter()
            .all(|wanted| elements(value).iter().any(|element| element == wanted)),
        Condition::Text {
            test,
            pattern,
            letters,
            ..
        } => some(&|element| match element {
            Value::Text(text) => text_passes(*test, *letters, pattern, text),
            _ => false,
        }),
        Condition::Holds(_) => some(&|element| *element == Value::Bool(true)),
        Condition::Anniversary { days, zone, .. } => {
            some(&|element| calendar::has_anniversary(element, *days, scope.now(), zone))
        }
        Condition::InWindow { window, .. } => {
            let interval = window::resolve(window, scope.now(), &|bound: &Measure| {
                measure(bound, scope)
            });
            some(&|element| in_window(element, window, interval))
        }
        Condition::ValueInList { list, .. } => some(&|element| match element {
            Value::Text(text) => scope.value_in_list(list, text),
            _ => false,
        }),
        _ => false,
    }
}

fn in_window(element: &Value, _window: &Window, interval: window::Interval) -> bool {
    matches!(element, Value::Time(at) if interval.contains(*at))
}

fn text_passes(test: TextTest, letters: Letters, sought: &str, text: &str) -> bool {
    if test == TextTest::Matches {
        return pattern::matches(sought, letters, text);
    }
    let holds = |text: &str, sought: &str| match test {
        TextTest::Contains => text.contains(sought),
        TextTest::StartsWith => text.starts_with(sought),
        TextTest::EndsWith => text.ends_with(sought),
        TextTest::Equals | TextTest::Matches => text == sought,
    };
    match letters {
        Letters::Exact => holds(text, sought),
        Letters::Folded => holds(&pattern::fold(text), &pattern::fold(sought)),
    }
}
