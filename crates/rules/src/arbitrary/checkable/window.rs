//! Windows of time.

use proptest::prelude::*;
use proptest::sample::select;

use super::Where;

/// Nothing, or a comma and a window of events.
pub(super) fn window() -> impl Strategy<Value = String> {
    let bound = || {
        select(
            &[
                "2026-11-01",
                "2026-10-01T00:00Z",
                "m",
                "30d ago",
                "first_time(other)",
                "now",
            ][..],
        )
    };
    let fixed = select(
        &[
            "ever",
            "today",
            "yesterday",
            "this week",
            "previous month",
            "last 24h",
            "last 7d",
            "last 3 calendar days",
            "previous 2 calendar weeks",
            "last 2 calendar quarters",
            "between 2026-10-01 and 2026-11-01",
        ][..],
    )
    .prop_map(str::to_owned);
    let window = prop_oneof![
        4 => fixed,
        1 => (bound(), bound()).prop_map(|(from, to)| format!("from {from} to {to}")),
        1 => bound().prop_map(|from| format!("since {from}")),
        1 => bound().prop_map(|to| format!("before {to}")),
        1 => bound().prop_map(|anchor| format!("within 36h after {anchor}")),
        1 => bound().prop_map(|anchor| format!("within 2d before {anchor}")),
    ];
    prop_oneof![1 => Just(String::new()), 2 => window.prop_map(|window| format!(", {window}"))]
}

/// A time in a window.
pub(super) fn in_window(place: Where) -> BoxedStrategy<String> {
    let value = select(&["m", "l", "m + 1d", "coalesce(m, 2026-11-01)"][..]);
    let operator = select(&["in", "not in"][..]);
    let window = match place {
        Where::Event => &["since 2026-10-15", "from 2026-10-01 to 2026-11-05"][..],
        Where::User => &[
            "last 7d",
            "next 4w",
            "last 3 calendar days",
            "previous month",
            "today",
            "since 30d ago",
            "before m",
            "within 7d after first_time(other)",
            "within 7d before 2026-11-01",
            "between 2026-10-01 and 2026-11-01",
        ][..],
    };
    (value, operator, select(window))
        .prop_map(|(value, operator, window)| format!("{value} {operator} {window}"))
        .boxed()
}
