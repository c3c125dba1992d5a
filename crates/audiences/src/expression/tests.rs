//! Expressions against asking every user.

use std::collections::{BTreeSet, HashMap};

use domain::{AudienceKey, UserNumber, UserSet, Value};
use proptest::prelude::*;
use rules::checked::{Comparison, Measure, Place};

use super::*;
use crate::ports::in_memory::SetsInMemory;
use crate::{count, members};

const TAGS: [&str; 4] = ["plain", "other", "tier", "empty"];

fn tag(name: &str) -> TagKey {
    TagKey::new(name).unwrap()
}

fn sets() -> SetsInMemory {
    let set = |keep: fn(u32) -> bool| {
        Arc::new((0..40_u32).filter(|user| keep(*user)).collect::<UserSet>())
    };
    let (list, audience) = (
        ListKey::new("friends").unwrap(),
        AudienceKey::new("mine").unwrap(),
    );
    let gold = Some(Arc::from("gold"));
    SetsInMemory {
        run: 1,
        universe: set(|user| user % 7 != 0),
        tags: HashMap::from([
            (
                tag("plain"),
                vec![(None, set(|user| user % 7 != 0 && user % 2 == 0))],
            ),
            (
                tag("other"),
                vec![(None, set(|user| user % 7 != 0 && user < 20))],
            ),
            (tag("empty"), vec![(None, set(|_| false))]),
            (
                tag("tier"),
                vec![
                    (gold, set(|user| user % 7 != 0 && user % 5 == 0)),
                    (
                        Some(Arc::from("silver")),
                        set(|user| user % 7 != 0 && user % 3 == 0),
                    ),
                ],
            ),
        ]),
        lists: HashMap::from([(list, set(|user| user % 4 == 0))]),
        audiences: HashMap::from([(
            audience,
            Condition::Not(Box::new(Condition::HasTag(tag("plain")))),
        )]),
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let value = || Measure::TagValue {
        tag: tag("tier"),
        place: Place::Text,
    };
    let leaf = prop_oneof![
        prop::sample::select(TAGS.to_vec()).prop_map(|name| Condition::HasTag(tag(name))),
        any::<bool>().prop_map(Condition::Constant),
        Just(Condition::UserInList(ListKey::new("friends").unwrap())),
        Just(Condition::InAudience(AudienceKey::new("mine").unwrap())),
        prop::sample::select(vec!["gold", "silver", "none"]).prop_map(move |text| {
            Condition::Compare {
                left: value(),
                comparison: Comparison::Equal,
                right: Measure::Constant(Value::text(text)),
                zone: None,
            }
        }),
        Just(Condition::OneOf {
            value: Measure::TagValue {
                tag: tag("tier"),
                place: Place::Text
            },
            of: BTreeSet::from([Value::text("gold"), Value::text("silver")]),
        }),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        let several = prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            several.clone().prop_map(Condition::All),
            several.clone().prop_map(Condition::Any),
            inner.prop_map(|part| Condition::Not(Box::new(part))),
            (0_u32..4, several).prop_map(|(count, of)| Condition::AtLeast { count, of }),
        ]
    })
}

/// What a condition says of one user, asked plainly.
fn holds(condition: &Condition, user: UserNumber, sets: &SetsInMemory) -> bool {
    let ask = |part: &Condition| holds(part, user, sets);
    let has = |tag: &TagKey, wanted: &dyn Fn(Option<&str>) -> bool| {
        sets.tags[tag]
            .iter()
            .any(|(value, set)| wanted(value.as_deref()) && set.contains(user))
    };
    match condition {
        Condition::Constant(truth) => *truth,
        Condition::All(parts) => parts.iter().all(ask),
        Condition::Any(parts) => parts.iter().any(ask),
        Condition::Not(part) => !ask(part),
        Condition::AtLeast { count, of } => {
            of.iter().filter(|part| ask(part)).count() >= *count as usize
        }
        Condition::HasTag(tag) => has(tag, &|_| true),
        Condition::UserInList(list) => sets.lists[list].contains(user),
        Condition::InAudience(audience) => ask(&sets.audiences[audience]),
        Condition::Compare {
            right: Measure::Constant(Value::Text(text)),
            ..
        } => has(&tag("tier"), &|value| value == Some(text)),
        Condition::OneOf { .. } => has(&tag("tier"), &|_| true),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn an_expression_has_the_members_for_whom_its_condition_holds(condition in condition()) {
        let sets = sets();
        let expression = AudienceExpression::of(&condition, &sets).unwrap();
        let found = members(&expression, &sets).unwrap();
        let expected: UserSet =
            sets.universe.iter().filter(|user| holds(&condition, *user, &sets)).collect();
        prop_assert_eq!(&*found, &expected, "{:?}", expression);
        prop_assert_eq!(count(&expression, &sets).unwrap(), expected.len());
        let complement = members(&expression.clone().complement(), &sets).unwrap();
        prop_assert_eq!(&*complement, &expected.complement_in(&sets.universe));
    }
}

#[test]
fn the_order_and_nesting_of_operands_do_not_matter() {
    let sets = sets();
    let [a, b, c, _] = TAGS.map(|name| Condition::HasTag(tag(name)));
    let nested = Condition::All(vec![
        c.clone(),
        Condition::All(vec![b.clone(), a.clone(), b.clone()]),
    ]);
    let flat = Condition::All(vec![a, b, c]);
    assert_eq!(
        AudienceExpression::of(&nested, &sets),
        AudienceExpression::of(&flat, &sets)
    );
}

#[test]
fn what_histories_decide_is_refused() {
    let sets = sets();
    let attribute = Measure::Attribute {
        path: Arc::from("country"),
        place: Place::Text,
    };
    let refused = AudienceExpression::of(&Condition::IsSet(attribute), &sets);
    assert!(matches!(refused, Err(Error::MoreThanAlgebra { .. })));
    let unknown = AudienceExpression::of(&Condition::HasTag(tag("unknown")), &sets);
    assert_eq!(
        unknown,
        Err(Error::UnknownTag {
            tag: tag("unknown")
        })
    );
}

#[test]
fn audiences_in_a_circle_are_told_with_the_whole_way() {
    let mut sets = sets();
    let key = |name: &str| AudienceKey::new(name).unwrap();
    for (one, other) in [("a", "b"), ("b", "c"), ("c", "b")] {
        sets.audiences
            .insert(key(one), Condition::InAudience(key(other)));
    }
    let refused = AudienceExpression::of(&Condition::InAudience(key("a")), &sets);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "audiences name one another in a circle: b -> c -> b; take one step out"
    );
}
