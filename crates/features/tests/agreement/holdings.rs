//! However identities tell what they hold, each row has what all of its user's told last.

use std::sync::Arc;

use domain::{HOLDINGS, Stored, Value, stored};
use features::arbitrary::Random;
use features::history::{Column, Table, WantedColumn, WantedForm};
use features::{holdings, place};

/// What an identity of a user tells at a time; nothing where it is unset.
#[derive(Debug)]
struct Told {
    user: u32,
    time: i64,
    identity: u32,
    held: Option<Value>,
}

fn draw(random: &mut Random) -> Vec<Told> {
    let told = |random: &mut Random| Told {
        user: random.below(2) as u32,
        time: random.below(5) as i64,
        identity: random.below(4) as u32,
        held: match random.below(4) {
            0 => None,
            most => Some(
                (1..most)
                    .map(|number| Value::text(&number.to_string()))
                    .collect(),
            ),
        },
    };
    (0..random.below(12)).map(|_| told(random)).collect()
}

/// Of all rows up to one, by time and then by their places, the last of each identity of its user.
fn expected(row: usize, rows: &[Told]) -> Option<Value> {
    let up_to = |place: &usize| (rows[*place].time, *place) <= (rows[row].time, row);
    let last_of = |identity: u32| {
        (0..rows.len())
            .filter(up_to)
            .filter(|place| rows[*place].user == rows[row].user)
            .filter(|place| rows[*place].identity == identity)
            .max_by_key(|place| (rows[*place].time, *place))
            .and_then(|place| rows[place].held.clone())
    };
    let last: Vec<Value> = (0..4).filter_map(last_of).collect();
    let all = last.iter().flat_map(place::elements).cloned();
    (!last.is_empty()).then(|| all.collect())
}

fn encoded(held: Option<&Value>) -> Arc<str> {
    let text = held.and_then(|held| stored::encode(HOLDINGS, held).into_iter().next());
    text.map_or_else(|| Arc::from(stored::UNSET), |(_, text)| Arc::from(text))
}

fn joined(rows: &[Told]) -> Vec<Option<Value>> {
    let mut table = Table {
        users: rows.iter().map(|row| row.user).collect(),
        times: rows.iter().map(|row| row.time).collect(),
        columns: vec![Column::Text {
            codes: (0..rows.len() as u32).collect(),
            texts: rows.iter().map(|row| encoded(row.held.as_ref())).collect(),
        }],
        ..Table::default()
    };
    let wanted = WantedColumn {
        path: Arc::from(HOLDINGS),
        form: WantedForm::Texts,
    };
    let identities: Vec<u32> = rows.iter().map(|row| row.identity).collect();
    holdings::join(&mut table, &[wanted], &identities);
    let Column::Text { codes, texts } = &table.columns[0] else {
        panic!("{table:?}")
    };
    let held = codes
        .iter()
        .map(|code| stored::decode(&texts[*code as usize]));
    held.map(|held| match held {
        Stored::Value(value) => Some(value),
        _ => None,
    })
    .collect()
}

#[test]
fn each_row_has_what_all_identities_of_its_user_told_last() {
    for seed in super::seeds(3_000) {
        let rows = draw(&mut Random::new(seed ^ 0x601d));
        let expected: Vec<_> = (0..rows.len()).map(|row| expected(row, &rows)).collect();
        assert_eq!(joined(&rows), expected, "seed {seed}: {rows:?}");
    }
}
