//! Many users: however they are cut into parts and blocks, the tags are the same.

use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::{Decimal, TagKey, Time, UserNumber, UserSet, Value};
use features::arbitrary::Random;
use features::history::{MISSING, NO_CODE};
use features::{FeatureBlock, FeatureColumn, NumberMeaning};
use rules::checked::{Body, Comparison, Condition, Measure, Place};

use crate::sample::{Sample, Sampled};
use crate::source::{Definition, Inputs};
use crate::{Config, GivenFeatures, TagProgram, TagResults, Users, compute};

/// Two whole containers, and a part of a third that ends within a line.
const USERS: usize = 140_001;

/// What is known of each user.
struct People {
    known: Vec<bool>,
    numbers: Vec<Option<i64>>,
    texts: Vec<Option<usize>>,
}

const TEXTS: [&str; 3] = ["sg", "jp", "us"];

impl People {
    fn draw(random: &mut Random) -> Self {
        let mut drawn = |share: usize, end: usize| -> Vec<Option<usize>> {
            (0..USERS)
                .map(|_| random.chance(share).then(|| random.below(end)))
                .collect()
        };
        let numbers = drawn(90, 100_000).into_iter();
        Self {
            known: drawn(97, 2)
                .into_iter()
                .map(|known| known.is_some())
                .collect(),
            numbers: numbers
                .map(|number| number.map(|number| number as i64))
                .collect(),
            texts: drawn(80, TEXTS.len()),
        }
    }

    /// The users as blocks of a size.
    fn blocks(&self, size: usize) -> GivenFeatures {
        let block = |start: usize| {
            let users = start..(start + size).min(USERS);
            let users = users.filter(|user| self.known[*user]);
            let number = |user: usize| self.numbers[user].unwrap_or(MISSING);
            let code = |user: usize| self.texts[user].map_or(NO_CODE, |text| text as u32);
            FeatureBlock {
                columns: vec![
                    FeatureColumn::Number {
                        scale: 2,
                        meaning: NumberMeaning::Number,
                        mantissas: users.clone().map(number).collect(),
                        wide: Default::default(),
                    },
                    FeatureColumn::Text {
                        codes: users.clone().map(code).collect(),
                        texts: TEXTS.map(Value::text).to_vec(),
                    },
                ],
                users: users.map(|user| user as u32).collect(),
            }
        };
        let blocks = (0..USERS).step_by(size).map(block).collect();
        GivenFeatures {
            now: Time::from_millis(0),
            blocks,
        }
    }
}

fn below(hundredths: i64) -> Condition {
    Condition::Compare {
        left: Measure::Attribute {
            path: Arc::from("number"),
            place: Place::Number,
        },
        comparison: Comparison::Less,
        right: Measure::Constant(Value::Number(Decimal::from_mantissa(
            i128::from(hundredths),
            2,
        ))),
        zone: None,
    }
}

fn of_text(text: &str) -> Condition {
    Condition::Compare {
        left: Measure::Attribute {
            path: Arc::from("text"),
            place: Place::Text,
        },
        comparison: Comparison::Equal,
        right: Measure::Constant(Value::text(text)),
        zone: None,
    }
}

/// Tags of all densities: bodies, and whom they mean.
type Meaning = Box<dyn Fn(&People, usize) -> bool>;

fn tags() -> Vec<(Body, Meaning)> {
    let mut tags: Vec<(Body, Meaning)> = vec![
        (
            Body::Condition(Condition::Constant(true)),
            Box::new(|_, _| true),
        ),
        (
            Body::Condition(of_text("sg")),
            Box::new(|people, user| people.texts[user] == Some(0)),
        ),
        (
            Body::Condition(Condition::All(vec![
                of_text("jp"),
                Condition::Not(Box::new(below(50_000))),
            ])),
            Box::new(|people, user| {
                people.texts[user] == Some(1)
                    && people.numbers[user].is_none_or(|number| number >= 50_000)
            }),
        ),
        (
            Body::Measure(Measure::Attribute {
                path: Arc::from("number"),
                place: Place::Number,
            }),
            Box::new(|people, user| people.numbers[user].is_some()),
        ),
    ];
    // More bounds than one chunk of codes has.
    for step in 0..400_i64 {
        let bound = step * 251;
        let meaning = move |people: &People, user: usize| {
            people.numbers[user].is_some_and(|number| number < bound)
        };
        tags.push((Body::Condition(below(bound)), Box::new(meaning)));
    }
    tags
}

fn config(threads: usize) -> Config {
    Config {
        threads: NonZeroUsize::new(threads).unwrap(),
        users_per_read: 8_192,
    }
}

#[test]
fn however_users_are_cut_the_tags_are_the_same() {
    let people = People::draw(&mut Random::new(11));
    let tags = tags();
    let keys: Vec<TagKey> = (0..tags.len())
        .map(|tag| TagKey::new(&format!("t{tag}")).unwrap())
        .collect();
    let definitions = keys
        .iter()
        .zip(&tags)
        .map(|(key, (body, _))| Definition::of_rule(key, body, None));
    let inputs = Inputs::default();
    // The number is measured before the text, as the columns of the blocks are.
    let mut definitions: Vec<_> = definitions.collect();
    definitions.rotate_left(3);
    let now = Time::from_millis(0);
    let program =
        TagProgram::of_definitions(definitions, Default::default(), now, &inputs).unwrap();
    let first = compute(
        &people.blocks(8_192),
        &program,
        &Users::All,
        None,
        &config(1),
    )
    .unwrap();
    for (slot, members) in first.results.iter() {
        let tag = keys.iter().position(|key| *key == slot.tag).unwrap();
        let meant = (0..USERS).filter(|user| people.known[*user] && tags[tag].1(&people, *user));
        let meant: UserSet = meant.map(|user| user as u32).collect();
        assert_eq!(**members, meant, "{slot:?}");
    }
    assert_values(&first.results, &people);
    for (size, threads) in [(512, 3), (1_024, 2), (8_192, 4)] {
        let again = compute(
            &people.blocks(size),
            &program,
            &Users::All,
            None,
            &config(threads),
        )
        .unwrap();
        assert_eq!(
            again.results.content(),
            first.results.content(),
            "blocks of {size}"
        );
    }
    let everyone = Users::These(UserSet::below(USERS as u32));
    let some = compute(
        &people.blocks(8_192),
        &program,
        &everyone,
        Some(&first.results),
        &config(2),
    )
    .unwrap();
    assert!(some.changes.changes.is_empty());
    assert_eq!(
        some.results.content().members,
        first.results.content().members
    );
    assert_eq!(some.results.rows(), first.results.rows());
    assert_sampled(&people, &program, &first.results);
    assert_shared(people, &program, &first.results);
}

/// Of a sample the tags are those of all, as far as users were looked at.
fn assert_sampled(people: &People, program: &TagProgram, all: &TagResults) {
    let sample = Sample::new(USERS as u32, 30_000);
    let source = Sampled {
        source: &people.blocks(8_192),
        sample,
    };
    let found = compute(&source, program, &Users::All, None, &config(2)).unwrap();
    let looked_at = found.results.universe();
    assert!(looked_at.len() < all.universe().len() / 3);
    let known = sample.estimate(looked_at);
    assert!(known.count.abs_diff(all.universe().len()) <= known.error);
    for (slot, members) in found.results.iter() {
        let expected = all.members_with_slot(slot).unwrap().and(looked_at);
        assert_eq!(**members, expected, "{slot:?}");
    }
}

/// What did not change is shared with the results before; what did is right.
fn assert_shared(people: People, program: &TagProgram, first: &TagResults) {
    let all = |people: &People, before| {
        let features = people.blocks(8_192);
        let refreshed = compute(&features, program, &Users::All, before, &config(2));
        refreshed.unwrap().results
    };
    let again = all(&people, Some(first));
    assert!(Arc::ptr_eq(again.universe(), first.universe()));
    for ((_, before), (_, after)) in first.iter().zip(again.iter()) {
        assert!(Arc::ptr_eq(before, after));
    }
    assert_eq!(again.rows(), first.rows());
    let mut changed = people;
    (changed.known[70_000], changed.texts[USERS - 1]) = (!changed.known[70_000], Some(2));
    let (beside, alone) = (all(&changed, Some(&again)), all(&changed, None));
    assert_eq!(beside.content().members, alone.content().members);
    assert_eq!(beside.universe(), alone.universe());
    assert_eq!(beside.rows(), alone.rows());
}

fn assert_values(results: &TagResults, people: &People) {
    let values = results.values(&TagKey::new("t3").unwrap()).unwrap();
    for user in (0..USERS).step_by(97) {
        let number = people.numbers[user].filter(|_| people.known[user]);
        let number =
            number.map(|number| Value::Number(Decimal::from_mantissa(i128::from(number), 2)));
        assert_eq!(values.value(UserNumber(user as u32)), number);
    }
    let row: Vec<u32> = results.rows().slots(UserNumber(USERS as u32 - 1)).collect();
    let held = results
        .iter()
        .enumerate()
        .filter(|(_, (_, set))| set.contains(UserNumber(USERS as u32 - 1)));
    assert_eq!(row, held.map(|(slot, _)| slot as u32).collect::<Vec<_>>());
}
