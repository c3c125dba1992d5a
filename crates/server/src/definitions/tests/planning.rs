//! What files would change.

use super::*;

#[test]
fn a_plan_tells_what_is_added_changed_and_removed() {
    let (stored, members) = stored(&wanted(ALL));
    let text = "tags:\n- {key: new, rule: everyone}\n- {key: volume, value: sum(swap.fee_usd)}\n\
                lists:\n- {key: binance, users: [u9]}\n";
    let wanted = wanted(text);
    let keep = plan(&wanted, &stored, &members, Prune::Keep);
    let told: Vec<String> = keep.planned.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["~ list binance", "+ tag new", "~ tag volume"]);
    let marked: Vec<String> = keep.planned[2]
        .difference()
        .iter()
        .map(Line::marked)
        .collect();
    let expected = [
        "  key: volume",
        "  value: |",
        "-   sum(swap.amount_usd)",
        "+   sum(swap.fee_usd)",
    ];
    assert_eq!(marked, expected);
    assert_eq!(
        keep.to_string(),
        "1 to add, 2 to change, 0 to remove, 0 unchanged"
    );
    let pruned = plan(&wanted, &stored, &members, Prune::Remove);
    assert_eq!(pruned.count(PlannedAction::Removed), 5);
}

#[test]
fn a_list_that_changes_its_kind_is_emptied_first() {
    let (stored, members) = stored(&wanted("lists:\n- {key: l, users: [u1]}\n"));
    let wanted = wanted("lists:\n- {key: l, values: [x]}\n");
    let changes = plan(&wanted, &stored, &members, Prune::Keep).changes();
    assert!(matches!(&changes[0], catalog::Change::SetMembers(_, members) if members.is_empty()));
    assert_eq!(changes.len(), 3);
}

#[test]
fn the_state_of_a_tag_stays_unless_the_file_says_one() {
    use TagStatus::{Draft, InReview, Paused, Published};
    let file = |status: &str| wanted(&format!("tags:\n  - {{key: a, rule: x{status}}}\n"));
    let stored = |status: Option<TagStatus>, draft: Option<&str>| {
        let tag = |rule: &str, status| TagDefinition {
            status,
            ..TagDefinition::new(TagKey::new("a").unwrap(), TagBody::Rule(rule.to_owned()))
        };
        let draft = draft.map(|rule| versioned(tag(rule, Some(Draft))));
        Definitions {
            tags: vec![versioned(tag("x", status))],
            drafts: draft.into_iter().collect(),
            ..Definitions::default()
        }
    };
    let put = |status: &str, stored: &Definitions| {
        let plan = plan(&file(status), stored, &BTreeMap::new(), Prune::Remove);
        plan.planned.first().and_then(Planned::state)
    };
    // Nothing is said: what is paused stays so, and a draft waits.
    assert_eq!(put("", &stored(Some(Paused), None)), None);
    assert_eq!(put("", &stored(None, Some("y"))), None);
    assert_eq!(
        put(", status: published", &stored(Some(Paused), None)),
        Some(Published)
    );
    assert_eq!(put(", status: paused", &stored(None, None)), Some(Paused));
    // A draft that was published is nothing new; another one is.
    assert_eq!(put(", status: draft", &stored(None, None)), None);
    assert_eq!(
        put(", status: draft", &stored(None, Some("y"))),
        Some(Draft)
    );
    assert_eq!(
        put(", status: in_review", &stored(None, Some("x"))),
        Some(InReview)
    );
}
