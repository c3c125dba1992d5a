//! Sequences by trying every choice of events, and gaps by looking on from every event.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::{Span, Time, Value};
use rules::checked::{
    Aggregate, AggregateFunction, Demand, EventSelector, Gap, Measure, Place, Sequence, Step,
};

use super::statistics::{deviation, percentile};
use super::window::is_inside;
use super::{OfEvent, OfUser, PastEvent};
use crate::evaluate::{self, Scope};
use crate::place;

/// The greatest number of matches whose spans have no instant in common, for each combination of
/// equal values by itself; where something must be absent at the end, 1 if there is a match.
pub(super) fn count(
    sequence: &Sequence,
    aggregate: &Aggregate,
    visible: &[Event<'_>],
    user: &OfUser<'_>,
) -> usize {
    let choices = Choices {
        sequence,
        aggregate,
        user,
        visible,
    };
    let mut by_values: BTreeMap<Vec<Option<Value>>, Vec<MatchSpan>> = BTreeMap::new();
    choices.extend(&mut Vec::new(), &mut |chosen| {
        if let (Some(values), [first, .., last] | [first @ last]) =
            (choices.equal_values(chosen), chosen)
            && choices.is_near(chosen)
            && choices.is_nothing_between(chosen, &values)
        {
            let span = MatchSpan {
                first: first.time,
                last: last.time,
            };
            by_values.entry(values).or_default().push(span);
        }
    });
    if !sequence.absent_at_end().is_empty() {
        return usize::from(!by_values.is_empty());
    }
    by_values
        .values()
        .map(|matches| most_disjoint(matches, None))
        .sum()
}

/// From when to when a match is.
#[derive(Clone, Copy)]
struct MatchSpan {
    first: Time,
    last: Time,
}

/// The greatest number of matches after an instant of which no two have an instant in common.
fn most_disjoint(matches: &[MatchSpan], after: Option<Time>) -> usize {
    matches
        .iter()
        .filter(|span| after.is_none_or(|after| span.first > after))
        .map(|span| 1 + most_disjoint(matches, Some(span.last)))
        .max()
        .unwrap_or(0)
}

struct Choices<'a> {
    sequence: &'a Sequence,
    aggregate: &'a Aggregate,
    user: &'a OfUser<'a>,
    visible: &'a [Event<'a>],
}

impl Choices<'_> {
    /// Every choice of events for the steps that demand one, each later than the one before.
    fn extend<'e>(
        &'e self,
        chosen: &mut Vec<&'e Event<'e>>,
        each: &mut dyn FnMut(&[&'e Event<'e>]),
    ) {
        let mut demanded = self.sequence.steps.iter().filter(|step| step.is_present());
        let Some(step) = demanded.nth(chosen.len()) else {
            each(chosen);
            return;
        };
        for event in self.visible {
            let is_later = chosen.last().is_none_or(|last| order(last) < order(event));
            if is_later && self.is_inside(event) && is_of(step, event, self.user) {
                chosen.push(event);
                self.extend(chosen, each);
                chosen.pop();
            }
        }
    }

    fn is_inside(&self, event: &PastEvent) -> bool {
        let bound = |measure: &Measure| evaluate::measure(measure, self.user);
        is_inside(event.time, &self.aggregate.window, self.user.now(), &bound)
    }

    /// For each equality the value that all have whom it concerns; `None` if two differ.
    fn equal_values(&self, chosen: &[&Event<'_>]) -> Option<Vec<Option<Value>>> {
        let mut values = vec![None; self.sequence.equalities()];
        let demanded = self.sequence.steps.iter().filter(|step| step.is_present());
        for (step, event) in demanded.zip(chosen) {
            for (same, found) in step.same.iter().zip(&mut values) {
                let Some(measure) = same else { continue };
                let value = text(measure, event, self.user)?;
                match found {
                    Some(found) if *found != value => return None,
                    _ => *found = Some(value),
                }
            }
        }
        Some(values)
    }

    /// Whether no event is too long after the one from which its limit counts.
    fn is_near(&self, chosen: &[&Event<'_>]) -> bool {
        let event = |place: usize| {
            let before = self.sequence.steps.iter().take(place);
            chosen.get(before.filter(|step| step.is_present()).count())
        };
        let limited = self.sequence.steps.iter().enumerate();
        limited
            .filter_map(|(place, step)| match &step.demand {
                Demand::Present(Some(limit)) => Some((event(place)?, event(limit.after)?, limit)),
                _ => None,
            })
            .all(|(event, from, limit)| event.time.since(from.time) <= limit.span)
    }

    /// Whether what must be absent is.
    fn is_nothing_between(&self, chosen: &[&Event<'_>], values: &[Option<Value>]) -> bool {
        let mut done: usize = 0;
        self.sequence.steps.iter().all(|step| {
            let Demand::Absent(span) = &step.demand else {
                done += 1;
                return true;
            };
            let before = done.checked_sub(1).and_then(|place| chosen.get(place));
            let after = chosen.get(done);
            let is_over = match (after, before, span) {
                (None, Some(last), Some(span)) => is_past(last.time, *span, self.user.now()),
                _ => true,
            };
            is_over
                && !self.visible.iter().any(|event| {
                    let is_between = before.is_none_or(|before| order(before) < order(event))
                        && after.is_none_or(|after| order(event) < order(after));
                    let is_near = span.is_none_or(|span| match (before, after) {
                        (_, Some(first)) => first.time.since(event.time) <= span,
                        (Some(last), None) => event.time.since(last.time) <= span,
                        (None, None) => true,
                    });
                    is_between
                        && is_near
                        && is_of(step, event, self.user)
                        && self.has_values(step, event, values)
                })
        })
    }

    /// Whether an event has the values that are equal in the step.
    fn has_values(&self, step: &Step, event: &PastEvent, values: &[Option<Value>]) -> bool {
        step.same.iter().zip(values).all(|(same, value)| {
            same.as_ref()
                .is_none_or(|measure| text(measure, event, self.user) == *value)
        })
    }
}

/// Whether a time after an instant is over.
fn is_past(instant: Time, span: Span, now: Time) -> bool {
    now.since(instant) >= span
}

/// What is measured of the durations from each event of the first step to the next of the second.
pub(super) fn measured(
    gap: &Gap,
    aggregate: &Aggregate,
    visible: &[Event<'_>],
    user: &OfUser<'_>,
) -> Option<Value> {
    let [first, second] = gap.between.steps.as_slice() else {
        return None;
    };
    let bound = |measure: &Measure| evaluate::measure(measure, user);
    let is_inside =
        |event: &&Event<'_>| is_inside(event.time, &aggregate.window, user.now(), &bound);
    let events: Vec<&Event<'_>> = visible.iter().filter(is_inside).collect();
    let mut durations: Vec<i64> = Vec::new();
    for (place, start) in events.iter().enumerate() {
        if !is_of(first, start, user) {
            continue;
        }
        let is_next = |event: &&Event<'_>| {
            is_of(second, event, user) && equal(first, start, user) == equal(second, event, user)
        };
        let next = events.iter().skip(place + 1).copied().find(is_next);
        durations.extend(next.map(|next| next.time.since(start.time).millis()));
    }
    let count = i64::try_from(durations.len()).ok()?;
    let millis = match &gap.function {
        AggregateFunction::Count => return Some(Value::from(count)),
        AggregateFunction::Sum => durations.iter().sum(),
        AggregateFunction::Average => durations.iter().sum::<i64>().checked_div(count)?,
        AggregateFunction::Minimum(_) => *durations.iter().min()?,
        AggregateFunction::Maximum(_) => *durations.iter().max()?,
        other => {
            let values: Vec<Value> = durations.into_iter().map(Value::from).collect();
            match other {
                AggregateFunction::Percentile(percent) => whole(percentile(&values, percent)?)?,
                AggregateFunction::Deviation => whole(deviation(&values)?)?,
                _ => return None,
            }
        }
    };
    Some(Value::Span(Span::from_millis(millis)))
}

/// An event that was sent, or one that follows from the history.
pub(super) type Event<'a> = Cow<'a, PastEvent>;

/// A number of milliseconds, cut.
fn whole(millis: Value) -> Option<i64> {
    match millis {
        Value::Number(millis) => millis.trunc().to_i64(),
        _ => None,
    }
}

/// Whether an event is among those of a selector.
pub(super) fn takes(selector: &EventSelector, event: &Event<'_>) -> bool {
    match event {
        Cow::Borrowed(sent) => selector.takes(&sent.name),
        Cow::Owned(change) => {
            let mut derived = selector.derived.iter();
            derived.any(|derived| derived.to_string() == change.name.as_str())
        }
    }
}

/// What makes one event later than another.
fn order(event: &PastEvent) -> (Time, i64) {
    (event.time, event.position)
}

/// Whether an event can be of a step: by name, filter, and values of what is equal.
fn is_of(step: &Step, event: &Event<'_>, user: &OfUser<'_>) -> bool {
    let passes = |filter| evaluate::condition(filter, &OfEvent { event, user });
    let has_value = |measure: &Measure| text(measure, event, user).is_some();
    takes(&step.events, event)
        && step.filter.as_ref().is_none_or(passes)
        && step.same.iter().flatten().all(has_value)
}

/// An event's values of what is equal.
fn equal(step: &Step, event: &PastEvent, user: &OfUser<'_>) -> Vec<Option<Value>> {
    let value = |same: &Option<Measure>| text(same.as_ref()?, event, user);
    step.same.iter().map(value).collect()
}

/// The canonical text of a value of an event; a list is none.
fn text(measure: &Measure, event: &PastEvent, user: &OfUser<'_>) -> Option<Value> {
    let value = evaluate::measure(measure, &OfEvent { event, user })?;
    place::convert(value, Place::Text).filter(|value| matches!(value, Value::Text(_)))
}
