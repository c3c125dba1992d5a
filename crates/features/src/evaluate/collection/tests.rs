//! Aggregates over the elements of a list.

use domain::{Decimal, ListKey, Time, Value};
use rules::checked::{
    Aggregate, AggregateFunction, Collection, Comparison, Condition, EventSelector, Measure, Path,
    Place, Window,
};

use super::super::{Scope, measure};

/// A user with a list of instants, for whom every test has held since instant 2.
struct Holder;

impl Scope for Holder {
    fn now(&self) -> Time {
        Time::from_millis(9)
    }

    fn attribute(&self, _path: &Path, _place: Place) -> Option<Value> {
        let instants = [1, 2, 3].map(|millis| Value::Time(Time::from_millis(millis)));
        Some(instants.into_iter().collect())
    }

    fn held_since(&self, _test: &Condition) -> Option<Value> {
        Some(Value::Time(Time::from_millis(2)))
    }

    fn value_in_list(&self, _list: &ListKey, _text: &str) -> bool {
        false
    }
}

#[test]
fn an_element_is_held_against_whatever_is_known_of_its_user() {
    let counted = Aggregate {
        function: AggregateFunction::Count,
        events: EventSelector::default(),
        arguments: Vec::new(),
        filter: Some(Condition::Compare {
            left: Measure::Member {
                path: "value".into(),
                place: Place::Moment,
            },
            comparison: Comparison::AtLeast,
            right: Measure::HeldSince(Box::new(Condition::Constant(true))),
            zone: None,
        }),
        window: Window::Ever,
    };
    let of = Measure::Attribute {
        path: "visits".into(),
        place: Place::Any,
    };
    let collection = Measure::Collection(Box::new(Collection {
        of,
        aggregate: counted,
    }));
    assert_eq!(
        measure(&collection, &Holder),
        Some(Value::Number(Decimal::from(2)))
    );
}
