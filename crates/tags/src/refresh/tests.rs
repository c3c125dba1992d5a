//! The refresh against the reference evaluator, user by user, on random tags and histories.

mod ranges;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use domain::{AudienceKey, Keep, ListKey, TagKey, Time, UserNumber, UserSet, Value};
use features::arbitrary::{Forms, Population, Random, Vocabulary, block};
use features::reference::{self, User, World};
use features::{HistoryBlock, Wanted};
use rules::checked::{Body, Case, Comparison, Condition, Measure, Place};

use super::*;
use crate::PortError;
use crate::ports::in_memory::ResultsInMemory;
use crate::rows::UserRows;
use crate::source::{Definition, Inputs};

/// Users with random histories, and the histories of some of them later.
struct People {
    world: World,
    vocabulary: Vocabulary,
    users: Vec<(u32, User)>,
}

impl People {
    fn draw(random: &mut Random) -> Self {
        let first = Population::draw(random);
        let (world, vocabulary) = (first.world.clone(), first.vocabulary.clone());
        let mut users = Vec::new();
        let mut start = 0;
        for _ in 0..8 {
            let others = Population::draw(random).users;
            users.extend(
                others
                    .into_iter()
                    .map(|(number, user)| (start + number, user)),
            );
            start += random.pick(20, &[511, 512, 30]) as u32;
        }
        Self {
            world,
            vocabulary,
            users,
        }
    }

    /// The same with the histories of some users exchanged, and who they are.
    fn changed(&self, random: &mut Random) -> (Self, UserSet) {
        let mut users = self.users.clone();
        let mut changed = UserSet::new();
        for _ in 0..4 {
            let (a, b) = (random.below(users.len()), random.below(users.len()));
            for place in [a, b] {
                changed.insert(UserNumber(users[place].0));
            }
            let taken = users[a].1.clone();
            users[a].1 = users[b].1.clone();
            users[b].1 = taken;
        }
        changed.insert(UserNumber(100_000));
        (
            Self {
                world: self.world.clone(),
                vocabulary: self.vocabulary.clone(),
                users,
            },
            changed,
        )
    }

    fn extent(&self) -> u32 {
        self.users
            .iter()
            .map(|(number, _)| number + 3)
            .max()
            .unwrap_or(0)
    }
}

impl Histories for People {
    fn extent(&self) -> Result<u32, PortError> {
        Ok(self.extent())
    }

    fn read(
        &self,
        users: &Selection,
        wanted: &Wanted,
        _now: Time,
    ) -> Result<HistoryBlock, PortError> {
        let numbers = users.numbers();
        let selected: Vec<(u32, User)> = self
            .users
            .iter()
            .filter(|(number, _)| numbers.binary_search(number).is_ok())
            .cloned()
            .collect();
        let mut random = Random::new(u64::from(numbers.len() as u32));
        let history = block(&selected, wanted, Forms::Mixed, &mut random);
        Ok(HistoryBlock {
            users: numbers,
            ..history
        })
    }
}

/// Random tags that name one another, audiences and lists.
struct Rules {
    tags: Vec<(TagKey, Body, Option<Time>)>,
    audiences: Vec<(AudienceKey, Condition)>,
    lists: BTreeMap<ListKey, Arc<UserSet>>,
}

fn key(name: &str, number: usize) -> TagKey {
    TagKey::new(&format!("{name}{number}")).unwrap()
}

impl Rules {
    fn draw(random: &mut Random, people: &People) -> Self {
        let list = (0..40)
            .map(|_| random.below(people.extent() as usize + 5) as u32)
            .collect::<UserSet>();
        let mut rules = Self {
            tags: Vec::new(),
            audiences: Vec::new(),
            lists: BTreeMap::from([(ListKey::new("friends").unwrap(), Arc::new(list))]),
        };
        for number in 0..7 {
            if number == 3 {
                let condition = rules.condition(random, people);
                rules
                    .audiences
                    .push((AudienceKey::new("mine").unwrap(), condition));
            }
            let body = rules.body(random, people);
            let as_of = random.chance(30).then(|| people.vocabulary.instant(random));
            rules.tags.push((key("t", number), body, as_of));
        }
        rules
    }

    fn body_of(&self, tag: &TagKey) -> Option<&Body> {
        self.tags
            .iter()
            .find(|(key, ..)| key == tag)
            .map(|(_, body, _)| body)
    }

    fn body(&self, random: &mut Random, people: &People) -> Body {
        match random.below(6) {
            0 => Body::Measure(match random.below(4) {
                0 => self.tag_value(random, Place::Any).unwrap_or(Measure::Now),
                _ => people.vocabulary.measure(random, 2),
            }),
            1 | 2 => {
                let case = |random: &mut Random| Case {
                    value: Arc::from(random.pick("a", &["b", "12.5", "é"])),
                    when: self.condition(random, people),
                };
                Body::Cases {
                    cases: (0..3).map(|_| case(random)).collect(),
                    otherwise: random
                        .chance(40)
                        .then(|| Arc::from(random.pick("a", &["rest"]))),
                    keep: random.pick(Keep::First, &[Keep::All]),
                }
            }
            _ => Body::Condition(self.condition(random, people)),
        }
    }

    fn tag_value(&self, random: &mut Random, place: Place) -> Option<Measure> {
        let tag = random.below(self.tags.len().max(1));
        self.tags.get(tag).map(|(tag, ..)| Measure::TagValue {
            tag: tag.clone(),
            place,
        })
    }

    /// A random condition, with tags, audiences and lists here and there.
    fn condition(&self, random: &mut Random, people: &People) -> Condition {
        let plain = people.vocabulary.condition(random, 3);
        let of_tags = match random.below(8) {
            0 => self
                .tags
                .get(random.below(self.tags.len().max(1)))
                .map(|(tag, ..)| Condition::HasTag(tag.clone())),
            1 => self
                .audiences
                .first()
                .map(|(key, _)| Condition::InAudience(key.clone())),
            2 => self
                .lists
                .keys()
                .next()
                .map(|list| Condition::UserInList(list.clone())),
            3 | 4 => self.test_of_tag(random),
            5 => self.tag_value(random, Place::Any).map(|value| {
                Condition::IsSet(Measure::If {
                    condition: Box::new(plain.clone()),
                    then: Box::new(value),
                    otherwise: Box::new(people.vocabulary.measure(random, 1)),
                })
            }),
            _ => None,
        };
        match of_tags {
            None => plain,
            Some(other) => match random.below(3) {
                0 => other,
                1 => Condition::All(vec![Condition::Not(Box::new(plain)), other]),
                _ => Condition::Any(vec![plain, other]),
            },
        }
    }

    fn test_of_tag(&self, random: &mut Random) -> Option<Condition> {
        let place = random.pick(Place::Text, &[Place::Text, Place::Number, Place::Truth]);
        let value = self.tag_value(random, place)?;
        let constant = |random: &mut Random| match place {
            Place::Number => {
                Value::from(domain::Decimal::parse(random.pick("12.5", &["0", "1", "3"])).unwrap())
            }
            Place::Truth => Value::Bool(random.chance(50)),
            _ => Value::text(random.pick("a", &["b", "12.5", "é", "rest", "true"])),
        };
        Some(match random.below(5) {
            0 => Condition::Compare {
                left: value,
                comparison: random
                    .pick(Comparison::Equal, &[Comparison::AtLeast, Comparison::Less]),
                right: Measure::Constant(constant(random)),
                zone: None,
            },
            1 => Condition::OneOf {
                value,
                of: BTreeSet::from([constant(random), constant(random)]),
            },
            2 => Condition::HasAll {
                value,
                of: BTreeSet::from([constant(random), constant(random)]),
            },
            3 => Condition::IsSet(value),
            _ => Condition::Compare {
                left: Measure::Coalesce(vec![value, Measure::Constant(constant(random))]),
                comparison: Comparison::Equal,
                right: Measure::Constant(constant(random)),
                zone: None,
            },
        })
    }

    fn program(&self, now: Time, world: &World) -> TagProgram {
        let inputs = Inputs {
            audiences: BTreeMap::new(),
            user_lists: self.lists.clone(),
            value_lists: world.lists.clone(),
        };
        let definitions = self.tags.iter().map(|(key, body, as_of)| Definition {
            key,
            body,
            as_of: *as_of,
        });
        let audiences = self
            .audiences
            .iter()
            .map(|(key, condition)| (key, condition))
            .collect();
        TagProgram::of_definitions(definitions.collect(), audiences, now, &inputs).unwrap()
    }
}

/// What each of the first `count` tags gives one user, by the reference evaluator, at an
/// instant. Rules name only tags before their own.
fn expected(
    (rules, count): (&Rules, usize),
    people: &People,
    (number, user): (u32, &User),
    instant: Time,
) -> BTreeMap<TagKey, Value> {
    let world = |now| World {
        now,
        ..people.world.clone()
    };
    let lists: BTreeSet<ListKey> = rules
        .lists
        .iter()
        .filter(|(_, users)| users.contains(UserNumber(number)))
        .map(|(list, _)| list.clone())
        .collect();
    let mut seen = User {
        tags: BTreeMap::new(),
        audiences: BTreeSet::new(),
        lists,
        ..user.clone()
    };
    for (place, (key, body, as_of)) in rules.tags.iter().take(count).enumerate() {
        let own = as_of.filter(|as_of| *as_of < people.world.now);
        let value = match own {
            Some(own) if own != instant => {
                expected((rules, place + 1), people, (number, user), own).remove(key)
            }
            _ => value(body, &seen, &world(instant)),
        };
        if user.is_known(own.unwrap_or(instant)) {
            seen.tags.extend(value.map(|value| (key.clone(), value)));
        }
        // The audience stands after the tags that it names.
        if place == 2
            && let Some((key, condition)) = rules.audiences.first()
            && reference::holds(condition, &seen, &world(instant))
        {
            seen.audiences.insert(key.clone());
        }
    }
    seen.tags
}

fn value(body: &Body, user: &User, world: &World) -> Option<Value> {
    match body {
        Body::Condition(condition) => {
            reference::holds(condition, user, world).then_some(Value::Bool(true))
        }
        Body::Measure(measure) => reference::value(measure, user, world),
        Body::Cases {
            cases,
            otherwise,
            keep,
        } => {
            let holds = |case: &&Case| reference::holds(&case.when, user, world);
            let mut values: Vec<Value> = cases
                .iter()
                .filter(holds)
                .map(|case| Value::Text(Arc::clone(&case.value)))
                .collect();
            if values.is_empty() {
                values.extend(otherwise.iter().map(|value| Value::Text(Arc::clone(value))));
            }
            // Two cases of one value give it once.
            let mut seen = BTreeSet::new();
            values.retain(|value| seen.insert(value.clone()));
            match keep {
                Keep::First => values.into_iter().next(),
                Keep::All => (!values.is_empty()).then(|| Value::List(values.into())),
            }
        }
    }
}

/// Checks everything in the results against the reference.
fn assert_is_right(results: &TagResults, rules: &Rules, people: &People, seed: u64) {
    let now = people.world.now;
    let known = people.users.iter().filter(|(_, user)| user.is_known(now));
    let universe: UserSet = known.map(|(number, _)| *number).collect();
    assert_eq!(**results.universe(), universe, "known users, seed {seed}");
    let mut members: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); results.slots().len()];
    let mut values: BTreeMap<TagKey, Vec<(UserNumber, Value)>> = BTreeMap::new();
    for (number, user) in people.users.iter().filter(|(_, user)| user.is_known(now)) {
        let tags = expected((rules, rules.tags.len()), people, (*number, user), now);
        for (slot, members) in results.slots().iter().zip(&mut members) {
            let has = match (tags.get(&slot.tag), &slot.value) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(value), Some(wanted)) => {
                    features::place::elements(value).contains(&Value::Text(Arc::clone(wanted)))
                }
            };
            if has {
                members.insert(*number);
            }
        }
        for (key, body, _) in &rules.tags {
            if let (Body::Measure(_), Some(value)) = (body, tags.get(key)) {
                values
                    .entry(key.clone())
                    .or_default()
                    .push((UserNumber(*number), value.clone()));
            }
        }
    }
    for ((slot, found), members) in results.iter().zip(members) {
        let found: BTreeSet<u32> = found.iter().map(u32::from).collect();
        assert_eq!(
            found,
            members,
            "{slot:?}, seed {seed}, {:?}",
            rules.body_of(&slot.tag)
        );
    }
    for (key, found) in results.all_values() {
        let found: Vec<_> = found.iter().collect();
        assert_eq!(
            found,
            values.remove(key).unwrap_or_default(),
            "{key}, seed {seed}, {:?}",
            rules.body_of(key)
        );
    }
    let sets: Vec<_> = results
        .iter()
        .map(|(_, members)| Arc::clone(members))
        .collect();
    let rows = UserRows::of_members(&sets);
    for user in 0..people.extent() {
        let user = UserNumber(user);
        assert_eq!(
            results.rows().packed(user),
            rows.packed(user),
            "row of {user}, seed {seed}"
        );
    }
}

fn config() -> Config {
    Config {
        threads: NonZeroUsize::new(2).unwrap(),
        users_per_read: 8_192,
    }
}

/// The seeds of random cases: `MUSTER_TEST_CASES` of them from `MUSTER_TEST_SEED` on, for longer
/// runs by command and for single cases.
fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str, usual: u64| {
        std::env::var(name)
            .ok()
            .and_then(|number| number.parse().ok())
            .unwrap_or(usual)
    };
    let first = number("MUSTER_TEST_SEED", 0);
    first..first + number("MUSTER_TEST_CASES", 60)
}

#[test]
fn a_refresh_of_all_agrees_with_the_reference_evaluator() {
    for seed in seeds() {
        let mut random = Random::new(seed);
        let people = People::draw(&mut random);
        let rules = Rules::draw(&mut random, &people);
        let program = rules.program(people.world.now, &people.world);
        let results = ResultsInMemory::default();
        let deps = Deps {
            histories: &people,
            results: &results,
        };
        let refreshed = refresh(&deps, &program, &Users::All, &config()).unwrap();
        assert_is_right(&refreshed.results, &rules, &people, seed);
    }
}

#[test]
fn a_refresh_of_those_who_changed_gives_what_a_refresh_of_all_gives() {
    for seed in seeds() {
        let mut random = Random::new(seed ^ 0xABCD);
        let people = People::draw(&mut random);
        let rules = Rules::draw(&mut random, &people);
        let program = rules.program(people.world.now, &people.world);
        let results = ResultsInMemory::default();
        let deps = Deps {
            histories: &people,
            results: &results,
        };
        let first = refresh(&deps, &program, &Users::All, &config()).unwrap();
        let (later, changed) = people.changed(&mut random);
        let deps = Deps {
            histories: &later,
            results: &results,
        };
        let some = refresh(&deps, &program, &Users::These(changed), &config()).unwrap();
        assert_is_right(&some.results, &rules, &later, seed);
        let all = refresh(&deps, &program, &Users::All, &config()).unwrap();
        assert_eq!(
            some.results.content().members,
            all.results.content().members
        );
        assert!(
            all.changes.changes.is_empty(),
            "a repair finds nothing to correct, seed {seed}"
        );
        for change in &some.changes.changes {
            let before = first.results.members_with_slot(&change.slot).unwrap();
            let after = some.results.members_with_slot(&change.slot).unwrap();
            assert_eq!(before.minus(&change.left).or(&change.entered), **after);
            assert!(change.left.is_subset(before) && change.entered.and(before).is_empty());
        }
        assert_eq!(results.changes().len(), 3);
    }
}

#[test]
fn results_of_other_definitions_are_no_base_for_a_refresh_of_some() {
    let mut random = Random::new(7);
    let people = People::draw(&mut random);
    let mut rules = Rules::draw(&mut random, &people);
    let results = ResultsInMemory::default();
    let deps = Deps {
        histories: &people,
        results: &results,
    };
    let these = Users::These(UserSet::below(3));
    let program = rules.program(people.world.now, &people.world);
    let refused = refresh(&deps, &program, &these, &config());
    assert!(matches!(refused, Err(Error::DefinitionsChanged)));
    refresh(&deps, &program, &Users::All, &config()).unwrap();
    rules.tags.push((
        key("new", 1),
        Body::Condition(Condition::Constant(true)),
        None,
    ));
    let program = rules.program(people.world.now, &people.world);
    assert!(matches!(
        refresh(&deps, &program, &these, &config()),
        Err(Error::DefinitionsChanged)
    ));
    let all = refresh(&deps, &program, &Users::All, &config()).unwrap();
    let new = all
        .changes
        .changes
        .iter()
        .find(|change| change.slot.tag == key("new", 1))
        .unwrap();
    assert_eq!(&new.entered, all.results.universe());
}
