//! Every aggregate in groups, and every count of periods, that a text can be read into.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{aggregate, count, event, name, sequence, unit, window};
use crate::located::Located;
use crate::tree::{AggregateName, Expression, Gap, GroupKey, Grouped, Node, Periods, Regularly};

/// `max(count(tx) per hour)` and the like.
pub(super) fn grouped(
    of: impl Strategy<Value = Expression> + Clone + 'static,
) -> impl Strategy<Value = Grouped> {
    let per = prop_oneof![
        unit().prop_map(GroupKey::Period),
        vec(of.clone(), 1..3).prop_map(GroupKey::Values),
        name().prop_map(|name| GroupKey::Values(vec![Node::Name(vec![name]).into()])),
    ];
    let window = option::of(window(of.clone()).prop_map(|window| Box::new(Located::from(window))));
    let in_order = sequence::sequence(of.clone()).prop_map(Node::CountSequences);
    let gaps = (select(AggregateName::ALL), sequence::sequence(of.clone()));
    let gaps = gaps.prop_map(|(function, between)| Node::Gap(Gap { function, between }));
    let of = prop_oneof![
        4 => aggregate(of).prop_map(Node::Aggregate),
        1 => in_order,
        1 => gaps,
    ];
    let of = of.prop_map(|of| Box::new(of.into()));
    (select(AggregateName::ALL), of, per, window).prop_map(|(function, of, per, window)| Grouped {
        function,
        of,
        per,
        window,
    })
}

/// `regularly(…)`
pub(super) fn regularly(
    of: impl Strategy<Value = Expression> + Clone + 'static,
) -> impl Strategy<Value = Regularly> {
    let events = vec(event().prop_map(Located::from), 1..3);
    let filter = option::of(of.prop_map(Box::new));
    let periods = prop_oneof![
        (count(), unit()).prop_map(|(count, unit)| Periods::Last { count, unit }),
        (count(), unit()).prop_map(|(count, unit)| Periods::Previous { count, unit }),
    ];
    (events, filter, count(), periods).prop_map(|(events, filter, at_least, of)| Regularly {
        events,
        filter,
        at_least,
        of: of.into(),
    })
}
