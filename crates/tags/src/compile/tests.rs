//! What cannot be compiled, and what is compiled once.

use std::collections::BTreeMap;

use domain::{AudienceKey, Keep, ListKey, TagKey, Time, Value};
use rules::checked::{
    Aggregate, AggregateFunction, Case, Comparison, Condition, EventSelector, Measure, Operator,
    Place, Window,
};

use super::*;
use crate::circuit::Step;

const NOW: Time = Time::from_millis(1_000_000);

fn tag(name: &str) -> TagKey {
    TagKey::new(name).unwrap()
}

fn has(name: &str) -> Condition {
    Condition::HasTag(tag(name))
}

/// Compiles conditions by key; audiences have the keys that begin with `a_`.
fn compile(rules: &[(&str, Body, Option<Time>)]) -> Result<TagProgram, Error> {
    let keys: Vec<TagKey> = rules.iter().map(|(name, ..)| tag(name)).collect();
    let audience_keys: Vec<AudienceKey> = rules
        .iter()
        .map(|(name, ..)| AudienceKey::new(name).unwrap())
        .collect();
    let mut definitions = Vec::new();
    let mut audiences = BTreeMap::new();
    for ((key, audience), (name, body, as_of)) in keys.iter().zip(&audience_keys).zip(rules) {
        match body {
            Body::Condition(condition) if name.starts_with("a_") => {
                audiences.insert(audience, condition);
            }
            _ => definitions.push(Definition::of_rule(key, body, *as_of)),
        }
    }
    TagProgram::of_definitions(definitions, audiences, NOW, &Inputs::default())
}

fn plain(name: &'static str, condition: Condition) -> (&'static str, Body, Option<Time>) {
    (name, Body::Condition(condition), None)
}

fn count_at_least(bound: i64) -> Condition {
    let aggregate = Aggregate {
        function: AggregateFunction::Count,
        events: EventSelector {
            names: [domain::EventName::new("swap")].into(),
            ..EventSelector::default()
        },
        arguments: Vec::new(),
        filter: None,
        window: Window::Ever,
    };
    Condition::Compare {
        left: Measure::Aggregate(Box::new(aggregate)),
        comparison: Comparison::AtLeast,
        right: Measure::Constant(Value::from(bound)),
        zone: None,
    }
}

#[test]
fn a_circle_is_told_with_the_whole_way() {
    let circle = compile(&[
        plain("x", has("one")),
        plain("one", Condition::Not(Box::new(has("two")))),
        plain(
            "two",
            Condition::InAudience(AudienceKey::new("a_mine").unwrap()),
        ),
        plain("a_mine", has("one")),
    ]);
    assert_eq!(
        circle.unwrap_err().to_string(),
        "tags and audiences need one another in a circle: one -> two -> one; take one step out"
    );
    let itself = compile(&[plain("one", has("one"))]);
    assert!(itself.unwrap_err().to_string().contains("one -> one"));
    let audience = |name: &str| Condition::InAudience(AudienceKey::new(name).unwrap());
    let circle = compile(&[
        plain("one", audience("a_x")),
        plain("a_x", audience("a_y")),
        plain("a_y", audience("a_x")),
    ]);
    assert!(
        circle
            .unwrap_err()
            .to_string()
            .contains("a_x -> a_y -> a_x")
    );
}

#[test]
fn what_does_not_exist_is_named_with_whose_rule_names_it() {
    let message = |rules: &[_]| compile(rules).unwrap_err().to_string();
    assert_eq!(
        message(&[plain("one", has("none"))]),
        "tag `one` names tag `none`, which does not exist"
    );
    let audience = Condition::InAudience(AudienceKey::new("a_none").unwrap());
    assert_eq!(
        message(&[plain("one", audience)]),
        "tag `one` names audience `a_none`, which does not exist"
    );
    let list = Condition::UserInList(ListKey::new("none").unwrap());
    assert_eq!(
        message(&[plain("one", list)]),
        "tag `one` names list `none` of users, which does not exist: import it first"
    );
    assert_eq!(
        message(&[plain("one", has("one")), plain("one", has("one"))]),
        "tag `one` is defined twice: rename one"
    );
}

#[test]
fn long_chains_of_tags_are_ordered_without_running_out_of_stack() {
    let names: Vec<String> = (0..20_000).map(|number| format!("t{number}")).collect();
    let rule = |number: usize| match names.get(number + 1) {
        Some(next) => has(next),
        None => Condition::Constant(true),
    };
    let rules: Vec<(&str, Body, Option<Time>)> = names
        .iter()
        .enumerate()
        .map(|(number, name)| (name.as_str(), Body::Condition(rule(number)), None))
        .collect();
    assert_eq!(compile(&rules).unwrap().slots().len(), 20_000);
}

#[test]
fn equal_conditions_of_different_tags_are_computed_once() {
    let both = |order: [i64; 2]| Condition::All(order.map(count_at_least).to_vec());
    let program = compile(&[
        plain("one", both([1, 2])),
        plain("two", both([2, 1])),
        plain("three", Condition::Not(Box::new(both([1, 2])))),
        plain("four", has("one")),
    ])
    .unwrap();
    let pass = program.passes.last().unwrap();
    assert_eq!(pass.program.features().features().len(), 1);
    assert_eq!(
        pass.tests
            .values()
            .map(|tests| tests.all().len())
            .sum::<usize>(),
        2
    );
    assert_eq!(
        pass.circuit
            .steps
            .iter()
            .filter(|step| matches!(step, Step::And { .. }))
            .count(),
        1
    );
}

#[test]
fn tags_of_one_instant_are_one_pass_and_later_ones_read_their_results() {
    let at = |millis| Some(Time::from_millis(millis));
    let rules = [
        ("early", Body::Condition(count_at_least(1)), at(10)),
        ("same", Body::Condition(has("early")), at(10)),
        ("later", Body::Condition(has("between")), at(20)),
        (
            "between",
            Body::Condition(Condition::Not(Box::new(has("same")))),
            None,
        ),
        ("future", Body::Condition(has("later")), at(2_000_000)),
    ];
    let program = compile(&rules).unwrap();
    let instants: Vec<i64> = program.reads().map(|(now, _)| now.millis()).collect();
    assert_eq!(instants, [10, 20, 1_000_000]);
    let reads_nothing = |pass: &Pass| pass.program.features().features().is_empty();
    assert_eq!(
        program.passes.iter().map(reads_nothing).collect::<Vec<_>>(),
        [false, true, true]
    );
}

#[test]
fn values_of_layered_tags_are_slots_in_the_order_of_their_cases() {
    let case = |value: &str| Case {
        value: value.into(),
        when: Condition::Constant(true),
    };
    let body = Body::Cases {
        cases: vec![case("b"), case("a"), case("b")],
        otherwise: Some("rest".into()),
        keep: Keep::All,
    };
    let tested = Condition::Compare {
        left: Measure::TagValue {
            tag: tag("level"),
            place: Place::Text,
        },
        comparison: Comparison::Equal,
        right: Measure::Constant(Value::text("a")),
        zone: None,
    };
    let program = compile(&[("level", body, None), plain("is_a", tested)]).unwrap();
    let slots: Vec<_> = program
        .slots()
        .iter()
        .map(|slot| slot.value.as_deref())
        .collect();
    assert_eq!(slots, [Some("b"), Some("a"), Some("rest"), None]);
    let outputs = &program.passes.last().unwrap().outputs;
    assert_eq!(
        outputs[1].operand, outputs[3].operand,
        "a test of a value is that value's signal"
    );
}

/// So many points where a condition holds, as the checker makes them.
fn points(of: &[(i64, Condition)]) -> Measure {
    let constant = |number: i64| Box::new(Measure::Constant(Value::from(number)));
    let weighted = of.iter().map(|(weight, condition)| Measure::If {
        condition: Box::new(condition.clone()),
        then: constant(*weight),
        otherwise: constant(0),
    });
    let add = |left, right| Measure::Arithmetic {
        operator: Operator::Add,
        left: Box::new(left),
        right: Box::new(right),
    };
    weighted.reduce(add).unwrap()
}

fn at_least(measure: Measure, bound: i64) -> Condition {
    Condition::Compare {
        left: measure,
        comparison: Comparison::AtLeast,
        right: Measure::Constant(Value::from(bound)),
        zone: None,
    }
}

#[test]
fn points_are_gates_and_need_no_column() {
    let often = count_at_least(5);
    let score = || points(&[(1, count_at_least(1)), (2, often.clone()), (-2, has("bad"))]);
    let bad = plain("bad", count_at_least(9));
    let all = plain("all", at_least(score(), 3));
    let by_hand = Condition::All(vec![
        Condition::All(vec![count_at_least(1), often.clone()]),
        Condition::Not(Box::new(has("bad"))),
    ]);
    let worth = ("worth", Body::Measure(score()), None);
    let program = compile(&[bad, all, plain("by_hand", by_hand), worth]).unwrap();
    let pass = program.passes.last().unwrap();
    assert!(pass.computed.is_empty() && pass.conditions.is_empty() && pass.late.is_empty());
    assert_eq!(pass.outputs[1].operand, pass.outputs[2].operand);
    assert_eq!(pass.metrics[0].sources.len(), 6, "from -2 to 3");
}

#[test]
fn what_conditions_choose_among_columns_is_tested_column_by_column() {
    let count = || match count_at_least(0) {
        Condition::Compare { left, .. } => left,
        _ => unreachable!("a comparison"),
    };
    let chosen = Measure::If {
        condition: Box::new(count_at_least(7)),
        then: Box::new(count()),
        otherwise: Box::new(Measure::Coalesce(vec![
            Measure::Constant(Value::from(3)),
            count(),
        ])),
    };
    let by_hand = Condition::Any(vec![
        Condition::All(vec![count_at_least(7), count_at_least(5)]),
        Condition::All(vec![
            Condition::Not(Box::new(count_at_least(7))),
            Condition::Constant(false),
        ]),
    ]);
    let program = compile(&[
        plain("chosen", at_least(chosen.clone(), 5)),
        plain("by_hand", by_hand),
    ])
    .unwrap();
    let pass = program.passes.last().unwrap();
    assert!(pass.computed.is_empty());
    assert_eq!(pass.outputs[0].operand, pass.outputs[1].operand);
    // Too many of them are left to be asked user by user.
    let many = (0..6).fold(chosen.clone(), |sum, _| Measure::Arithmetic {
        operator: Operator::Add,
        left: Box::new(sum),
        right: Box::new(chosen.clone()),
    });
    let program = compile(&[plain("many", at_least(many, 5))]).unwrap();
    assert_eq!(program.passes.last().unwrap().computed.len(), 1);
}
