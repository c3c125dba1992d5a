//! Tags that are given: random ones for all other tests, and what they are as an earlier run has left them.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Decimal, Keep, TagKey, UserNumber, UserSet, Value};
use features::arbitrary::Random;
use rules::checked::{Body, Case, Condition, Measure};

use super::rules::Asks;
use super::{Case as Drawn, assert_is_right, seeds};

use crate::{GivenTag, MetricValues, TagResults, Users};

/// The form of a given tag.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum GivenForm {
    Flag,
    OneValue,
    ManyValues,
    Numbers,
    Texts,
}

impl GivenForm {
    pub(super) const OTHERS: [Self; 4] =
        [Self::OneValue, Self::ManyValues, Self::Numbers, Self::Texts];

    pub(super) fn of(given: &GivenTag) -> Self {
        match given {
            GivenTag::Flag(_) => Self::Flag,
            GivenTag::Layers {
                keep: Keep::First, ..
            } => Self::OneValue,
            GivenTag::Layers { .. } => Self::ManyValues,
            GivenTag::Metric { values, .. } => {
                match values
                    .iter()
                    .any(|(_, value)| matches!(value, Value::Text(_)))
                {
                    true => Self::Texts,
                    false => Self::Numbers,
                }
            }
        }
    }
}

/// A third of some users, with random values; or nobody.
pub(super) fn given(random: &mut Random, form: GivenForm, among: &UserSet) -> GivenTag {
    let percent = if random.chance(10) { 0 } else { 35 };
    let members: Vec<UserNumber> = among.iter().filter(|_| random.chance(percent)).collect();
    let text = |random: &mut Random| random.pick("a", &["b", "12.5", "rest", "é"]);
    let keep = match form {
        GivenForm::Flag => return GivenTag::Flag(Arc::new(members.into_iter().collect())),
        GivenForm::Numbers | GivenForm::Texts => {
            let value = |user| match form {
                GivenForm::Texts => (user, Value::text(text(random))),
                _ => {
                    let number = random.pick("12.5", &["0", "1", "3", "-2"]);
                    (user, Value::from(Decimal::parse(number).unwrap()))
                }
            };
            return GivenTag::metric(members.into_iter().map(value).collect());
        }
        GivenForm::OneValue => Keep::First,
        GivenForm::ManyValues => Keep::All,
    };
    let mut values: BTreeMap<&str, UserSet> = BTreeMap::new();
    for user in members {
        values.entry(text(random)).or_default().insert(user);
        if keep == Keep::All && random.chance(40) {
            values.entry(text(random)).or_default().insert(user);
        }
    }
    layers(keep, values)
}

fn layers(keep: Keep, values: BTreeMap<&str, UserSet>) -> GivenTag {
    let values = values
        .into_iter()
        .filter(|(_, members)| !members.is_empty())
        .map(|(value, members)| (Arc::from(value), Arc::new(members)));
    GivenTag::Layers {
        keep,
        values: values.collect(),
    }
}

/// The same with what some users have exchanged: values of layers come and go.
pub(super) fn regiven(random: &mut Random, old: &GivenTag, users: &UserSet) -> GivenTag {
    let new = given(random, GivenForm::of(old), users);
    match (old, new) {
        (GivenTag::Flag(old), GivenTag::Flag(new)) => {
            GivenTag::Flag(Arc::new(old.minus(users).or(&new)))
        }
        (GivenTag::Layers { keep, values: old }, GivenTag::Layers { values: new, .. }) => {
            let mut all: BTreeMap<&str, UserSet> = BTreeMap::new();
            for (value, members) in old {
                all.insert(value, members.minus(users));
            }
            for (value, members) in &new {
                let entry = all.entry(value).or_default();
                *entry = entry.or(members);
            }
            layers(*keep, all)
        }
        (GivenTag::Metric { values: old, .. }, GivenTag::Metric { values: new, .. }) => {
            let values = MetricValues::replaced(old, users, &new);
            GivenTag::metric(values.iter().collect())
        }
        (_, new) => new,
    }
}

/// A rule of the form of a given tag.
pub(super) fn body_like(given: &GivenTag) -> Body {
    match given {
        GivenTag::Flag(_) => Body::Condition(Condition::Constant(false)),
        GivenTag::Metric { .. } => Body::Measure(Measure::Now),
        GivenTag::Layers { keep, values } => {
            let case = |(value, _): &(Arc<str>, _)| Case {
                value: Arc::clone(value),
                when: Condition::Constant(false),
            };
            Body::Cases {
                cases: values.iter().map(case).collect(),
                otherwise: None,
                keep: *keep,
            }
        }
    }
}

/// The tags of a case that are in some places, as results have them.
fn as_they_were(case: &mut Drawn, results: &TagResults, places: impl Iterator<Item = usize>) {
    for place in places {
        let (key, body, _) = &case.rules.tags[place];
        let keep = match body {
            Body::Cases { keep, .. } => *keep,
            _ => Keep::First,
        };
        let was = GivenTag::as_it_was(results, key, keep).unwrap();
        case.rules.given.insert(key.clone(), was);
    }
    case.program = case.rules.program(&case.people);
}

#[test]
fn given_as_they_were_tags_are_as_if_they_were_computed() {
    for seed in seeds() {
        let mut case = Drawn::draw(seed ^ 0x61E4, Asks::AmongAll);
        // A snapshot sees of a given tag what it is now, of a computed one what it was at its instant.
        let tags = case.rules.tags.iter_mut();
        tags.for_each(|(_, _, as_of)| *as_of = None);
        case.program = case.rules.program(&case.people);
        let first = case.refresh(&Users::All).unwrap();
        let chosen: Vec<usize> = (0..case.rules.tags.len())
            .filter(|_| case.random.chance(50))
            .collect();
        as_they_were(&mut case, &first.results, chosen.into_iter());
        let again = case.refresh(&Users::All).unwrap();
        assert!(again.changes.changes.is_empty(), "seed {seed}");
        let content = |results: &TagResults| crate::RunContent {
            run: 0,
            ..results.content().clone()
        };
        assert_eq!(
            content(&again.results),
            content(&first.results),
            "seed {seed}"
        );
    }
}

#[test]
fn what_is_not_computed_stays_while_the_others_follow_the_histories() {
    for seed in seeds() {
        let mut case = Drawn::draw(seed ^ 0x57A7, Asks::OfEach);
        let first = case.refresh(&Users::All).unwrap();
        case.change_some();
        let kept: TagKey = case.rules.tags[2].0.clone();
        as_they_were(&mut case, &first.results, std::iter::once(2));
        let again = case.refresh(&Users::All).unwrap();
        let known = again.results.universe();
        for (slot, before) in first.results.slots_of(&kept).into_iter().flatten() {
            let after = again.results.members_with_slot(slot).unwrap();
            assert_eq!(**after, before.and(known), "{slot:?}, seed {seed}");
        }
        assert_is_right(&again.results, &case, seed);
    }
}

#[test]
fn a_change_of_what_some_users_are_given_is_a_refresh_of_them() {
    for seed in seeds() {
        let mut case = Drawn::draw(seed ^ 0x5E7B, Asks::OfEach);
        let form = case.random.pick(GivenForm::Flag, &GivenForm::OTHERS);
        let everyone = UserSet::below(case.people.extent());
        let members = given(&mut case.random, form, &everyone);
        case.rules.give(0, members);
        case.program = case.rules.program(&case.people);
        case.refresh(&Users::All).unwrap();
        let changed = case.change_some();
        let some = case.refresh(&Users::These(changed)).unwrap();
        assert_is_right(&some.results, &case, seed);
        let all = case.refresh(&Users::All).unwrap();
        assert!(all.changes.changes.is_empty(), "seed {seed}");
    }
}
