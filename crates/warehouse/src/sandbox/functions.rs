//! The functions that people's queries may call.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The names in lower case, since the engine takes some in any case.
static ALLOWED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("functions.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#'));
    lines
        .flat_map(str::split_whitespace)
        .map(str::to_lowercase)
        .collect()
});

/// What may follow the name of an aggregate: `sumIf`, `uniqIfOrNull`.
const COMBINATORS: &[&str] = &[
    "if",
    "array",
    "map",
    "distinct",
    "ordefault",
    "ornull",
    "state",
    "merge",
    "foreach",
    "argmin",
    "argmax",
];

/// Why a function may not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forbidden {
    /// It reads the clock.
    Clock,
    /// It tosses a coin.
    Chance,
    /// Any other reason, also that there is no such function.
    Other,
}

/// Whether a function may be called.
pub(super) fn check(name: &str) -> Result<(), Forbidden> {
    let lower = name.to_lowercase();
    let mut rest = lower.as_str();
    loop {
        if ALLOWED.contains(rest) {
            return Ok(());
        }
        let shorter = COMBINATORS.iter().find_map(|word| rest.strip_suffix(word));
        match shorter {
            Some(shorter) => rest = shorter,
            None => break,
        }
    }
    Err(match lower.as_str() {
        name if is_clock(name) => Forbidden::Clock,
        name if name.starts_with("rand") || name.starts_with("generate") => Forbidden::Chance,
        _ => Forbidden::Other,
    })
}

/// Whether a name reads the clock; some do without parentheses.
pub(super) fn is_clock(name: &str) -> bool {
    const CLOCKS: &[&str] = &[
        "now",
        "now64",
        "nowinblock",
        "nowinblock64",
        "today",
        "yesterday",
        "utctimestamp",
        "utc_timestamp",
        "localtime",
        "localtimestamp",
        "current_timestamp",
        "current_date",
        "curdate",
        "current_time",
    ];
    CLOCKS.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aggregates_may_be_called_with_their_combinators_and_nothing_else_may() {
        for name in ["sum", "SUM", "countIf", "uniqExactIfOrNull", "argMaxIf"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in [
            "file",
            "fileIf",
            "sleep",
            "SLEEPEACHROW",
            "url",
            "dictGet",
            "joinGet",
            "getSetting",
            "hostName",
            "catboostEvaluate",
            "aiGenerate",
            "addressToLine",
            "repeat",
            "range",
            "",
            "sum ",
        ] {
            assert_eq!(check(name), Err(Forbidden::Other), "{name}");
        }
        assert_eq!(check("Now"), Err(Forbidden::Clock));
        assert_eq!(check("randUniform"), Err(Forbidden::Chance));
    }
}
