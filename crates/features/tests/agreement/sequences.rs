//! Sequences and gaps over histories in which they match, against every choice of events.

use domain::Value;
use features::arbitrary::{Forms, Population, Random, block};
use features::evaluate::{self, Scope};
use features::reference;
use features::{FeatureSet, Program};
use rules::checked::{Measure, Place, Window};

use super::{ALL_FORMS, canonical, folded, known, seeds};

/// Asserts that fold and reference measure the same; whether it was other than nothing for some.
fn agree(measure: &Measure, population: &Population, seed: u64) -> bool {
    let mut set = FeatureSet::default();
    set.add_measure(measure);
    let ask = |scope: &dyn Scope| evaluate::measure(measure, scope);
    let by_reference: Vec<(u32, Option<Value>)> = known(population)
        .map(|(number, user)| (*number, reference::value(measure, user, &population.world)))
        .collect();
    for forms in ALL_FORMS {
        let by_fold = folded(set.clone(), population, forms, seed, &ask);
        assert_eq!(
            canonical(by_fold),
            canonical(by_reference.clone()),
            "seed {seed}, {forms:?}: {measure:#?}\n{population:#?}"
        );
    }
    let is_something = |value: &Value| *value != Value::from(0);
    by_reference
        .iter()
        .any(|(_, value)| value.as_ref().is_some_and(is_something))
}

fn window(population: &Population, random: &mut Random) -> Window {
    match random.below(4) {
        0 => Window::Last(population.vocabulary.span(random)),
        1 => Window::Before {
            anchor: Box::new(Measure::Now),
            span: population.vocabulary.span(random),
        },
        _ => Window::Ever,
    }
}

#[test]
fn sequences_match_where_any_choice_of_events_does() {
    let (mut matched, mut asked) = (0_usize, 0_usize);
    for seed in seeds(1_500) {
        let mut random = Random::new(seed ^ 0x5e9);
        let population = Population::of_sequences(&mut random);
        let window = window(&population, &mut random);
        let sequence = population.vocabulary.sequence(&mut random, window);
        let measure = Measure::Aggregate(Box::new(sequence));
        matched += usize::from(agree(&measure, &population, seed));
        asked += 1;
    }
    assert!(asked / 5 < matched && matched < asked * 4 / 5, "{matched}");
}

#[test]
fn gaps_are_measured_from_every_event_to_the_next() {
    let mut measured = 0_usize;
    for seed in seeds(1_000) {
        let mut random = Random::new(seed ^ 0x6a9);
        let population = Population::of_sequences(&mut random);
        let window = window(&population, &mut random);
        let place = random.pick(Place::Span, &[Place::Number]);
        let gap = population.vocabulary.gap(&mut random, place, window);
        let measure = Measure::Aggregate(Box::new(gap));
        measured += usize::from(agree(&measure, &population, seed));
    }
    assert!(measured > 0);
}

#[test]
fn in_each_group_sequences_and_gaps_are_of_its_own_events() {
    let (mut measured, mut asked) = (0_usize, 0_usize);
    for seed in seeds(1_500) {
        let mut random = Random::new(seed ^ 0x96a7);
        let population = Population::of_sequences(&mut random);
        let window = window(&population, &mut random);
        let groups = population
            .vocabulary
            .in_order_in_groups(&mut random, window);
        let measure = Measure::Aggregate(Box::new(groups));
        measured += usize::from(agree(&measure, &population, seed));
        asked += 1;
    }
    assert!(asked / 5 < measured, "{measured}");
}

#[test]
fn the_evidence_of_a_sequence_is_one_match() {
    let mut shown = 0_usize;
    for seed in seeds(500) {
        let mut random = Random::new(seed ^ 0xe71d);
        let population = Population::of_sequences(&mut random);
        let sequence = population.vocabulary.sequence(&mut random, Window::Ever);
        let steps = sequence.steps().iter().filter(|step| step.is_present());
        let demanded = steps.count();
        let measure = Measure::Aggregate(Box::new(sequence));
        let mut set = FeatureSet::default();
        set.add_measure(&measure);
        let feature = set.number_of(&measure).expect("a feature");
        let world = &population.world;
        let program = Program::new(set, world.now, world.lists.clone());
        for user in known(&population) {
            let one = std::slice::from_ref(user);
            let history = block(one, program.wanted(), Forms::Mixed, &mut random);
            let evidence = program.fold_keeping(&history).evidence;
            let is_match = reference::value(&measure, &user.1, world) != Some(Value::from(0));
            let events = if is_match { demanded } else { 0 };
            assert_eq!(
                evidence[feature].counted, events,
                "seed {seed}: {measure:#?}"
            );
            assert_eq!(evidence[feature].events.len(), events);
            shown += events;
        }
    }
    assert!(shown > 0);
}
