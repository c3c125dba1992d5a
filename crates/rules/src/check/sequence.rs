//! Sequences and gaps: which events, how long after one another, and what is equal in them.

mod equality;
mod names;

use domain::{Decimal, Span, Value};

use self::names::StepNames;
use super::Checker;
use super::aggregate::events::without_covered;
use super::scope::{EventScope, Scope};
use crate::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, Demand, EventSelector, Gap, Limit,
    Measure, Place, Sequence, Step, Window,
};
use crate::diagnostic::Diagnostic;
use crate::located::TextRange;
use crate::mistake::{Aggregates, Collections, Sequences};
use crate::tree::{self, AggregateName, Expression, Node};

/// The most steps that a sequence has.
const MOST_STEPS: usize = 256;

/// The most equalities of a sequence.
const MOST_EQUALITIES: usize = 16;

/// The events of a step.
struct StepEvents {
    selector: EventSelector,
    scope: EventScope,
    filter: Option<Condition>,
}

/// Where a step stands among those that demand an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Start,
    Middle,
    End,
}

impl Checker<'_> {
    /// `sequence(…)`: there is at least one match.
    pub(super) fn sequence(
        &mut self,
        expression: &Expression,
        sequence: &tree::Sequence,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let (sequence, window) = self.steps("sequence", expression.range, sequence, scope)?;
        self.advise_waiting(&sequence, &window, expression.range);
        Some(Condition::Compare {
            left: measured(AggregateFunction::Sequence(sequence), window),
            comparison: Comparison::Greater,
            right: Measure::Constant(Value::from(0)),
            zone: None,
        })
    }

    /// `did(…)` and `sequence(…)` hold or not: they are no numbers to compare with one.
    pub(super) fn demand_number(&mut self, side: &Expression, other: &Expression) -> Option<()> {
        if self.natural(other, Scope::User) != Some(Place::Number) {
            return Some(());
        }
        let (word, counts, diagnostic) = match &side.node {
            Node::Sequence(_) => {
                let diagnostic = Diagnostic::at(side.range, Sequences::IsNoNumber);
                ("sequence", "count_sequences", diagnostic)
            }
            Node::Aggregate(aggregate) if aggregate.is_condition() => {
                let function = aggregate.function.as_str();
                let mistake = Aggregates::IsNoNumber { function };
                (function, "count", Diagnostic::at(side.range, mistake))
            }
            _ => return Some(()),
        };
        let end = side.range.start + u32::try_from(word.len()).unwrap_or(0);
        let range = TextRange { end, ..side.range };
        self.refuse(diagnostic.with_fix_at(range, counts))
    }

    /// `count_sequences(…)`: how many matches there are.
    pub(super) fn count_sequences(
        &mut self,
        expression: &Expression,
        sequence: &tree::Sequence,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let range = expression.range;
        let (checked, window) = self.steps("count_sequences", range, sequence, scope)?;
        if !checked.absent_at_end().is_empty() {
            return self.fail(range, Sequences::NotAtEnd);
        }
        Some(measured(AggregateFunction::Sequence(checked), window))
    }

    /// `avg(gap(A -> B))`
    pub(super) fn gap(
        &mut self,
        expression: &Expression,
        gap: &tree::Gap,
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        self.demand(expression, natural_of_gap(gap.function), place)?;
        let range = expression.range;
        let function = self.of_durations(gap.function, range);
        let (between, window) = self.steps("gap", range, &gap.between, scope)?;
        let is_plain = |step: &Step| step.demand == Demand::Present(None);
        if between.steps.len() != 2 || !between.steps.iter().all(is_plain) {
            return self.fail(range, Sequences::GapOfSteps);
        }
        let function = function?;
        let gap = AggregateFunction::Gap(Box::new(Gap { function, between }));
        Some(measured(gap, window))
    }

    fn of_durations(
        &mut self,
        function: AggregateName,
        range: TextRange,
    ) -> Option<AggregateFunction> {
        Some(match function {
            AggregateName::Count => AggregateFunction::Count,
            AggregateName::Sum => AggregateFunction::Sum,
            AggregateName::Average => AggregateFunction::Average,
            AggregateName::Minimum => AggregateFunction::Minimum(Place::Number),
            AggregateName::Maximum => AggregateFunction::Maximum(Place::Number),
            AggregateName::Median => AggregateFunction::Percentile(Decimal::from(50)),
            AggregateName::Deviation => AggregateFunction::Deviation,
            other => {
                let function = other.as_str();
                return self.fail(range, Sequences::NoGapOf { function });
            }
        })
    }

    /// The steps and the window.
    fn steps(
        &mut self,
        word: &str,
        range: TextRange,
        written: &tree::Sequence,
        scope: Scope<'_>,
    ) -> Option<(Sequence, Window)> {
        self.outside_single(word, range, scope)?;
        if written.steps.len() > MOST_STEPS {
            return self.fail(range, Sequences::TooManySteps { most: MOST_STEPS });
        }
        if written.same.len() > MOST_EQUALITIES {
            let most = MOST_EQUALITIES;
            return self.fail(range, Sequences::TooManyEqualities { most });
        }
        let events: Vec<Option<StepEvents>> = written
            .steps
            .iter()
            .map(|step| self.step_events(step, scope))
            .collect();
        let mut taken = EventSelector::default();
        for step in events.iter().flatten() {
            taken.add(&step.selector);
        }
        let window = self.window_in(written.window.as_deref(), &taken, scope);
        let events: Vec<StepEvents> = events.into_iter().collect::<Option<_>>()?;
        let names = self.step_names(&written.steps);
        let demands = self.demands(range, &written.steps, &names);
        let equalities = self.equalities(&written.same, &names, &events);
        let (demands, equalities) = (demands?, equalities?);
        let is_of_nothing = |equality: &Vec<Option<Measure>>| {
            let mut concerned = equality.iter().zip(&written.steps);
            !concerned.any(|(value, step)| value.is_some() && !step.not)
        };
        if equalities.iter().any(is_of_nothing) {
            return self.fail(range, Sequences::SameOfNothing);
        }
        let steps = events.into_iter().zip(demands).enumerate();
        let steps = steps.map(|(place, (events, demand))| Step {
            demand,
            events: events.selector,
            filter: events.filter,
            same: equalities
                .iter()
                .map(|equality| equality.get(place).cloned().flatten())
                .collect(),
        });
        let steps = steps.collect();
        Some((Sequence { steps }, window?))
    }

    /// What is in an order are several events of the user, or of a group.
    fn outside_single(&mut self, word: &str, range: TextRange, scope: Scope<'_>) -> Option<()> {
        match scope {
            Scope::User => Some(()),
            Scope::Group(group) => match &group.collection {
                None => Some(()),
                Some(path) => {
                    let function = word;
                    self.fail(range, Collections::NoTime { function, path })
                }
            },
            Scope::Element | Scope::Event(_) => {
                let function = word;
                self.fail(range, Aggregates::InsideWhere { function })
            }
        }
    }

    /// Nothing of a step that could not be read, or whose condition is wrong.
    fn step_events(&mut self, step: &tree::Step, scope: Scope<'_>) -> Option<StepEvents> {
        if step.events.is_empty() {
            return None;
        }
        let (selector, scope) = self.events_in(step_range(step), &step.events, scope)?;
        let filter = match &step.filter {
            Some(filter) => Some(self.condition(filter, Scope::Event(&scope))?),
            None => None,
        };
        Some(StepEvents {
            selector,
            scope,
            filter: filter.filter(|filter| *filter != Condition::Constant(true)),
        })
    }

    fn demands(
        &mut self,
        range: TextRange,
        steps: &[tree::Step],
        names: &StepNames,
    ) -> Option<Vec<Demand>> {
        let first = steps.iter().position(|step| !step.not);
        let last = steps.iter().rposition(|step| !step.not);
        let (Some(first), Some(last)) = (first, last) else {
            return self.fail(range, Sequences::OnlyAbsent);
        };
        let demands: Vec<Option<Demand>> = steps
            .iter()
            .enumerate()
            .map(|(place, step)| {
                if step.not {
                    let standing = match place {
                        _ if place < first => Standing::Start,
                        _ if place > last => Standing::End,
                        _ => Standing::Middle,
                    };
                    return self.absent(step, standing).map(Demand::Absent);
                }
                let nearest = steps.iter().take(place).rposition(|step| !step.not);
                self.present(place, step, nearest, (steps, names))
                    .map(Demand::Present)
            })
            .collect();
        demands.into_iter().collect()
    }

    /// Within which time nothing may happen.
    fn absent(&mut self, step: &tree::Step, standing: Standing) -> Option<Option<Span>> {
        let Some(within) = &step.within else {
            return Some(None);
        };
        let mistake = match standing {
            Standing::Middle => Sequences::WithinInMiddle,
            Standing::Start if within.node.after.is_some() => Sequences::AfterAtStart,
            Standing::End if within.node.after.is_some() => Sequences::AfterAtEnd,
            Standing::Start | Standing::End => {
                return self.duration(&within.node.span, within.range).map(Some);
            }
        };
        self.fail(within.range, mistake)
    }

    /// How long after which step an event is at most; nothing said is no limit.
    fn present(
        &mut self,
        place: usize,
        step: &tree::Step,
        nearest: Option<usize>,
        (steps, names): (&[tree::Step], &StepNames),
    ) -> Option<Option<Limit>> {
        let Some(within) = &step.within else {
            return Some(None);
        };
        let Some(nearest) = nearest else {
            return self.fail(within.range, Sequences::NothingBefore);
        };
        let span = self.duration(&within.node.span, within.range);
        let after = match &within.node.after {
            Some(name) => self.earlier_step(name, place, (steps, names))?,
            None => nearest,
        };
        Some(Some(Limit { span: span?, after }))
    }

    /// What must be absent at the end: without a time, it is not waited for; with one that is as
    /// long as the window, it never is over.
    fn advise_waiting(&mut self, sequence: &Sequence, window: &Window, range: TextRange) {
        for step in sequence.absent_at_end() {
            match (&step.demand, window) {
                (Demand::Absent(None), _) => {
                    self.remark(range, Sequences::WithoutWaiting);
                }
                (Demand::Absent(Some(span)), Window::Last(window)) if span >= window => {
                    self.remark(range, Sequences::NeverOver);
                }
                _ => {}
            }
        }
    }
}

/// Where the events of a step stand.
fn step_range(step: &tree::Step) -> TextRange {
    match step.events.as_slice() {
        [first, .., last] | [first @ last] => first.range.to(last.range),
        [] => TextRange::default(),
    }
}

/// What a measure of gaps is.
pub(super) fn natural_of_gap(function: AggregateName) -> Place {
    if function == AggregateName::Count {
        Place::Number
    } else {
        Place::Span
    }
}

/// The aggregate over the events of all steps.
fn measured(function: AggregateFunction, window: Window) -> Measure {
    let mut aggregate = Aggregate {
        function,
        events: EventSelector::default(),
        arguments: Vec::new(),
        filter: None,
        window,
    };
    let mut all = EventSelector::default();
    for step in aggregate.steps() {
        all.add(&step.events);
    }
    aggregate.events = without_covered(all);
    Measure::Aggregate(Box::new(aggregate))
}
