//! Random tags that name one another, audiences and lists, and ask for values among all users.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{AudienceKey, Keep, ListKey, TagKey, Time, UserSet, Value};
use features::arbitrary::{Ingredients, Random};
use rules::checked::{Body, Case, Comparison, Condition, Measure, Operator, Place};

use super::given::{GivenForm, body_like, given};
use super::people::People;
use crate::compile::references::{self, Reference, recorded_by_body, recorded_by_population};
use crate::source::{Definition, Inputs, Meaning};
use crate::{GivenTag, TagProgram};

/// Whether rules ask for values among all users.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    OfEach,
    AmongAll,
}

/// Random tags that name one another, audiences and lists.
pub(super) struct Rules {
    asks: Asks,
    /// In the place of the rule of a given tag stands one of the same form.
    pub tags: Vec<(TagKey, Body, Option<Time>)>,
    pub given: BTreeMap<TagKey, GivenTag>,
    pub audiences: Vec<(AudienceKey, Condition)>,
    pub lists: BTreeMap<ListKey, Arc<UserSet>>,
}

pub(super) fn key(name: &str, number: usize) -> TagKey {
    TagKey::new(&format!("{name}{number}")).unwrap()
}

/// Whether a rule, or what it asks among all users, looks at recorded memberships.
fn looks(body: &Body) -> bool {
    let mut found = !recorded_by_body(body).is_empty();
    references::of_body(body, &mut |reference| found |= looks_at_records(reference));
    found
}

fn looks_at_records(reference: Reference<'_>) -> bool {
    let Reference::Feature(Measure::Population(population)) = reference else {
        return false;
    };
    let mut looks = !recorded_by_population(population).is_empty();
    references::of_population(population, &mut |inner| looks |= looks_at_records(inner));
    looks
}

impl Rules {
    /// Rules that look at no recorded memberships: of these people none were recorded.
    pub(super) fn draw(random: &mut Random, people: &People, asks: Asks) -> Self {
        loop {
            let rules = Self::draw_any(random, people, asks);
            let mut bodies = rules.tags.iter().map(|(_, body, _)| body);
            let mut conditions = rules.audiences.iter().map(|(_, condition)| condition);
            if bodies.all(|body| !looks(body))
                && conditions.all(|condition| !looks(&Body::Condition(condition.clone())))
            {
                return rules;
            }
        }
    }

    fn draw_any(random: &mut Random, people: &People, asks: Asks) -> Self {
        let list = (0..40)
            .map(|_| random.below(people.extent() as usize + 5) as u32)
            .collect::<UserSet>();
        let mut rules = Self {
            asks,
            tags: Vec::new(),
            given: BTreeMap::new(),
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
            if random.chance(25) {
                let form = random.pick(GivenForm::Flag, &GivenForm::OTHERS);
                let everyone = UserSet::below(people.extent() + 5);
                rules.give(number, given(random, form, &everyone));
            }
        }
        rules
    }

    /// Gives a tag its members.
    pub(super) fn give(&mut self, place: usize, members: GivenTag) {
        let (key, body, as_of) = &mut self.tags[place];
        (*body, *as_of) = (body_like(&members), None);
        self.given.insert(key.clone(), members);
    }

    pub(super) fn body_of(&self, tag: &TagKey) -> Option<&Body> {
        self.tags
            .iter()
            .find(|(key, ..)| key == tag)
            .map(|(_, body, _)| body)
    }

    fn body(&self, random: &mut Random, people: &People) -> Body {
        match random.below(6) {
            0 => Body::Measure(match random.below(4) {
                1 if self.asks == Asks::AmongAll => self.population(random, people, 1).0,
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
        if self.asks == Asks::AmongAll && random.chance(35) {
            let test = self.test_among_all(random, people);
            return match random.below(3) {
                0 => Condition::Any(vec![plain, Condition::Not(Box::new(test))]),
                _ => test,
            };
        }
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

    /// A value among all users, of what is known of each, tags and other such values too.
    fn population(&self, random: &mut Random, people: &People, depth: usize) -> (Measure, Place) {
        let measure = |random: &mut Random, place| match random.below(6) {
            0 => self.tag_value(random, place),
            1 if depth > 0 => {
                let (inner, of) = self.population(random, people, depth - 1);
                (of == place).then_some(inner)
            }
            _ => None,
        };
        let measure = |random: &mut Random, place| {
            measure(random, place).unwrap_or_else(|| people.vocabulary.measure_of(random, place, 1))
        };
        let condition = |random: &mut Random| match self.test_of_tag(random) {
            Some(test) if random.chance(40) => test,
            _ => people.vocabulary.condition(random, 1),
        };
        let ingredients = Ingredients {
            measure: &measure,
            condition: &condition,
        };
        let (population, place) = ingredients.population(random);
        (Measure::Population(Box::new(population)), place)
    }

    fn test_among_all(&self, random: &mut Random, people: &People) -> Condition {
        let (value, place) = self.population(random, people, 1);
        let constant = |constant: Value| Measure::Constant(constant);
        match place {
            Place::Truth => Condition::Holds(value),
            _ if random.chance(30) => Condition::IsSet(value),
            Place::Number => Condition::Compare {
                left: match random.below(4) {
                    0 => Measure::Coalesce(vec![value, constant(Value::from(1))]),
                    1 => Measure::Arithmetic {
                        operator: Operator::Add,
                        left: Box::new(value),
                        right: Box::new(people.vocabulary.measure_of(random, Place::Number, 0)),
                    },
                    _ => value,
                },
                comparison: random
                    .pick(Comparison::Equal, &[Comparison::AtLeast, Comparison::Less]),
                right: constant(Value::from(random.pick(1, &[0, 2, 3]))),
                zone: None,
            },
            _ => Condition::Compare {
                left: value,
                comparison: Comparison::Equal,
                right: constant(Value::text(random.pick("a", &["b", "12.5"]))),
                zone: None,
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

    pub(super) fn program(&self, people: &People) -> TagProgram {
        let now = people.world.now;
        let inputs = Inputs {
            audiences: BTreeMap::new(),
            user_lists: self.lists.clone(),
            value_lists: people.world.lists.clone(),
            identities: Some(Arc::new(people.identities())),
        };
        let definitions = self.tags.iter().map(|(key, body, as_of)| {
            match self.given.get(key).map(Meaning::Given) {
                Some(meaning) => Definition { key, meaning },
                None => Definition::of_rule(key, body, *as_of),
            }
        });
        let audiences = self
            .audiences
            .iter()
            .map(|(key, condition)| (key, condition))
            .collect();
        TagProgram::of_definitions(definitions.collect(), audiences, now, &inputs).unwrap()
    }
}
