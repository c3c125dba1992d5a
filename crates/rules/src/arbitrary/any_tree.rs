//! Every tree that a text can be read into.

mod group;
mod sequence;

use domain::Unit;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::located::Located;
use crate::tree::{
    Aggregate, AggregateName, Anchored, ArithmeticOperator, Case, Cases, ChoiceOperator,
    CompareOperator, Count, EventPattern, Expression, FunctionName, Node, OverUsers, RankAmount,
    RankBound, RankEnd, Ranking, Rule, UsersFunction, Weighted, Window,
};

/// A random tree.
pub fn any_rule() -> impl Strategy<Value = Rule> {
    let case = (text(), expression()).prop_map(|(value, when)| Case {
        value: value.into(),
        when,
    });
    let cases = (vec(case, 1..4), option::of(text())).prop_map(|(of, otherwise)| Cases {
        of,
        otherwise: otherwise.map(Located::from),
    });
    prop_oneof![4 => expression().prop_map(Rule::Expression), 1 => cases.prop_map(Rule::Cases)]
}

fn expression() -> impl Strategy<Value = Expression> {
    leaf()
        .prop_map(Expression::from)
        .prop_recursive(6, 48, 4, |of| {
            let boxed = of.clone().prop_map(Box::new);
            prop_oneof![
                logic(of.clone()).boxed(),
                tested(of.clone()).boxed(),
                (
                    boxed.clone(),
                    select(ArithmeticOperator::ALL),
                    boxed.clone()
                )
                    .prop_map(|(left, operator, right)| Node::Arithmetic {
                        left,
                        operator,
                        right
                    }),
                boxed.prop_map(Node::Negate),
                (select(FunctionName::ALL), vec(of.clone(), 0..4)).prop_map(
                    |(function, arguments)| Node::Call {
                        function,
                        arguments
                    }
                ),
                (key(), of.clone(), key()).prop_map(|(table, row, column)| Node::Lookup {
                    table,
                    row: Box::new(row),
                    column,
                }),
                vec(weighted(of.clone()), 1..4).prop_map(Node::Points),
                // Trees of values lie on the stack unless they are boxed, one for each level.
                aggregate(of.clone()).prop_map(Node::Aggregate).boxed(),
                group::grouped(of.clone()).prop_map(Node::Grouped).boxed(),
                group::regularly(of.clone())
                    .prop_map(Node::Regularly)
                    .boxed(),
                sequence::node(of.clone()).boxed(),
                population(of.clone()).boxed(),
                (key(), of.clone().prop_map(Box::new))
                    .prop_map(|(tag, at)| Node::TagAt { tag, at })
                    .boxed(),
                (of.prop_map(Box::new), duration()).prop_map(|(condition, at_least)| {
                    Node::Lasting {
                        condition,
                        at_least,
                    }
                }),
            ]
            .prop_map(Expression::from)
        })
}

fn weighted(of: impl Strategy<Value = Expression>) -> impl Strategy<Value = Weighted> {
    (number(), of).prop_map(|(weight, when)| Weighted {
        weight: weight.into(),
        when,
    })
}

fn logic(of: impl Strategy<Value = Expression> + Clone + 'static) -> impl Strategy<Value = Node> {
    prop_oneof![
        of.clone().prop_map(|of| Node::Not(Box::new(of))),
        vec(of.clone(), 2..4).prop_map(Node::And),
        vec(of.clone(), 2..4).prop_map(Node::Or),
        (count(), vec(of, 1..4)).prop_map(|(count, of)| Node::AtLeast { count, of }),
    ]
}

fn tested(of: impl Strategy<Value = Expression> + Clone + 'static) -> impl Strategy<Value = Node> {
    let boxed = of.clone().prop_map(Box::new);
    let negated = any::<bool>();
    let window = window(of.clone()).prop_map(|window| Box::new(Located::from(window)));
    prop_oneof![
        (
            boxed.clone(),
            select(CompareOperator::ALL),
            boxed.clone(),
            any::<bool>()
        )
            .prop_map(|(left, operator, right, ignoring_case)| {
                let ignoring_case = ignoring_case && operator.is_of_text();
                Node::Compare {
                    left,
                    operator,
                    right,
                    ignoring_case,
                }
            }),
        (boxed.clone(), boxed.clone(), boxed.clone(), negated).prop_map(
            |(value, low, high, negated)| Node::Between {
                value,
                low,
                high,
                negated
            }
        ),
        (boxed.clone(), select(ChoiceOperator::ALL), vec(of, 1..4)).prop_map(
            |(value, operator, of)| Node::Choice {
                value,
                operator,
                of
            }
        ),
        boxed.clone().prop_map(Node::IsSet),
        boxed.clone().prop_map(Node::IsNotSet),
        (boxed.clone(), window, negated).prop_map(|(value, window, negated)| Node::InWindow {
            value,
            window,
            negated
        }),
        (boxed.clone(), duration(), negated).prop_map(|(value, next, negated)| {
            Node::Anniversary {
                value,
                next,
                negated,
            }
        }),
        (boxed, key(), negated).prop_map(|(value, list, negated)| Node::ValueInList {
            value,
            list,
            negated
        }),
    ]
}

fn aggregate(
    of: impl Strategy<Value = Expression> + Clone + 'static,
) -> impl Strategy<Value = Aggregate> {
    let clause = || option::of(of.clone().prop_map(Box::new));
    let clauses = (clause(), clause(), clause());
    let window = option::of(window(of.clone()).prop_map(|window| Box::new(Located::from(window))));
    let events = vec(event().prop_map(Located::from), 1..3);
    (
        select(AggregateName::ALL),
        events,
        vec(of, 0..3),
        option::of(count()),
        clauses,
        window,
    )
        .prop_map(
            |(function, events, arguments, number, (by, filter, having), window)| {
                let (number, percent) = match function {
                    AggregateName::Percentile => (None, number.map(percent)),
                    _ => (number, None),
                };
                Aggregate {
                    function,
                    events,
                    arguments,
                    number,
                    percent,
                    by,
                    filter,
                    having,
                    window,
                }
            },
        )
}

fn unit() -> impl Strategy<Value = Unit> + Clone {
    select(
        &[
            Unit::Hour,
            Unit::Day,
            Unit::Week,
            Unit::Month,
            Unit::Quarter,
            Unit::Year,
        ][..],
    )
}

fn population(
    of: impl Strategy<Value = Expression> + Clone + 'static,
) -> impl Strategy<Value = Node> {
    let boxed = of.prop_map(Box::new);
    let maybe = option::of(boxed.clone());
    let ranking = (boxed.clone(), maybe.clone(), maybe.clone())
        .prop_map(|(by, among, per)| Ranking { by, among, per });
    let amount = prop_oneof![
        count().prop_map(RankAmount::Count),
        "[0-9]{1,3}(\\.[0-9]{1,3})?".prop_map(RankAmount::Percent),
    ];
    let bound = (any::<bool>(), select(RankEnd::ALL), amount).prop_map(|(exactly, end, amount)| {
        RankBound {
            exactly,
            end,
            amount,
        }
    });
    let attribute = prop_oneof![
        vec(name(), 1..3).prop_map(Node::Name),
        key().prop_map(Node::Tag)
    ];
    let attribute = attribute.prop_map(|node| Box::new(Expression::from(node)));
    prop_oneof![
        ranking.clone().prop_map(Node::Rank),
        (ranking.clone(), bound, any::<bool>()).prop_map(|(ranking, bound, negated)| {
            Node::InRank {
                ranking,
                bound,
                negated,
            }
        }),
        (ranking, count()).prop_map(|(ranking, parts)| Node::Quantile { ranking, parts }),
        (boxed.clone(), attribute).prop_map(|(user, of)| Node::OfUser { user, of }),
        (select(UsersFunction::ALL), maybe.clone(), boxed, maybe).prop_map(
            |(function, of, by, filter)| Node::OverUsers(OverUsers {
                function,
                of,
                by,
                filter
            })
        ),
    ]
}

fn event() -> impl Strategy<Value = EventPattern> {
    prop_oneof![
        name().prop_map(EventPattern::Name),
        name().prop_map(EventPattern::Event),
        name().prop_map(EventPattern::Prefix),
        Just(EventPattern::Any),
        vec(name(), 1..3).prop_map(|path| EventPattern::Changed(path.into())),
        key().prop_map(EventPattern::Entered),
        key().prop_map(EventPattern::Left),
        key().prop_map(EventPattern::Linked),
        key().prop_map(EventPattern::Unlinked),
    ]
}

fn window(of: impl Strategy<Value = Expression> + Clone + 'static) -> BoxedStrategy<Window> {
    let bound = of.prop_map(Box::new);
    let unit = unit();
    let side = prop_oneof![Just(Anchored::After), Just(Anchored::Before)];
    prop_oneof![
        Just(Window::Ever),
        Just(Window::Today),
        Just(Window::Yesterday),
        duration().prop_map(Window::Last),
        duration().prop_map(Window::Next),
        (count(), unit.clone()).prop_map(|(count, unit)| Window::LastCalendar { count, unit }),
        (count(), unit.clone()).prop_map(|(count, unit)| Window::PreviousCalendar { count, unit }),
        unit.clone().prop_map(Window::Previous),
        unit.prop_map(Window::This),
        (bound.clone(), bound.clone()).prop_map(|(from, to)| Window::From { from, to }),
        (bound.clone(), bound.clone()).prop_map(|(from, to)| Window::Between { from, to }),
        bound.clone().prop_map(Window::Since),
        bound.clone().prop_map(Window::Before),
        (duration(), side, bound).prop_map(|(span, side, anchor)| Window::Within {
            span,
            side,
            anchor
        }),
    ]
    .boxed()
}

fn leaf() -> impl Strategy<Value = Node> {
    prop_oneof![
        number().prop_map(Node::Number),
        duration().prop_map(Node::Duration),
        duration().prop_map(Node::Ago),
        select(&["2026-11-01T10:00Z", "2026-11-01T10:00:00.5+08:00"][..])
            .prop_map(|time| Node::Time(time.to_owned())),
        Just(Node::Date("2026-11-01".to_owned())),
        text().prop_map(Node::Text),
        any::<bool>().prop_map(Node::Truth),
        Just(Node::Now),
        Just(Node::Everyone),
        vec(name(), 1..4).prop_map(Node::Name),
        key().prop_map(Node::InList),
        key().prop_map(Node::InAudience),
        key().prop_map(Node::Tag),
    ]
}

fn number() -> impl Strategy<Value = String> {
    let digits = prop_oneof![
        "-?[0-9]{1,30}",
        "-?[0-9]{1,5}\\.[0-9]{1,20}",
        "-?[0-9]{1,3}e-?[0-9]{1,2}"
    ];
    let unit = select(&["", "", "", " ether", " gwei", " wei"][..]);
    (digits, unit).prop_map(|(digits, unit)| digits + unit)
}

fn duration() -> impl Strategy<Value = String> {
    "[0-9]{1,4}(\\.[0-9]{1,2})?[smhdw]"
}

fn count() -> impl Strategy<Value = Count> {
    (1..200_u32).prop_map(|count| Count::new(count).unwrap_or(Count::ONE))
}

/// A percentage as it may be written.
fn percent(number: Count) -> Located<String> {
    Located::from(format!("{number}.5"))
}

fn key() -> impl Strategy<Value = Located<String>> {
    name().prop_map(Located::from)
}

/// Names: plain, keywords, and ones that need backticks.
fn name() -> impl Strategy<Value = String> {
    let words = select(
        &[
            "and", "or", "not", "in", "last", "event", "users", "by", "to", "at", "least", "of",
            "ago", "true", "now", "count", "tag", "list", "if", "case", "when", "else", "where",
            "having", "before", "ether", "set", "AND", "NOT", "gap", "calendar", "奖励", "between",
            "top", "exactly", "among", "per", "rank", "user", "any",
        ][..],
    );
    prop_oneof![
        "[a-z_][a-z0-9_]{0,6}",
        words.prop_map(str::to_owned),
        "\\PC{1,6}",
        "[\\\\`\"“\n\t0-9 .*()-]{1,4}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,5}",
        "\\PC{0,8}",
        "[\\\\`\"'“”nrtu{}\n\r\t\u{0}\u{7f}d-]{0,8}"
    ]
}
