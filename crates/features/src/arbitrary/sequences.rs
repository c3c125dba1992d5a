//! Random sequences and gaps: few events, so that steps are met.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Decimal, EventName, Span, Time, Value};
use rules::checked::{
    Aggregate, AggregateFunction, Comparison, Condition, Demand, DerivedEvent, EventSelector, Gap,
    GroupKey, Grouping, Limit, Measure, Place, Sequence, Step, Window,
};

use super::{Population, Random, Standing, Vocabulary, conditions};
use crate::reference::PastEvent;

/// Which steps an equality concerns.
#[derive(Clone, Copy)]
enum Concern {
    All,
    Some,
}

impl Vocabulary {
    /// A number of matches within a window.
    pub fn sequence(&self, random: &mut Random, window: Window) -> Aggregate {
        let mut steps = present_steps(self, random);
        add_absent(self, random, &mut steps);
        for _ in 0..random.pick(0, &[0, 1, 1, 2]) {
            let concern = random.pick(Concern::All, &[Concern::All, Concern::Some]);
            add_equality(random, &mut steps, concern);
        }
        aggregate(AggregateFunction::Sequence(Sequence { steps }), window)
    }

    /// A measure of the durations between events, or their number.
    pub fn gap(&self, random: &mut Random, place: Place, window: Window) -> Aggregate {
        let mut steps: Vec<Step> = (0..2)
            .map(|_| step(self, random, Demand::Present(None)))
            .collect();
        if random.chance(40) {
            add_equality(random, &mut steps, Concern::All);
        }
        let function = match place {
            Place::Number => AggregateFunction::Count,
            _ => random.pick(
                AggregateFunction::Average,
                &[
                    AggregateFunction::Sum,
                    AggregateFunction::Minimum(Place::Number),
                    AggregateFunction::Maximum(Place::Number),
                    AggregateFunction::Percentile(Decimal::from(50)),
                    AggregateFunction::Deviation,
                ],
            ),
        };
        let between = Sequence { steps };
        aggregate(
            AggregateFunction::Gap(Box::new(Gap { function, between })),
            window,
        )
    }
}

impl Vocabulary {
    /// What is made of groups in which sequences are counted, or gaps are measured.
    pub fn in_order_in_groups(&self, random: &mut Random, window: Window) -> Aggregate {
        let by_value = random.chance(70);
        let key = match by_value {
            true => GroupKey::Values,
            false => GroupKey::Period(
                super::measures::unit(random),
                super::histories::zone(random),
            ),
        };
        let (inner, place) = match random.below(3) {
            0 => (self.gap(random, Place::Span, Window::Ever), Place::Span),
            1 => (self.gap(random, Place::Number, Window::Ever), Place::Number),
            _ => (self.sequence(random, Window::Ever), Place::Number),
        };
        let events = inner.events.clone();
        let measure = Measure::Aggregate(Box::new(inner));
        let having = Condition::Compare {
            left: measure.clone(),
            comparison: random.pick(Comparison::Greater, &[Comparison::AtMost]),
            right: Measure::Constant(match place {
                Place::Span => Value::Span(span(self, random)),
                _ => Value::from(random.below(2) as i64),
            }),
            zone: None,
        };
        let grouping = match (random.below(3), place) {
            (0, _) => Grouping::Count(key, having),
            (1, _) => {
                let functions = [
                    AggregateFunction::Average,
                    AggregateFunction::Deviation,
                    AggregateFunction::Percentile(Decimal::from(50)),
                ];
                let function = random.pick(AggregateFunction::Sum, &functions);
                Grouping::Fold(key, function, measure)
            }
            _ => Grouping::Fold(key, AggregateFunction::Maximum(place), measure),
        };
        let argument = Measure::Property {
            path: Arc::from(random.pick("kind", &["level"])),
            place: Place::Text,
        };
        Aggregate {
            function: AggregateFunction::Groups(Box::new(grouping)),
            events,
            arguments: if by_value { vec![argument] } else { Vec::new() },
            filter: None,
            window,
        }
    }
}

fn aggregate(function: AggregateFunction, window: Window) -> Aggregate {
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
    aggregate.events = all;
    aggregate
}

fn present_steps(vocabulary: &Vocabulary, random: &mut Random) -> Vec<Step> {
    let count = 1 + random.pick(1, &[0, 1, 1, 2, 2, 3]);
    (0..count)
        .map(|place: usize| {
            let limit = (place > 0 && random.chance(35)).then(|| Limit {
                span: span(vocabulary, random),
                after: if random.chance(50) {
                    place - 1
                } else {
                    random.below(place)
                },
            });
            step(vocabulary, random, Demand::Present(limit))
        })
        .collect()
}

/// Mostly a distance between instants.
fn span(vocabulary: &Vocabulary, random: &mut Random) -> Span {
    let (a, b) = (vocabulary.instant(random), vocabulary.instant(random));
    let between = Span::from_millis(a.since(b).millis().abs());
    let any = vocabulary.span(random);
    random.pick(between, &[between, between, any])
}

fn step(vocabulary: &Vocabulary, random: &mut Random, demand: Demand) -> Step {
    let filter = random
        .chance(20)
        .then(|| conditions::draw(random, vocabulary, Standing::Event, 0));
    Step {
        demand,
        events: selector(random),
        filter,
        same: Vec::new(),
    }
}

fn selector(random: &mut Random) -> EventSelector {
    match random.below(10) {
        0 => {
            let change = DerivedEvent::Changed(Arc::from("level"));
            return EventSelector {
                derived: BTreeSet::from([change]),
                ..EventSelector::default()
            };
        }
        1 | 2 => {
            return EventSelector {
                prefixes: BTreeSet::from([Arc::from("")]),
                ..EventSelector::default()
            };
        }
        _ => {}
    }
    let names = (0..=random.below(2)).map(|_| {
        let name = random.pick("login", &["swap", "swap", "quest_a"]);
        EventName::new(name)
    });
    EventSelector {
        names: names.collect(),
        ..EventSelector::default()
    }
}

/// Puts steps that demand nothing between the others; limits keep the steps that they count from.
fn add_absent(vocabulary: &Vocabulary, random: &mut Random, steps: &mut Vec<Step>) {
    for _ in 0..random.pick(0, &[0, 1, 1, 2]) {
        let place = random.below(steps.len() + 1);
        let is_present = |step: &&Step| step.is_present();
        let before = steps.iter().take(place).filter(is_present).count();
        let all = steps.iter().filter(is_present).count();
        let is_at_end = before == 0 || before == all;
        let span = (is_at_end && random.chance(60)).then(|| span(vocabulary, random));
        for step in &mut *steps {
            if let Demand::Present(Some(limit)) = &mut step.demand
                && limit.after >= place
            {
                limit.after += 1;
            }
        }
        let absent = step(vocabulary, random, Demand::Absent(span));
        steps.insert(place, absent);
    }
}

fn add_equality(random: &mut Random, steps: &mut [Step], concern: Concern) {
    let path = |random: &mut Random| Arc::from(random.pick("level", &["level", "kind", "ok"]));
    let common = Measure::Property {
        path: path(random),
        place: Place::Text,
    };
    for step in &mut *steps {
        let value = if random.chance(85) {
            common.clone()
        } else {
            Measure::Property {
                path: path(random),
                place: Place::Text,
            }
        };
        let is_concerned = matches!(concern, Concern::All) || random.chance(60);
        step.same.push(is_concerned.then_some(value));
    }
    // It concerns a step that demands an event.
    if !steps
        .iter()
        .any(|step| step.is_present() && matches!(step.same.last(), Some(Some(_))))
        && let Some(step) = steps.iter_mut().find(|step| step.is_present())
        && let Some(value) = step.same.last_mut()
    {
        *value = Some(common);
    }
}

impl Population {
    /// Users with many events of few names, at instants close together, so that sequences match.
    pub fn of_sequences(random: &mut Random) -> Self {
        let mut population = Self::of(random, 3);
        let now = population.world.now.millis();
        let instant = |random: &mut Random| Time::from_millis(now + 3 - random.below(16) as i64);
        population.vocabulary.instants = (0..6).map(|_| instant(random)).collect();
        for (_, user) in &mut population.users {
            let count = random.below(11) as u64;
            user.events = (0..count)
                .map(|arrival| PastEvent {
                    time: instant(random),
                    arrival,
                    position: random.pick(0, &[0, 0, 1, 2]),
                    name: EventName::new(random.pick("login", &["swap", "swap", "quest_a"])),
                    source: Arc::from("web"),
                    properties: properties(random),
                })
                .collect();
        }
        population
    }
}

fn properties(random: &mut Random) -> BTreeMap<Arc<str>, Value> {
    let mut properties = BTreeMap::new();
    for name in ["level", "kind"] {
        let value = match random.below(8) {
            0 => continue,
            1 => Value::text("1"),
            2 => Value::List(Arc::from(vec![Value::from(1)])),
            _ => Value::from(random.below(3) as i64),
        };
        properties.insert(Arc::from(name), value);
    }
    properties
}
