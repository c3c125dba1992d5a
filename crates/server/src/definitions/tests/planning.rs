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
