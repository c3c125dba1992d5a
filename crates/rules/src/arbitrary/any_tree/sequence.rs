//! Every sequence that a text can be read into.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{duration, event, key, window};
use crate::located::Located;
use crate::tree::{AggregateName, Expression, Gap, Node, OfStep, Same, Sequence, Step, Within};

/// A sequence, the number of them, or gaps.
pub(super) fn node(
    of: impl Strategy<Value = Expression> + Clone + 'static,
) -> impl Strategy<Value = Node> {
    let between = sequence(of.clone());
    prop_oneof![
        2 => sequence(of.clone()).prop_map(Node::Sequence),
        1 => sequence(of).prop_map(Node::CountSequences),
        1 => (select(AggregateName::ALL), between)
            .prop_map(|(function, between)| Node::Gap(Gap { function, between })),
    ]
}

/// Steps in their order.
pub(super) fn sequence(
    of: impl Strategy<Value = Expression> + Clone + 'static,
) -> impl Strategy<Value = Sequence> {
    let window = option::of(window(of.clone()).prop_map(|window| Box::new(Located::from(window))));
    (vec(step(of.clone()), 1..4), vec(same(of), 0..3), window).prop_map(|(steps, same, window)| {
        Sequence {
            steps,
            same,
            window,
        }
    })
}

fn step(of: impl Strategy<Value = Expression> + Clone + 'static) -> impl Strategy<Value = Step> {
    let within = (duration(), option::of(key()))
        .prop_map(|(span, after)| Located::from(Within { span, after }));
    let events = vec(event().prop_map(Located::from), 1..3);
    let filter = option::of(of.prop_map(Box::new));
    (
        any::<bool>(),
        events,
        filter,
        option::of(key()),
        option::of(within),
    )
        .prop_map(|(not, events, filter, name, within)| Step {
            not,
            events,
            filter,
            name,
            within,
        })
}

fn same(of: impl Strategy<Value = Expression> + Clone + 'static) -> impl Strategy<Value = Same> {
    let of_step = (key(), of.clone()).prop_map(|(step, value)| OfStep { step, value });
    prop_oneof![
        of.prop_map(Same::Everywhere),
        vec(of_step, 2..4).prop_map(Same::Between),
    ]
}
