//! Random values: ordinary ones, and those at the edges of number, text and time.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{
    Cell, Date, Decimal, LocalizedText, Table, TableDefinition, TableKey, TableRow, Time, UserKey,
    Value, Zone,
};
use rules::checked::Place;

use super::{Random, Vocabulary};

/// An address in its canonical form; [`MIXED_ADDRESS`] is the same one.
pub(super) const ADDRESS: &str = "0xabcdefabcdef0123456789abcdefabcdef012345";
const MIXED_ADDRESS: &str = "0xABCDEFabcdef0123456789ABCDEFabcdef012345";

/// A table whose rows some of the texts find.
pub(super) fn table() -> Option<Arc<Table>> {
    let cell = |(column, value): (&str, &str)| Cell {
        column: Arc::from(column),
        value: Arc::from(value),
    };
    let row = |cells: [(&str, &str); 3]| TableRow {
        cells: cells.map(cell).into(),
    };
    let rows = [
        [("id", "a"), ("usd", "12.5"), ("kind", "b")],
        [("id", "12.5"), ("usd", "-3"), ("when", "2026-11-01")],
        [("id", ADDRESS), ("usd", "many"), ("kind", "")],
        [
            ("id", "true"),
            ("when", "2026-11-01T10:00:00Z"),
            ("kind", "é"),
        ],
    ];
    let definition = TableDefinition {
        key: TableKey::new("rates").ok()?,
        name: LocalizedText::default(),
        description: LocalizedText::default(),
        by: None,
        rows: rows.map(row).into(),
    };
    definition.table().ok().map(Arc::new)
}

/// Names of properties and of attributes.
pub(super) const PATHS: [&str; 11] = [
    "usd", "fine", "wei", "kind", "labels", "mixed", "ok", "when", "deep", "level", "orders",
];

/// The path of a list, which collections go over.
pub(super) fn list_path(random: &mut Random) -> Arc<str> {
    Arc::from(random.pick("orders", &["orders", "orders", "labels", "mixed", "deep"]))
}

/// The path of a member of an element.
pub(super) fn member_path(random: &mut Random) -> Arc<str> {
    Arc::from(random.pick("usd", &["usd", "kind", "when", "of.usd", "value", "labels"]))
}

/// A path that a rule reads; some lead into an object.
pub(super) fn path(random: &mut Random, place: Place) -> Arc<str> {
    let usual = match place {
        Place::Number => random.pick("usd", &["usd", "fine", "wei", "level", "level", "deep.x"]),
        Place::Text => random.pick("kind", &["kind", "labels", "deep.y"]),
        Place::Truth => "ok",
        Place::Moment => "when",
        Place::Span | Place::Any => random.pick("labels", &["kind", "deep", "deep.x", "usd"]),
    };
    let path = if random.chance(70) {
        usual
    } else if random.chance(50) {
        random.pick("old", &["old", "new", "value"])
    } else {
        random.pick("mixed", &PATHS)
    };
    Arc::from(path)
}

/// A value that stands under that name.
pub(super) fn under(random: &mut Random, name: &str, vocabulary: &Vocabulary) -> Value {
    match name {
        "usd" => Value::Number(amount(random)),
        "fine" => Value::Number(fine(random)),
        "wei" => Value::Number(great(random)),
        "level" => Value::from(random.below(4) as i64),
        "kind" => Value::text(text(random)),
        "labels" => list(random),
        "ok" => Value::from(random.chance(50)),
        "when" => moment(random, vocabulary),
        "deep" => deep(random),
        "orders" => orders(random, vocabulary),
        _ => match random.below(8) {
            0 => Value::Number(amount(random)),
            1 => Value::Number(great(random)),
            2 => Value::text(written_number(random)),
            3 => list(random),
            4 => Value::from(random.chance(50)),
            5 => moment(random, vocabulary),
            6 => deep(random),
            _ => Value::text(text(random)),
        },
    }
}

/// A constant of a place.
pub(super) fn constant(random: &mut Random, place: Place, vocabulary: &Vocabulary) -> Value {
    match place {
        Place::Number => Value::Number(match random.below(8) {
            0 => fine(random),
            1 => great(random),
            2..=4 => Decimal::from(random.below(4)),
            _ => amount(random),
        }),
        Place::Truth => Value::from(random.chance(50)),
        Place::Moment if random.chance(30) => Value::Date(date(random, vocabulary)),
        Place::Moment => Value::Time(vocabulary.instant(random)),
        Place::Span => Value::Span(vocabulary.span(random)),
        Place::Text | Place::Any => {
            let drawn = text(random);
            let text = Value::text(random.pick(drawn, &[drawn, drawn, "12.5", "true", "-3"]));
            text.canonical_text().map_or(text, Value::Text)
        }
    }
}

/// A date near what happens.
pub(super) fn date(random: &mut Random, vocabulary: &Vocabulary) -> Date {
    let day = Zone::utc().date(vocabulary.instant(random)).days();
    Date::from_days(day + random.below(3) as i32 - 1)
}

fn number(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_default()
}

fn amount(random: &mut Random) -> Decimal {
    number(random.pick(
        "0",
        &[
            "1", "2", "10.5", "-3", "0.25", "100", "99.99", "12.5", "-0.01",
        ],
    ))
}

fn fine(random: &mut Random) -> Decimal {
    number(random.pick(
        "0.000000000000000001",
        &[
            "1.5",
            "-2.000000000000000003",
            "9.223372036854775807",
            "0.333333333333333333",
            "7",
        ],
    ))
}

fn great(random: &mut Random) -> Decimal {
    number(random.pick(
        "1000000000000000000",
        &[
            "9223372036854775807",
            "-9223372036854775808",
            "-9223372036854775807",
            "9223372036854775808",
            "170141183460469231731687303715884105727",
            "-170141183460469231731687303715884105728",
            "115792089237316195423570985008687907853269984665640564039457584007913129639935",
            "-115792089237316195423570985008687907853269984665640564039457584007913129639935",
            "12345678901234567890.125",
            "3",
        ],
    ))
}

/// A text that is wholly a number, written in some way; or nearly one.
fn written_number(random: &mut Random) -> &'static str {
    random.pick(
        "12.50",
        &[
            "1e3", "007", "+5", "-0", "2.50e1", "1_000", " 1", "0x10", "1.", "1e-19", "3.0",
            "1e300",
        ],
    )
}

fn text(random: &mut Random) -> &'static str {
    random.pick(
        "a",
        &[
            "b",
            "A",
            "",
            "ab",
            "é",
            "ß",
            "SS",
            "a\nb",
            "\u{1}x",
            "\u{1}n",
            "\u{1}l[1]",
            "true",
            "false",
            "12.5",
            "12.10.0",
            "v12.5-beta.2",
            ADDRESS,
            MIXED_ADDRESS,
            "字",
            "it's \\ \"`{p1:String}",
        ],
    )
}

/// What identifies the user of a number: texts that are also values of attributes.
#[must_use]
pub fn identities(number: u32) -> Vec<UserKey> {
    let named = [
        "a", "b", "A", "é", ADDRESS, "12.5", "true", "ab", "1", "2", "SS", "字", "false", "100",
    ];
    let key = usize::try_from(number)
        .ok()
        .and_then(|number| named.get(number));
    let key = key.map_or_else(|| format!("u{number}"), |key| (*key).to_owned());
    vec![
        UserKey::account(&key),
        UserKey::anonymous(&format!("v{number}")),
    ]
}

fn list(random: &mut Random) -> Value {
    (0..random.below(4))
        .map(|_| match random.below(5) {
            0 => Value::Number(amount(random)),
            1 => Value::from(random.chance(50)),
            _ => Value::text(text(random)),
        })
        .collect()
}

/// Objects, and here and there something else.
fn orders(random: &mut Random, vocabulary: &Vocabulary) -> Value {
    (0..random.below(4))
        .map(|_| match random.below(6) {
            0 => Value::Number(amount(random)),
            1 => list(random),
            _ => order(random, vocabulary),
        })
        .collect()
}

fn order(random: &mut Random, vocabulary: &Vocabulary) -> Value {
    let mut members: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for name in ["usd", "kind", "when", "labels"] {
        if random.chance(70) {
            let value = under(random, name, vocabulary);
            members.insert(Arc::from(name), value);
        }
    }
    if random.chance(40) {
        let inner = BTreeMap::from([(Arc::from("usd"), Value::Number(amount(random)))]);
        members.insert(Arc::from("of"), Value::Object(Arc::new(inner)));
    }
    Value::Object(Arc::new(members))
}

fn deep(random: &mut Random) -> Value {
    let mut members: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    if random.chance(70) {
        members.insert(Arc::from("x"), Value::Number(amount(random)));
    }
    if random.chance(70) {
        members.insert(Arc::from("y"), Value::text(text(random)));
    }
    Value::Object(Arc::new(members))
}

/// A time or a date as JSON can write it.
fn moment(random: &mut Random, vocabulary: &Vocabulary) -> Value {
    let at = vocabulary.instant(random);
    match random.below(8) {
        0 => Value::text(&date(random, vocabulary).to_string()),
        1 => Value::Number(Decimal::from(at.millis())),
        2 => Value::Number(Decimal::from(at.millis().div_euclid(1_000))),
        3 => Value::text(&with_offset(at)),
        _ => Value::text(&at.to_string()),
    }
}

/// The instant as a clock east of Greenwich shows it.
fn with_offset(at: Time) -> String {
    let shown = Time::from_millis(at.millis() + 19_800_000).to_string();
    shown.replace('Z', "+05:30")
}
