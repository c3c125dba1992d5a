//! Histories as the fold reads them.

use domain::{EventType, Time, UserNumber};
use features::history::{MISSING, MISSING_WIDE, NO_CODE, UNTOUCHED};
use features::{Column, Table, Wanted, WantedColumn, WantedForm};
use warehouse::chdb::Params;
use warehouse::{EventRow, Store, TraitRow, UserSelection, WriteBatch};

use crate::fresh::store;

/// The first of November 2026, and a day.
const START: i64 = 1_793_491_200_000;
const DAY: i64 = 86_400_000;

fn add_event(
    batch: &mut WriteBatch,
    user: u32,
    millis: i64,
    arrival: u64,
    name: &str,
    pairs: &[(&str, &str)],
) {
    let row = EventRow {
        user: UserNumber(user),
        identity: UserNumber(user),
        time: Time::from_millis(millis),
        arrival,
        position: domain::Position::NONE,
        event_type: EventType::Track,
        name,
        source: "app",
        message: 0,
    };
    batch.event(&row, pairs);
}

fn add_traits(
    batch: &mut WriteBatch,
    user: u32,
    millis: i64,
    arrival: u64,
    pairs: &[(&str, &str)],
) {
    let row = TraitRow {
        user: UserNumber(user),
        identity: UserNumber(user),
        time: Time::from_millis(millis),
        arrival,
        source: "crm",
        message: 0,
    };
    batch.traits(&row, pairs);
}

fn wanted(path: &str, form: WantedForm) -> WantedColumn {
    WantedColumn {
        path: path.into(),
        form,
    }
}

fn texts(column: &Column) -> Vec<Option<&str>> {
    let Column::Text { codes, texts } = column else {
        panic!("{column:?}")
    };
    codes
        .iter()
        .map(|code| (*code != NO_CODE).then(|| &*texts[*code as usize]))
        .collect()
}

fn names(table: &Table) -> Vec<&str> {
    table
        .names
        .iter()
        .map(|code| &*table.name_texts[*code as usize])
        .collect()
}

/// Three users with all that a column can hold.
fn written() -> Store {
    let store = store();
    let mut batch = WriteBatch::new();
    add_event(
        &mut batch,
        5,
        START,
        1,
        "swap",
        &[("usd", "12.5"), ("wei", "1e20"), ("chain", "bsc")],
    );
    add_event(&mut batch, 5, START + 1, 2, "login", &[]);
    add_event(
        &mut batch,
        9,
        START,
        3,
        "swap",
        &[("usd", "abc"), ("wei", "7"), ("chain", "\u{1}n")],
    );
    add_event(
        &mut batch,
        12,
        START,
        4,
        "swap",
        &[("usd", "1"), ("mixed", "\u{1}l[1]")],
    );
    add_traits(&mut batch, 5, START, 5, &[("kyc", "2")]);
    add_traits(
        &mut batch,
        5,
        START + 1,
        6,
        &[("country", "SG"), ("kyc", "none")],
    );
    add_traits(&mut batch, 9, START, 7, &[("country", "JP")]);
    store.write(&batch).unwrap();
    store
}

/// Every form of column.
fn every_form() -> Wanted {
    Wanted {
        event_columns: vec![
            wanted("usd", WantedForm::Numbers),
            wanted("wei", WantedForm::Numbers),
            wanted("usd", WantedForm::Texts),
            wanted("chain", WantedForm::Texts),
            wanted("$source", WantedForm::Texts),
            wanted("mixed", WantedForm::Numbers),
            wanted("never", WantedForm::Numbers),
        ],
        trait_columns: vec![
            wanted("kyc", WantedForm::Numbers),
            wanted("country", WantedForm::Texts),
        ],
        ..Wanted::default()
    }
}

#[test]
fn columns_come_with_their_values_their_gaps_and_their_codes() {
    let store = written();
    let plan = store.plan_histories(&every_form()).unwrap();
    let block = store
        .histories(&plan, &UserSelection::Range(5..12))
        .unwrap();
    assert_eq!(block.users, (5..12).collect::<Vec<_>>());
    let events = &block.events;
    assert_eq!(
        (&events.users[..], &events.times[..]),
        (&[5, 5, 9][..], &[START, START + 1, START][..])
    );
    assert_eq!(names(events), ["swap", "login", "swap"]);
    assert!(events.arrivals.is_empty());
    match &events.columns[..2] {
        [
            Column::Number {
                scale: 2,
                mantissas: usd,
            },
            Column::WideNumber {
                scale: 0,
                mantissas: wei,
            },
        ] => {
            assert_eq!(usd, &[1250, MISSING, MISSING]);
            assert_eq!(wei, &[100_000_000_000_000_000_000, MISSING_WIDE, 7]);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(texts(&events.columns[2]), [Some("12.5"), None, Some("abc")]);
    assert_eq!(
        texts(&events.columns[3]),
        [Some("bsc"), None, Some("\u{1}n")]
    );
    assert_eq!(texts(&events.columns[4]), [Some("app"); 3]);
    assert_eq!(texts(&events.columns[5]), [None; 3]);
    assert!(
        matches!(&events.columns[6], Column::Number { mantissas, .. } if mantissas == &[MISSING; 3])
    );
    let traits = &block.traits;
    assert_eq!(traits.users, [5, 5, 9]);
    assert!(traits.names.is_empty());
    assert!(
        matches!(&traits.columns[0], Column::Number { mantissas, .. } if mantissas == &[2, MISSING, UNTOUCHED])
    );
    assert_eq!(texts(&traits.columns[1]), [None, Some("SG"), Some("JP")]);
    let listed = store
        .histories(&plan, &UserSelection::Listed(&[9, 12, 77]))
        .unwrap();
    assert_eq!(
        (listed.users, listed.events.users),
        (vec![9, 12, 77], vec![9, 12])
    );
}

/// Rows of many users, three months, several batches; the same table must be read before and after merges.
#[test]
fn every_part_is_one_sorted_run_and_arrival_is_read_where_it_decides() {
    let store = store();
    for round in 0..5_u64 {
        let mut batch = WriteBatch::new();
        for row in 0..30_000_u64 {
            let user = ((row * 7919 + round) % 3000) as u32;
            let time = START + ((row * 31 + round) % 90) as i64 * DAY;
            let usd = (row % 100).to_string();
            add_event(
                &mut batch,
                user,
                time,
                1_000_000 - row - round * 50_000,
                "swap",
                &[("usd", &usd)],
            );
        }
        store.write(&batch).unwrap();
    }
    let columns = Wanted {
        event_columns: vec![wanted("usd", WantedForm::Numbers)],
        ..Wanted::default()
    };
    let plan = store.plan_histories(&columns).unwrap();
    let everyone = UserSelection::Range(0..3000);
    let unmerged = store.histories(&plan, &everyone).unwrap().events;
    assert_eq!(unmerged.len(), 150_000);
    assert_eq!(unmerged.arrivals.len(), 150_000);
    store
        .connection()
        .unwrap()
        .execute("OPTIMIZE TABLE events FINAL", &Params::new())
        .unwrap();
    let merged = store.histories(&plan, &everyone).unwrap().events;
    assert!(merged.arrivals.is_empty());
    assert_eq!(merged.runs().len(), 3, "{:?}", merged.runs());
    assert_eq!(in_order(&unmerged), in_order(&merged));
    let some: Vec<u32> = (0..3000).step_by(97).collect();
    let listed = store
        .histories(&plan, &UserSelection::Listed(&some))
        .unwrap()
        .events;
    assert_eq!(listed.len(), 50 * some.len());
    assert_eq!(listed.runs().len(), 3);
}

/// All rows by user, time and arrival.
fn in_order(table: &Table) -> Vec<(u32, i64, i64)> {
    let Column::Number { mantissas, .. } = &table.columns[0] else {
        panic!("no numbers")
    };
    let mut rows: Vec<usize> = (0..table.len()).collect();
    rows.sort_by_key(|row| {
        (
            table.users[*row],
            table.times[*row],
            table.arrivals.get(*row).copied(),
        )
    });
    rows.iter()
        .map(|row| (table.users[*row], table.times[*row], mantissas[*row]))
        .collect()
}

#[test]
fn a_property_with_more_places_than_before_is_planned_anew() {
    let store = store();
    let columns = Wanted {
        event_columns: vec![wanted("usd", WantedForm::Numbers)],
        ..Wanted::default()
    };
    for (value, scale, mantissa) in [("5", 0, 5), ("1.25", 2, 125), ("1.123", 6, 1_123_000)] {
        let mut batch = WriteBatch::new();
        add_event(&mut batch, 1, START, 0, "swap", &[("usd", value)]);
        store.write(&batch).unwrap();
        let plan = store.plan_histories(&columns).unwrap();
        let block = store.histories(&plan, &UserSelection::Range(0..2)).unwrap();
        match &block.events.columns[0] {
            Column::Number {
                scale: found,
                mantissas,
            } => {
                assert_eq!(*found, scale);
                assert!(mantissas.contains(&mantissa), "{mantissas:?}");
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(store.promoted().unwrap().len(), 1);
}
