//! What is learned of users whose likeness is known.

use domain::{PartRange, UserNumber, Value};

use super::*;

/// Users of whom every twentieth belongs to a group that behaves otherwise, by so much.
struct Planted {
    universe: UserSet,
    group: UserSet,
    /// A fifth of the group.
    seed: UserSet,
    features: Vec<LookalikeFeature>,
}

const USERS: u32 = 20_000;

fn planted(shift: u64) -> Planted {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let (mut group, mut seed, mut flag) = (UserSet::new(), UserSet::new(), UserSet::new());
    let (mut counts, mut amounts, mut countries, mut noise) = (vec![], vec![], vec![], vec![]);
    for number in 0..USERS {
        let user = UserNumber(number);
        let is_like = number % 20 == 7;
        if is_like {
            group.insert(user);
            if number % 100 == 7 {
                seed.insert(user);
            }
        }
        let more = if is_like { shift } else { 0 };
        // A sum of several: most users lie in the middle.
        let count = (0..4).map(|_| below(5)).sum::<u64>() + more;
        counts.push((user, Value::Number(Decimal::from(count as i64))));
        if below(10) < 7 + more.min(2) {
            let amount = below(1_000) * (10 + more * 2) / 10;
            amounts.push((user, Value::Number(Decimal::from(amount as i64))));
        }
        let country = if below(10) < more.min(5) {
            0
        } else {
            below(12)
        };
        countries.push((user, Value::Text(format!("C{country}").into())));
        if below(10) < 2 + more.min(5) {
            flag.insert(user);
        }
        noise.push((user, Value::Number(Decimal::from(below(100) as i64))));
    }
    let values = |values: Vec<(UserNumber, Value)>| {
        LookalikeFeature::Values(Arc::new(values.into_iter().collect()))
    };
    Planted {
        universe: (0..USERS).map(UserNumber).collect(),
        group,
        seed,
        features: vec![
            values(counts),
            values(amounts),
            values(countries),
            LookalikeFeature::Flag(Arc::new(flag)),
            values(noise),
        ],
    }
}

fn is_within(part: &PartRange, feature: &LookalikeFeature, user: UserNumber) -> bool {
    let value = match feature {
        LookalikeFeature::Flag(members) => Some(Value::Bool(members.contains(user))),
        LookalikeFeature::Values(values) => values.value(user),
    };
    let number = |text: &String| Value::Number(Decimal::parse(text).unwrap());
    match (part, value) {
        (PartRange::Missing, None) => true,
        (PartRange::Holds(holds), Some(value)) => value == Value::Bool(*holds),
        (PartRange::Between(least, below), Some(value)) => {
            least.as_ref().is_none_or(|least| number(least) <= value)
                && below.as_ref().is_none_or(|below| value < number(below))
        }
        (PartRange::OneOf(texts), Some(Value::Text(text))) => {
            texts.iter().any(|one| **one == *text)
        }
        (PartRange::NoneOf(texts), Some(Value::Text(text))) => {
            texts.iter().all(|one| **one != *text)
        }
        _ => false,
    }
}

fn points(card: &Scorecard, features: &[LookalikeFeature], user: UserNumber) -> Decimal {
    let mut sum = Decimal::ZERO;
    for (scored, feature) in card.features.iter().zip(features) {
        let mut parts = scored.parts.iter();
        let part = parts.find(|part| is_within(&part.range, feature, user));
        sum = sum.add(&part.unwrap().points);
    }
    sum
}

/// Of as many users beside the seed as the group has, those with most points: which share of them
/// belongs to the group.
fn precision(planted: &Planted) -> f64 {
    let card = scorecard(&planted.seed, &planted.universe, &planted.features).unwrap();
    let others = planted.universe.minus(&planted.seed);
    let score = |user| (points(&card, &planted.features, user), user);
    let mut scored: Vec<(Decimal, UserNumber)> = others.iter().map(score).collect();
    scored.sort_by(|(one, first), (other, second)| other.cmp(one).then(first.cmp(second)));
    let wanted = planted.group.len() - planted.seed.len();
    let taken = scored.iter().take(wanted as usize);
    let found = taken
        .filter(|(_, user)| planted.group.contains(*user))
        .count();
    found as f64 / wanted as f64
}

/// The figures of docs/tags.md: by chance 4 % of those taken would belong to the group.
#[test]
fn users_of_a_planted_group_are_found_the_better_the_more_they_differ() {
    let found = [0, 2, 4, 6, 8].map(|shift| (shift, precision(&planted(shift))));
    println!("shift and precision: {found:?}");
    let by_shift = found.map(|(_, precision)| precision);
    assert!(by_shift.is_sorted(), "{found:?}");
    assert!(by_shift[0] < 0.08, "{found:?}");
    assert!(by_shift[4] > 0.8, "{found:?}");
}

#[test]
fn what_says_nothing_counts_little_and_what_tells_counts_most() {
    let planted = planted(6);
    let card = scorecard(&planted.seed, &planted.universe, &planted.features).unwrap();
    let information: Vec<&Decimal> = card.features.iter().map(|one| &one.information).collect();
    let (count, noise) = (information[0], information[4]);
    assert!(
        information.iter().all(|one| *one <= count),
        "{information:?}"
    );
    assert!(*noise < Decimal::parse("0.2").unwrap(), "{information:?}");
    let again = scorecard(&planted.seed, &planted.universe, &planted.features).unwrap();
    assert_eq!(card, again);
    for feature in &card.features {
        let users: u64 = feature
            .parts
            .iter()
            .map(|part| part.seed + part.others)
            .sum();
        assert_eq!(users, u64::from(USERS));
    }
}

#[test]
fn a_seed_that_is_too_small_or_everybody_is_refused_in_words() {
    let planted = planted(4);
    let few: UserSet = (0..19).map(UserNumber).collect();
    let told = |seed: &UserSet, features: &[LookalikeFeature]| {
        let refused = scorecard(seed, &planted.universe, features).unwrap_err();
        refused.to_string()
    };
    assert!(told(&few, &planted.features).contains("the seed has 19 users: at least 20"));
    assert!(told(&planted.universe, &planted.features).contains("there are 0 users beside"));
    let lists = [(UserNumber(3), Value::List(vec![].into()))];
    let lists = LookalikeFeature::Values(Arc::new(lists.into_iter().collect()));
    assert!(told(&planted.seed, &[lists]).contains("feature 1 gives lists"));
    let nobody = LookalikeFeature::Flag(Arc::default());
    assert!(told(&planted.seed, &[nobody]).contains("no feature tells"));
    // Users who are not known do not count.
    let unknown: UserSet = (USERS..USERS + 50).map(UserNumber).collect();
    assert!(told(&unknown, &planted.features).contains("the seed has 0 users"));
}
