//! Windows: which span of time is meant.

use domain::{Span, Unit, Value};

use super::Checker;
use super::scope::Scope;
use crate::checked::{Cut, EventSelector, Measure, Operator, Place, Side, Window};
use crate::diagnostic::Diagnostic;
use crate::located::{Located, TextRange};
use crate::mistake::Windows;
use crate::tree::{self, Anchored, Expression};

/// What lies within a window.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// The events of an aggregate.
    Events,
    /// A time that is tested.
    Value,
}

impl Checker<'_> {
    /// The window of an aggregate, or one in which a value is tested to lie.
    pub(super) fn window(
        &mut self,
        window: &Located<tree::Window>,
        scope: Scope<'_>,
        within: Within,
    ) -> Option<Window> {
        let checked = self.any_window(window, scope, within)?;
        if within == Within::Events {
            self.demand_own_history(&bounds(&checked), window.range)?;
        }
        Some(checked)
    }

    fn any_window(
        &mut self,
        window: &Located<tree::Window>,
        scope: Scope<'_>,
        within: Within,
    ) -> Option<Window> {
        let range = window.range;
        if matches!(scope, Scope::Event(_)) && moves_by_itself(&window.node) {
            return self.fail(range, Windows::InsideWhere);
        }
        let (zone, one) = (self.zone(), 1);
        match &window.node {
            tree::Window::Ever => Some(Window::Ever),
            tree::Window::Last(span) => {
                let checked = self.window_span(span, range)?;
                self.advise_minutes(span, range);
                Some(Window::Last(checked))
            }
            tree::Window::Next(_) if within == Within::Events => {
                self.fail(range, Windows::NextOfEvents)
            }
            tree::Window::Next(span) => Some(Window::Next(self.window_span(span, range)?)),
            tree::Window::LastCalendar { count, unit } => {
                self.advise_current(count.get(), *unit, range);
                Some(Window::Current {
                    unit: *unit,
                    count: count.get(),
                    zone,
                })
            }
            tree::Window::PreviousCalendar { count, unit } => Some(Window::Previous {
                unit: *unit,
                count: count.get(),
                zone,
            }),
            tree::Window::Previous(unit) => Some(Window::Previous {
                unit: *unit,
                count: one,
                zone,
            }),
            tree::Window::This(unit) => Some(Window::Current {
                unit: *unit,
                count: one,
                zone,
            }),
            tree::Window::Today => Some(Window::Current {
                unit: Unit::Day,
                count: one,
                zone,
            }),
            tree::Window::Yesterday => Some(Window::Previous {
                unit: Unit::Day,
                count: one,
                zone,
            }),
            tree::Window::From { from, to } => {
                self.between_cuts(Some((from, 0)), Some((to, 0)), range, scope)
            }
            tree::Window::Since(from) => self.between_cuts(Some((from, 0)), None, range, scope),
            tree::Window::Before(to) => self.between_cuts(None, Some((to, 0)), range, scope),
            tree::Window::Between { from, to } => {
                self.between_cuts(Some((from, 0)), Some((to, 1)), range, scope)
            }
            tree::Window::Within { span, side, anchor } => {
                let span = self.window_span(span, range);
                let anchor = Box::new(self.instant(anchor, scope)?);
                let span = span?;
                Some(match side {
                    Anchored::After => Window::After { anchor, span },
                    Anchored::Before => Window::Before { anchor, span },
                })
            }
        }
    }

    fn window_span(&mut self, text: &str, range: TextRange) -> Option<Span> {
        let span = self.duration(text, range)?;
        if span.millis() > 0 {
            return Some(span);
        }
        self.fail(range, Windows::Nothing)
    }

    /// A window between two bounds; of each, how many days a date is moved.
    fn between_cuts(
        &mut self,
        from: Option<(&Expression, i32)>,
        to: Option<(&Expression, i32)>,
        range: TextRange,
        scope: Scope<'_>,
    ) -> Option<Window> {
        let mut cut = |bound: Option<(&Expression, i32)>| match bound {
            Some((bound, plus_days)) => self.cut(bound, plus_days, scope).map(Some),
            None => Some(None),
        };
        let (from, to) = (cut(from), cut(to));
        let (from, to) = (from?, to?);
        if let (Some(from), Some(to)) = (&from, &to)
            && is_empty(from, to)
        {
            self.remark(range, Windows::Empty);
        }
        Some(Window::Between { from, to })
    }

    fn cut(&mut self, bound: &Expression, plus_days: i32, scope: Scope<'_>) -> Option<Cut> {
        let at = self.measure(bound, Place::Moment, scope)?;
        let side = if moves_with_now(&at) {
            Side::JustAfter
        } else {
            Side::JustBefore
        };
        Some(Cut {
            at: Box::new(at),
            side,
            zone: self.zone(),
            plus_days,
        })
    }

    /// Warns of a window that reaches further back than events are kept. What follows from a
    /// history is no event that was sent, and kept for ever.
    pub(super) fn warn_of_retention(
        &mut self,
        window: &Window,
        range: TextRange,
        events: &EventSelector,
    ) {
        let are_sent = !(events.names.is_empty() && events.prefixes.is_empty());
        let Some(retention) = self.options.retention.filter(|_| are_sent) else {
            return;
        };
        if reach(window).is_some_and(|reach| reach > retention) {
            self.remark(range, Windows::BeyondRetention { retention });
        }
    }

    /// `last 3m`: minutes.
    fn advise_minutes(&mut self, span: &str, range: TextRange) {
        let months = span
            .strip_suffix('m')
            .and_then(|digits| digits.parse::<u32>().ok());
        if let Some(count) = months.filter(|count| (1..=36).contains(count)) {
            self.remark(range, Windows::Minutes { span, count });
        }
    }

    /// `last 1 calendar month`: this month so far.
    fn advise_current(&mut self, count: u32, unit: Unit, range: TextRange) {
        if count == 1 {
            let hint = Diagnostic::at(range, Windows::CurrentPeriod { unit });
            self.tell(hint.with_fix(format!("this {unit}")));
        }
    }
}

/// How far a window reaches back from now at most, where that is the same at any time.
fn reach(window: &Window) -> Option<Span> {
    let days = |unit: Unit, count: u32| {
        let longest = match unit {
            Unit::Hour => return Some(Span::from_millis(Span::HOUR.millis() * i64::from(count))),
            Unit::Day => 1,
            Unit::Week => 7,
            Unit::Month => 31,
            Unit::Quarter => 92,
            Unit::Year => 366,
        };
        Some(Span::from_millis(
            Span::DAY.millis() * longest * i64::from(count),
        ))
    };
    match window {
        Window::Last(span) => Some(*span),
        Window::Current { unit, count, .. } => days(*unit, *count),
        Window::Previous { unit, count, .. } => days(*unit, count.saturating_add(1)),
        Window::Between {
            from: Some(from), ..
        } => match &*from.at {
            Measure::Arithmetic {
                operator: Operator::Subtract,
                left,
                right,
            } => match (&**left, &**right) {
                (Measure::Now, Measure::Constant(Value::Span(span))) => Some(*span),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The measures that bound a window.
fn bounds(window: &Window) -> Vec<&Measure> {
    match window {
        Window::Between { from, to } => from.iter().chain(to).map(|cut| &*cut.at).collect(),
        Window::After { anchor, .. } | Window::Before { anchor, .. } => vec![anchor],
        _ => Vec::new(),
    }
}

/// Whether the window depends on `now` without naming it.
fn moves_by_itself(window: &tree::Window) -> bool {
    matches!(
        window,
        tree::Window::Last(_)
            | tree::Window::Next(_)
            | tree::Window::LastCalendar { .. }
            | tree::Window::PreviousCalendar { .. }
            | tree::Window::Previous(_)
            | tree::Window::This(_)
            | tree::Window::Today
            | tree::Window::Yesterday
    )
}

/// Whether a bound moves with `now`; what is measured over events moves only with them.
fn moves_with_now(measure: &Measure) -> bool {
    match measure {
        Measure::Now | Measure::Age { .. } => true,
        Measure::Arithmetic { left, right, .. } => moves_with_now(left) || moves_with_now(right),
        Measure::If {
            then, otherwise, ..
        } => moves_with_now(then) || moves_with_now(otherwise),
        Measure::Coalesce(of) => of.iter().any(moves_with_now),
        Measure::Function { of, .. } => moves_with_now(of),
        _ => false,
    }
}

/// Whether two constant bounds leave nothing between them.
fn is_empty(from: &Cut, to: &Cut) -> bool {
    match (&*from.at, &*to.at) {
        (Measure::Constant(Value::Time(from)), Measure::Constant(Value::Time(to))) => from >= to,
        (Measure::Constant(Value::Date(from)), Measure::Constant(Value::Date(to_date))) => to_date
            .checked_add_days(to.plus_days)
            .is_some_and(|end| *from >= end),
        _ => false,
    }
}
