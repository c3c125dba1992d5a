//! Tests of what is computed of an instant (`age(t) <= 7d`, `t + 3d < now`) as ranges of the
//! instant itself.
//!
//! Such a chain rises or falls with the instant, so that a comparison holds on one side of a
//! boundary, which is found by asking the evaluator. Only where clocks are turned back can an
//! age in calendar days waver; a boundary near such a change gives no range.

#[cfg(test)]
mod tests;

use std::cell::Cell;

use domain::{Span, Time, Unit, Value, Zone};
use features::evaluate;
use features::number_range::NumberRange;
use rules::checked::{Comparison, Condition, Function, Measure, Operator};

use crate::compile::rewrite::is_hole;
use crate::scope::ValueScope;

/// Whether the measure is a chain that rises or falls with one instant.
pub(crate) fn is_monotone(measure: &Measure) -> bool {
    match measure {
        Measure::Attribute { .. }
        | Measure::Aggregate(_)
        | Measure::HeldSince(_)
        | Measure::Property { .. } => true,
        Measure::Function {
            function: Function::Instant(_),
            of,
        } => is_monotone(of),
        Measure::Arithmetic {
            operator: Operator::Subtract,
            left,
            right,
        } => is_fixed(left) && is_monotone(right) || is_monotone(left) && is_fixed(right),
        Measure::Arithmetic {
            operator: Operator::Add,
            left,
            right,
        } => is_fixed(left) && is_monotone(right) || is_monotone(left) && is_fixed(right),
        Measure::Age { since, .. } => is_monotone(since),
        Measure::DateDifference { from, to, .. } => {
            is_fixed(from) && is_monotone(to) || is_monotone(from) && is_fixed(to)
        }
        _ => false,
    }
}

fn is_fixed(measure: &Measure) -> bool {
    match measure {
        Measure::Constant(_) | Measure::Now => true,
        Measure::Arithmetic { left, right, .. } => is_fixed(left) && is_fixed(right),
        Measure::Function { of, .. } => is_fixed(of),
        _ => false,
    }
}

/// Whether the value under test stands in the chain.
pub(crate) fn has_hole(chain: &Measure) -> bool {
    features::feature::any_measure(chain, &is_hole)
}

/// The zones in which a chain asks for an age by the clock on the wall.
fn wavering_zones<'a>(measure: &'a Measure, zones: &mut Vec<&'a Zone>) {
    match measure {
        Measure::Age { unit, since, zone } => {
            if *unit != Unit::Hour {
                zones.push(zone);
            }
            wavering_zones(since, zones);
        }
        Measure::Function { of, .. } => wavering_zones(of, zones),
        Measure::Arithmetic { left, right, .. } => {
            wavering_zones(left, zones);
            wavering_zones(right, zones);
        }
        Measure::DateDifference { from, to, .. } => {
            wavering_zones(from, zones);
            wavering_zones(to, zones);
        }
        _ => {}
    }
}

/// The instants for which a comparison of a chain with something fixed holds; `None` where they
/// are no range for certain.
pub(crate) fn range(
    test: &Condition,
    chain: &Measure,
    scope: &ValueScope<'_>,
) -> Option<NumberRange> {
    if !is_monotone(chain) {
        return None;
    }
    let Condition::Compare {
        left,
        comparison,
        right,
        zone,
    } = test
    else {
        return match test {
            Condition::IsSet(_) => Domain::of(chain, scope).map(Domain::range),
            _ => None,
        };
    };
    let with = |comparison| Condition::Compare {
        left: left.clone(),
        comparison,
        right: right.clone(),
        zone: zone.clone(),
    };
    let domain = Domain::of(chain, scope)?;
    if *comparison != Comparison::Equal {
        return domain.part(test, chain, scope);
    }
    let at_least = domain.part(&with(Comparison::AtLeast), chain, scope)?;
    let at_most = domain.part(&with(Comparison::AtMost), chain, scope)?;
    Some(NumberRange {
        least: at_least.least.max(at_most.least),
        greatest: at_least.greatest.min(at_most.greatest),
    })
}

/// The instants at which a chain has a value.
#[derive(Clone, Copy)]
struct Domain {
    first: i64,
    last: i64,
}

impl Domain {
    fn of(chain: &Measure, scope: &ValueScope<'_>) -> Option<Self> {
        let (first, last) = (Time::MIN.millis(), Time::MAX.millis());
        let is_set = |at: i64| evaluate::measure(chain, &at_instant(scope, at)).is_some();
        let inside = scope.now.millis().clamp(first, last);
        is_set(inside).then(|| Self {
            first: if is_set(first) {
                first
            } else {
                boundary(first, inside, &is_set)
            },
            last: if is_set(last) {
                last
            } else {
                boundary(inside, last, &|at| !is_set(at)) - 1
            },
        })
    }

    fn range(self) -> NumberRange {
        NumberRange {
            least: self.first,
            greatest: self.last,
        }
    }

    /// The part in which an inequality holds.
    fn part(
        self,
        test: &Condition,
        chain: &Measure,
        scope: &ValueScope<'_>,
    ) -> Option<NumberRange> {
        let holds = |at: i64| evaluate::condition(test, &at_instant(scope, at));
        match (holds(self.first), holds(self.last)) {
            (true, true) => Some(self.range()),
            (false, false) => Some(NumberRange {
                least: 1,
                greatest: 0,
            }),
            (true, false) => {
                let end = boundary(self.first, self.last, &|at| !holds(at));
                is_certain(chain, end).then_some(NumberRange {
                    least: self.first,
                    greatest: end - 1,
                })
            }
            (false, true) => {
                let start = boundary(self.first, self.last, &holds);
                is_certain(chain, start).then_some(NumberRange {
                    least: start,
                    greatest: self.last,
                })
            }
        }
    }
}

fn at_instant<'a>(scope: &ValueScope<'a>, at: i64) -> ValueScope<'a> {
    let value = Some(Value::Time(Time::from_millis(at)));
    ValueScope {
        now: scope.now,
        lists: scope.lists,
        value,
    }
}

/// The first instant after `before` at which a test that turns once from false to true holds.
fn boundary(before: i64, after: i64, holds: &dyn Fn(i64) -> bool) -> i64 {
    let (before, after) = (Cell::new(before), Cell::new(after));
    while after.get() - before.get() > 1 {
        let middle = before.get() + (after.get() - before.get()) / 2;
        if holds(middle) {
            after.set(middle)
        } else {
            before.set(middle)
        }
    }
    after.get()
}

/// Whether no clock of the chain changes within two days of the boundary.
fn is_certain(chain: &Measure, boundary: i64) -> bool {
    let mut zones = Vec::new();
    wavering_zones(chain, &mut zones);
    zones.into_iter().all(|zone| {
        let offset = |hour: i64| {
            let at = boundary.saturating_add(hour * Span::HOUR.millis());
            zone.offset_ms(Time::from_millis(at))
        };
        (-48..=48).all(|hour| offset(hour) == offset(0))
    })
}
