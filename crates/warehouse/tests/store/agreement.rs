//! The reference evaluator, the fold over what the store streams, and the store's own SQL
//! select the same users: random rules over random histories that were written and read back.
//!
//! `MUSTER_TEST_CASES` asks more rules, `MUSTER_TEST_SEED` begins elsewhere.

use std::collections::BTreeMap;
use std::env;
use std::ops::Range;

use domain::{EventType, ListKey, TagKey, Time, UserKey, UserNumber, Value, Zone, stored};
use features::arbitrary::{Population, Random};
use features::evaluate::{self, Scope};
use features::reference::{self, User};
use features::sql::{self, Folds, ParameterValue, SqlQuery};
use features::{Feature, FeatureBlock, FeatureSet, IdentityEvent, Program};
use identity::{Moment, Relation, Statement};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rules::CheckOptions;
use rules::arbitrary::{checkable_condition, names};
use rules::checked::{Aggregate, Body, Condition, Measure, Path, Place};
use warehouse::chdb::{Format, Params};
use warehouse::{EventRow, RowReader, Store, TraitRow, UserSelection, WriteBatch};

use crate::columns::StoreColumns;
use crate::fresh;

/// How many users a population has, and how many rules are asked of each population.
const USERS: usize = 60;
const RULES: u64 = 60;

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// Which names histories have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    Own,
    OfTexts,
}

/// A population in a store of its own.
struct Stored {
    store: Store,
    population: Population,
    columns: StoreColumns,
}

impl Stored {
    fn new(database: &str, seed: u64, naming: Naming) -> Self {
        let mut random = Random::new(seed);
        let mut population = Population::of(&mut random, USERS);
        if naming == Naming::OfTexts {
            population = population.named_as_in_texts(&mut random);
        }
        // No run has recorded anything in this store.
        let users = population.users.iter_mut();
        users.for_each(|(_, user)| user.memberships.clear());
        let store = fresh::open(database);
        write(&store, &population, &mut random);
        identify(&store, &mut population);
        let columns = StoreColumns::new(&store, &population.world.lists);
        Self {
            store,
            population,
            columns,
        }
    }

    /// The users whom the store's SQL selects; `None` where the engine refuses to answer.
    fn by_sql(&self, query: &SqlQuery) -> Option<Vec<u32>> {
        let mut params = Params::new();
        for parameter in &query.parameters {
            let name: &'static str = Box::leak(parameter.name.clone().into_boxed_str());
            params = match &parameter.value {
                ParameterValue::Text(text) => params.text(name, text.as_bytes()),
                ParameterValue::Texts(texts) => {
                    let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
                    params.texts(name, &texts)
                }
                ParameterValue::Integer(integer) => params.integer(name, *integer),
                ParameterValue::WideInteger(digits) => params.text(name, digits.as_bytes()),
            };
        }
        let mut connection = self.store.connection().unwrap();
        let answer = connection.query(&query.text, &params, Format::RowBinary);
        let bytes = match answer {
            Ok(bytes) => bytes,
            Err(error) if error.to_string().contains("THROW_IF") => return None,
            Err(error) => panic!("{error}\n{}", query.with_literals()),
        };
        let mut rows = RowReader::new(&bytes);
        let mut users = Vec::new();
        while !rows.is_empty() {
            users.push(rows.u32().unwrap());
        }
        users.sort_unstable();
        Some(users)
    }

    /// The users whom the fold over the store's histories selects.
    fn by_fold(&self, condition: &Condition) -> Vec<u32> {
        let mut set = FeatureSet::default();
        set.add_condition(condition);
        let world = &self.population.world;
        let program = Program::new(set, world.now, world.lists.clone());
        let plan = self.store.plan_histories(program.wanted()).unwrap();
        let end = self
            .population
            .users
            .last()
            .map_or(0, |(number, _)| number + 1);
        let history = self
            .store
            .histories(&plan, &UserSelection::Range(0..end))
            .unwrap();
        let mut users = Vec::new();
        program.fold(&history, &mut |block| {
            for (user, number) in block.users.iter().enumerate() {
                let scope = OfBlock {
                    program: &program,
                    block: &block,
                    user,
                };
                if evaluate::condition(condition, &scope) {
                    users.push(*number);
                }
            }
        });
        users
    }

    fn by_reference(&self, condition: &Condition) -> Vec<u32> {
        let world = &self.population.world;
        let users = self.population.users.iter();
        users
            .filter(|(_, user)| {
                user.is_known(world.now) && reference::holds(condition, user, world)
            })
            .map(|(number, _)| *number)
            .collect()
    }

    fn history(&self, number: u32) -> Option<&User> {
        self.population
            .users
            .iter()
            .find(|(own, _)| *own == number)
            .map(|(_, user)| user)
    }
}

/// The features of one user, as the fold left them.
struct OfBlock<'a> {
    program: &'a Program,
    block: &'a FeatureBlock,
    user: usize,
}

impl OfBlock<'_> {
    fn feature(&self, feature: &Feature) -> Option<Value> {
        self.block.columns[self.program.features().number(feature).unwrap()].value(self.user)
    }
}

impl Scope for OfBlock<'_> {
    fn now(&self) -> Time {
        self.program.now()
    }
    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        self.feature(&Feature::Attribute {
            path: path.clone(),
            place,
        })
    }
    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        self.feature(&Feature::Aggregate(aggregate.clone()))
    }
    fn tag_at(&self, tag: &TagKey, at: &Measure, place: Place) -> Option<Value> {
        self.feature(&Feature::TagAt {
            tag: tag.clone(),
            at: at.clone(),
            place,
        })
    }
    fn held_since(&self, test: &Condition) -> Option<Value> {
        self.feature(&Feature::HeldSince(test.clone()))
    }
    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.program
            .lists()
            .get(list)
            .is_some_and(|texts| texts.contains(text))
    }
}

fn position(place: i64) -> domain::Position {
    domain::Position::new(place.unsigned_abs()).expect("a place")
}

/// The key of a user, and of an identity that is linked to it.
fn keys(number: u32) -> [UserKey; 2] {
    let other = match number % 3 {
        0 => format!("0xa{number}"),
        1 => format!("social:twitter:t{number}"),
        _ => format!("anonymous:a{number}"),
    };
    [
        UserKey::account(&format!("u{number}")),
        UserKey::parse(&other),
    ]
}

/// The users as the store has identified them.
fn identify(store: &Store, population: &mut Population) {
    let identities = store.identities();
    for (number, user) in &mut population.users {
        let own = UserNumber(*number);
        let key = |identity: UserNumber| identities.key(identity).cloned();
        user.identities = identities
            .of_user(own)
            .into_iter()
            .filter_map(key)
            .collect();
        if user.identities.is_empty() {
            user.identities.extend(keys(*number).into_iter().take(1));
        }
        let changes = identities.changes(own).iter();
        let events = changes.map(|change| IdentityEvent {
            user: *number,
            time: change.moment.time.millis(),
            arrival: change.moment.arrival,
            identity: identities.key(change.identity).unwrap().clone(),
            is_linked: change.is_linked,
        });
        user.identity_events = events.collect();
    }
}

/// Links another identity to a user, now and then; the number of that identity.
fn link(
    batch: &mut WriteBatch,
    number: u32,
    population: &Population,
    random: &mut Random,
) -> Option<UserNumber> {
    let [own, other] = keys(number);
    batch.user(UserNumber(number), &own);
    if random.chance(60) {
        return None;
    }
    let end = population.users.last().map_or(0, |(number, _)| number + 1);
    let identity = UserNumber(end + number);
    batch.user(identity, &other);
    let statement = Statement {
        moment: Moment {
            time: population.vocabulary.instant(random),
            arrival: 1_000_000 + u64::from(number),
        },
        relation: Relation::Link,
        one: UserNumber(number),
        other: identity,
    };
    batch.statement(&statement, &own, &other);
    Some(identity)
}

/// Writes all histories in one to three batches, which need not be in order; some rows with another identity of
/// their user, where they lie until they are moved.
fn write(store: &Store, population: &Population, random: &mut Random) {
    let mut batches = vec![WriteBatch::new(), WriteBatch::new(), WriteBatch::new()];
    let used = 1 + random.below(3);
    for (number, user) in &population.users {
        let other = link(
            &mut batches[random.below(used)],
            *number,
            population,
            random,
        );
        for event in &user.events {
            let other = other.filter(|_| random.chance(50));
            let identity = other.unwrap_or(UserNumber(*number));
            let row = EventRow {
                user: identity,
                identity,
                time: event.time,
                arrival: event.arrival,
                position: position(event.position),
                event_type: EventType::Track,
                name: event.name.as_str(),
                source: &event.source,
                message: 0,
            };
            let properties: Vec<(String, String)> = event
                .properties
                .iter()
                .flat_map(|(name, value)| stored::encode(name, value))
                .collect();
            batches[random.below(used)].event(&row, &properties);
        }
        let mut changes: BTreeMap<(Time, u64), Vec<(String, String)>> = BTreeMap::new();
        for change in &user.changes {
            let cells = changes.entry((change.time, change.arrival)).or_default();
            match &change.value {
                Some(value) => cells.extend(stored::encode(&change.path, value)),
                None => cells.push((change.path.to_string(), stored::UNSET.to_owned())),
            }
        }
        for ((time, arrival), cells) in changes {
            let row = TraitRow {
                user: UserNumber(*number),
                identity: UserNumber(*number),
                time,
                arrival,
                source: "",
                message: 0,
            };
            batches[random.below(used)].traits(&row, &cells);
        }
    }
    for batch in &batches {
        store.write(batch).unwrap();
    }
}

/// What became of the rules that were asked.
#[derive(Default)]
struct Tally {
    translated: u64,
    refused: u64,
    reasons: BTreeMap<String, u32>,
}

impl Tally {
    /// Asks the store's SQL, in both its forms, if there is any for this condition.
    fn ask_sql(&mut self, stored: &Stored, condition: &Condition, expected: &[u32], seed: u64) {
        let now = stored.population.world.now;
        let query = match sql::translate_condition(condition, &stored.columns, now) {
            Ok(query) => query,
            Err(Folds { reason }) => {
                *self.reasons.entry(reason).or_default() += 1;
                return;
            }
        };
        let Some(selected) = stored.by_sql(&query) else {
            self.refused += 1;
            return;
        };
        self.translated += 1;
        let place = format!("seed {seed}\n{}", query.with_literals());
        agree(stored, condition, expected, &selected, &place);
        if self.translated.is_multiple_of(8) {
            let written_out = SqlQuery {
                text: query.with_literals(),
                parameters: Vec::new(),
            };
            assert_eq!(stored.by_sql(&written_out), Some(selected), "{place}");
        }
    }

    fn print(&self) {
        let Self {
            translated,
            refused,
            reasons,
        } = self;
        println!("{translated} rules by SQL, {refused} refused while running, folded because:");
        for (reason, count) in reasons {
            println!("{count:5} {reason}");
        }
    }
}

/// The seeds of so many stores, which are asked `RULES` rules each.
fn seeds(stores: u64) -> Range<u64> {
    let first = number("MUSTER_TEST_SEED", 1);
    first..first + number("MUSTER_TEST_CASES", stores * RULES).div_ceil(RULES)
}

#[test]
fn the_fold_of_the_store_and_its_sql_select_the_users_that_the_reference_selects() {
    let mut tally = Tally::default();
    for seed in seeds(4) {
        let stored = Stored::new(&format!("agreement_{seed}"), seed, Naming::Own);
        for rule in 0..RULES {
            let mut random = Random::new(seed * 1_000_003 + rule);
            let condition = stored.population.vocabulary.condition(&mut random, 2);
            let expected = stored.by_reference(&condition);
            if rule % 4 == 0 {
                let folded = stored.by_fold(&condition);
                let place = format!("seed {seed}, fold");
                agree(&stored, &condition, &expected, &folded, &place);
            }
            tally.ask_sql(&stored, &condition, &expected, seed);
        }
    }
    tally.print();
    assert!(
        tally.translated * 4 > RULES,
        "SQL says a fair part of the rules"
    );
}

#[test]
fn sql_selects_what_the_reference_selects_also_by_rules_written_as_text() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = checkable_condition();
    let mut tally = Tally::default();
    for seed in seeds(4) {
        let stored = Stored::new(&format!("texts_{seed}"), seed, Naming::OfTexts);
        let zone = ["UTC", "Asia/Shanghai", "America/New_York"][seed as usize % 3];
        let options = CheckOptions {
            zone: Zone::named(zone).unwrap(),
            ..CheckOptions::default()
        };
        for _ in 0..RULES {
            let text = strategy.new_tree(&mut runner).unwrap().current();
            let rule = rules::read(&text, &names(), &options).unwrap().rule;
            if let Body::Condition(condition) = rule.body() {
                let expected = stored.by_reference(condition);
                tally.ask_sql(&stored, condition, &expected, seed);
            }
        }
    }
    tally.print();
    assert!(
        tally.translated * 8 > RULES,
        "SQL says a fair part of the rules"
    );
}

fn agree(stored: &Stored, condition: &Condition, expected: &[u32], selected: &[u32], place: &str) {
    if expected == selected {
        return;
    }
    let wrong = expected
        .iter()
        .find(|user| !selected.contains(user))
        .or_else(|| selected.iter().find(|user| !expected.contains(user)))
        .copied();
    panic!(
        "{place}\n{condition:#?}\nnow {:?}\nexpected {expected:?}\nselected {selected:?}\n{:#?}",
        stored.population.world.now,
        wrong.map(|user| (user, stored.history(user))),
    );
}
