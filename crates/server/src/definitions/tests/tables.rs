//! Tables in definition files.

use super::{Plan, PlannedAction, Prune, plan, problems, stored, versioned, wanted};
use crate::definitions::export;
use catalog::Definitions;
use std::collections::BTreeMap;

const CHAINS: &str = "
tables:
  - key: chains
    name: Chains
    rows:
      - {id: bsc, name: BNB Chain, usd: 600.50, since: 2020-09-01, test: no}
      - {id: '1', name: \"Ether: the first\"}
";

fn stored_tables(text: &str) -> Definitions {
    let tables = wanted(text).tables.into_values();
    Definitions {
        tables: tables.map(|table| versioned(table.definition)).collect(),
        ..stored(&wanted("")).0
    }
}

fn planned(text: &str, stored: &Definitions) -> Plan {
    plan(&wanted(text), stored, &BTreeMap::new(), Prune::Remove)
}

#[test]
fn a_table_keeps_its_columns_in_their_order_and_its_numbers_exactly() {
    let table = wanted(CHAINS).tables["chains"].definition.clone();
    assert_eq!(table.key_column(), "id");
    let row = &table.rows[0];
    let columns: Vec<&str> = row.cells.iter().map(|cell| &*cell.column).collect();
    assert_eq!(columns, ["id", "name", "usd", "since", "test"]);
    let values: Vec<&str> = row.cells.iter().map(|cell| &*cell.value).collect();
    assert_eq!(values, ["bsc", "BNB Chain", "600.5", "2020-09-01", "no"]);
}

#[test]
fn an_exported_table_reads_back_the_same() {
    let stored = stored_tables(CHAINS);
    let files = export(&stored, &BTreeMap::new());
    let [file] = files.as_slice() else {
        panic!("{files:?}")
    };
    assert_eq!(file.path, "tables.yaml");
    let again = planned(&file.text, &stored);
    assert_eq!(
        (again.planned.len(), again.unchanged),
        (0, 1),
        "{}",
        file.text
    );
}

#[test]
fn a_table_is_added_changed_and_removed() {
    let nothing = Definitions::default();
    assert_eq!(planned(CHAINS, &nothing).count(PlannedAction::Added), 1);
    let stored = stored_tables(CHAINS);
    let changed = planned(&CHAINS.replace("600.50", "601"), &stored);
    assert_eq!(changed.planned[0].to_string(), "~ table chains");
    assert_eq!(planned("", &stored).count(PlannedAction::Removed), 1);
}

#[test]
fn rows_without_a_key_and_keys_that_come_twice_are_told_with_their_line() {
    let told = problems("tables:\n  - {key: t, by: id, rows: [{name: a}]}");
    assert!(
        told.contains("a.yaml:2") && told.contains("row 1 has no `id`"),
        "{told}"
    );
    let told = problems("tables:\n  - {key: t, rows: [{id: a}, {id: a}]}");
    assert!(told.contains("two rows have the id `a`"), "{told}");
    let told = problems("tables:\n  - {key: t, rows: [a]}");
    assert!(told.contains("a row is written like"), "{told}");
    let told = problems("tables:\n  - {key: t, rows: [{id: a, of: [1]}]}");
    assert!(told.contains("`of` is no single value"), "{told}");
}
