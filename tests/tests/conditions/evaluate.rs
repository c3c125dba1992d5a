//! One user with some attributes, and whether a rule holds for this user: by the reference
//! evaluator and by the fold.

use std::collections::HashSet;
use std::sync::Arc;

use domain::{EventName, ListKey, ListKind, TagKey, Time, Value};
use features::arbitrary::{Forms, Random, block};
use features::evaluate::{self, Scope};
use features::reference::{self, Change, PastEvent, User, World};
use features::{Feature, FeatureBlock, FeatureSet, Program, ValueLists};
use rules::checked::{Aggregate, Body, Condition, Path, Place};
use rules::{CheckOptions, Expected, Vocabulary};
use serde_json::{Map, Value as Json};

/// Whatever; nothing here depends on it.
const NOW: Time = Time::from_millis(1_700_000_000_000);

/// Lists of values by their keys, as a case names them.
pub type Groups = Map<String, Json>;

/// Whether the rule holds for a user with these attributes, by the reference evaluator and by
/// the fold; `None` if the checker refuses it.
pub fn holds(rule: &str, attributes: &Json, groups: &Groups) -> Option<[bool; 2]> {
    let lists = lists(groups);
    let vocabulary = Vocabulary {
        lists: lists
            .keys()
            .map(|key| (key.clone(), ListKind::Values))
            .collect(),
        ..Vocabulary::default()
    };
    let options = CheckOptions {
        expected: Expected::Condition,
        ..CheckOptions::default()
    };
    let checked = rules::read(rule, &vocabulary, &options).ok()?;
    let Body::Condition(condition) = checked.rule.body() else {
        panic!("`{rule}` is no condition");
    };
    let user = user(attributes);
    let world = World {
        now: NOW,
        lists,
        users: Default::default(),
    };
    Some([
        reference::holds(condition, &user, &world),
        folded(condition, user, world),
    ])
}

/// A user who is known by an event, whatever the attributes.
fn user(attributes: &Json) -> User {
    let change = |(path, json): (&String, &Json)| Change {
        time: NOW,
        arrival: 1,
        path: Arc::from(path.as_str()),
        value: Value::from_json(json),
    };
    let seen = PastEvent {
        time: NOW,
        arrival: 0,
        position: 0,
        name: EventName::new("seen"),
        source: Arc::from("test"),
        properties: Default::default(),
    };
    User {
        changes: attributes.as_object().unwrap().iter().map(change).collect(),
        events: vec![seen],
        ..User::default()
    }
}

/// Members of lists of values are canonical texts.
fn lists(groups: &Groups) -> ValueLists {
    let text = |json: &Json| Value::from_json(json).and_then(|value| value.canonical_text());
    let members = |json: &Json| -> HashSet<Arc<str>> {
        json.as_array().unwrap().iter().filter_map(text).collect()
    };
    let list =
        |(key, json): (&String, &Json)| (ListKey::new(key).unwrap(), Arc::new(members(json)));
    groups.iter().map(list).collect()
}

fn folded(condition: &Condition, user: User, world: World) -> bool {
    let mut set = FeatureSet::default();
    set.add_condition(condition);
    let program = Program::new(set, world.now, world.lists);
    let history = block(
        &[(0, user)],
        program.wanted(),
        Forms::Narrowest,
        &mut Random::new(1),
    );
    let mut answers = Vec::new();
    program.fold(&history, &mut |block| {
        answers.push(evaluate::condition(
            condition,
            &OfBlock {
                program: &program,
                block: &block,
            },
        ));
    });
    assert_eq!(
        answers.len(),
        1,
        "the fold found {} known users",
        answers.len()
    );
    answers[0]
}

/// The features of the first user of a block.
struct OfBlock<'a> {
    program: &'a Program,
    block: &'a FeatureBlock,
}

impl OfBlock<'_> {
    fn feature(&self, feature: &Feature) -> Option<Value> {
        let number = self.program.features().number(feature).unwrap();
        self.block.columns[number].value(0)
    }
}

impl Scope for OfBlock<'_> {
    fn now(&self) -> Time {
        self.program.now()
    }
    fn attribute(&self, path: &Path, place: Place) -> Option<Value> {
        self.feature(&Feature::Attribute {
            path: Arc::clone(path),
            place,
        })
    }
    fn aggregate(&self, aggregate: &Aggregate) -> Option<Value> {
        self.feature(&Feature::Aggregate(aggregate.clone()))
    }
    fn has_tag(&self, tag: &TagKey) -> bool {
        panic!("no case has tags, here `{tag}`")
    }
    fn value_in_list(&self, list: &ListKey, text: &str) -> bool {
        self.program
            .lists()
            .get(list)
            .is_some_and(|texts| texts.contains(text))
    }
}
