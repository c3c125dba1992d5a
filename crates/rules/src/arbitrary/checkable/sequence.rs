//! Sequences that check.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{events, filter, window};

/// A condition: a sequence, or a bound of the time between two events.
pub(super) fn condition() -> impl Strategy<Value = String> {
    let of_gaps = (
        select(&["avg", "min", "max", "sum"][..]),
        gap(),
        select(&["<=", ">"][..]),
        select(&["0s", "36h", "30d"][..]),
    )
        .prop_map(|(function, gap, operator, span)| format!("{function}({gap}) {operator} {span}"));
    let start = select(&["", "", "not other -> ", "not other within 7d -> "][..]);
    let end = select(&["", "", " -> not event_b", " -> not event_b within 2d"][..]);
    let sequence =
        (start, steps(), end, same(), window()).prop_map(|(start, steps, end, same, window)| {
            format!("sequence({start}{steps}{end}{same}{window})")
        });
    prop_oneof![6 => sequence, 1 => of_two_names(), 2 => of_gaps, 1 => of_gaps_in_groups()]
}

/// Two steps of which values of other names are equal.
fn of_two_names() -> impl Strategy<Value = String> {
    let same = [
        "same first.t = then.t",
        "same first.n = then.(length(t)), same b",
    ];
    (
        events(),
        filter(),
        events(),
        select(same.to_vec()),
        window(),
    )
        .prop_map(|(from, filter, to, same, window)| {
            format!("sequence({from}{filter} as first -> {to} as then, {same}{window})")
        })
}

/// Durations that are measured in groups.
fn of_gaps_in_groups() -> impl Strategy<Value = String> {
    let functions = select(&["avg", "median", "sum", "stddev", "max"][..]);
    let per = select(&["day", "t", "(t, n)"][..]);
    (functions.clone(), functions, per, window()).prop_map(|(function, of, per, window)| {
        format!("{function}({of}(gap(event_a -> event_a)) per {per}{window}) < 36h")
    })
}

/// How many matches or gaps there are.
pub(super) fn number() -> impl Strategy<Value = String> {
    let sequences = (steps(), same(), window())
        .prop_map(|(steps, same, window)| format!("count_sequences({steps}{same}{window})"));
    prop_oneof![sequences, gap().prop_map(|gap| format!("count({gap})"))]
}

fn gap() -> impl Strategy<Value = String> {
    (events(), events(), same(), window())
        .prop_map(|(from, to, same, window)| format!("gap({from} -> {to}{same}{window})"))
}

/// Steps that happen, with others between them that do not.
fn steps() -> impl Strategy<Value = String> {
    let absent = select(&["", "", "", "not event_b -> ", "not (other, event_a) -> "][..]);
    let within = select(&["", "", " within 36h", " within 2d after start"][..]);
    let more = (absent, events(), filter(), within).prop_map(|(absent, events, filter, within)| {
        format!(" -> {absent}{events}{filter}{within}")
    });
    (events(), filter(), vec(more, 1..4))
        .prop_map(|(events, filter, more)| format!("{events}{filter} as start{}", more.concat()))
}

fn same() -> impl Strategy<Value = String> {
    select(&["", "", ", same t", ", same n, same b", ", same (length(t))"][..])
        .prop_map(str::to_owned)
}
