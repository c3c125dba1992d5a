//! Rows in and out, columns that are made of them, and what a crash leaves.

use domain::{EventType, Time, UserKey, UserNumber};
use warehouse::chdb::Params;
use warehouse::{
    EventRow, PromotedColumn, PromotedForm, Scope, Store, TraitRow, WarehouseError, WriteBatch,
};

use crate::fresh::{database, open, store, text, try_open};

fn event(user: u32, millis: i64, arrival: u64, name: &str) -> EventRow<'_> {
    EventRow {
        user: UserNumber(user),
        identity: UserNumber(user),
        time: Time::from_millis(millis),
        arrival,
        position: domain::Position::NONE,
        event_type: EventType::Track,
        name,
        source: "app",
        message: u128::MAX - u128::from(arrival),
    }
}

fn traits(user: u32, millis: i64, arrival: u64) -> TraitRow<'static> {
    TraitRow {
        user: UserNumber(user),
        identity: UserNumber(user),
        time: Time::from_millis(millis),
        arrival,
        source: "crm",
        message: 0,
    }
}

const NOVEMBER: i64 = 1_762_000_000_000;

#[test]
fn rows_come_back_as_they_were_written() {
    let store = store();
    let mut batch = WriteBatch::new();
    batch.event(
        &event(7, NOVEMBER, 1, "swap"),
        &[("chain", "bsc"), ("usd", "1.5"), ("", "")],
    );
    batch.event(
        &event(3, -62_135_596_800_000, 2, "旧"),
        &[] as &[(&str, &str)],
    );
    batch.event(
        &event(3, 253_402_300_799_999, 3, "swap"),
        &[("usd", "1e3"), ("note", "tab\there\n\0")],
    );
    batch.traits(&traits(3, NOVEMBER, 4), &[("kyc", "\u{1}n")]);
    store.write(&batch).unwrap();
    let events = "SELECT user, toUnixTimestamp64Milli(time), arrival, identity, type, name, source, message, batch, \
        properties FROM events ORDER BY user, time";
    assert_eq!(
        text(&store, events),
        "3\t-62135596800000\t2\t3\ttrack\t旧\tapp\t340282366920938463463374607431768211453\t1\t{}\n\
         3\t253402300799999\t3\t3\ttrack\tswap\tapp\t340282366920938463463374607431768211452\t1\
         \t{'usd':'1e3','usd\u{1}n#':'1000','note':'tab\\there\\n\\0'}\n\
         7\t1762000000000\t1\t7\ttrack\tswap\tapp\t340282366920938463463374607431768211454\t1\
         \t{'chain':'bsc','usd':'1.5','':''}"
    );
    let changes = "SELECT user, toUnixTimestamp64Milli(time), arrival, source, message, batch, traits FROM traits";
    assert_eq!(
        text(&store, changes),
        format!("3\t{NOVEMBER}\t4\tcrm\t0\t1\t{{'kyc':'\u{1}n'}}")
    );
}

#[test]
fn dictionaries_of_every_size_and_maps_without_pairs_are_read_right() {
    for names in [1_u32, 256, 257, 65_536, 65_537] {
        let store = store();
        let mut batch = WriteBatch::new();
        for number in 0..names {
            let name = format!("e{number}");
            let path = format!("p{number}");
            let properties = [(path.as_str(), name.as_str())];
            let some = if number % 2 == 0 {
                &properties[..]
            } else {
                &[]
            };
            batch.event(&event(number, NOVEMBER, 0, &name), some);
        }
        store.write(&batch).unwrap();
        let sql = "SELECT count(), countIf(name = concat('e', toString(user))), \
            countIf(properties = if(user % 2 = 0, map(concat('p', toString(user)), toString(name)), map())) FROM events";
        assert_eq!(text(&store, sql), format!("{names}\t{names}\t{names}"));
    }
}

#[test]
fn a_batch_may_span_all_times_and_odd_ones_share_a_partition() {
    let store = store();
    let mut batch = WriteBatch::new();
    for month in 0..300_i64 {
        let time = 1_420_070_400_000 + month * 31 * 86_400_000;
        batch.event(&event(1, time, 0, "swap"), &[("usd", "1")]);
    }
    for year in 0..900_i64 {
        let time = -62_135_596_800_000 + year * 366 * 86_400_000;
        batch.event(&event(1, time, 0, "swap"), &[("usd", "1")]);
    }
    store.write(&batch).unwrap();
    let parts = "SELECT sum(rows), uniqExact(partition_id) < 320 FROM system.parts \
        WHERE database = currentDatabase() AND table = 'events' AND active";
    assert_eq!(text(&store, parts), "1200\t1");
    let seen = "SELECT count() FROM events WHERE time < toDateTime64('1950-01-01', 3, 'UTC')";
    assert_eq!(text(&store, seen), "900");
}

#[test]
fn users_are_known_by_their_numbers_and_keys() {
    let database = database();
    let store = open(&database);
    let keys = [
        UserKey::account("u1"),
        UserKey::anonymous("a\t7"),
        UserKey::account("汉字"),
    ];
    for (number, key) in (0..3_u32).zip(&keys).rev() {
        let mut batch = WriteBatch::new();
        batch.user(UserNumber(number), key);
        store.write(&batch).unwrap();
    }
    let expected: Vec<_> = (0..3).map(UserNumber).zip(&keys).collect();
    assert_eq!(store.directory().iter().collect::<Vec<_>>(), expected);
    let again = open(&database).directory();
    assert_eq!(again.iter().collect::<Vec<_>>(), expected);
    for (number, key) in expected {
        assert_eq!(again.number(key.kind(), key.text()), Some(number));
    }
}

#[test]
fn statistics_add_up_over_batches() {
    let store = store();
    for values in [["12.5", "true", "x"], ["1e18", "\u{1}l[1]", "\u{1}n"]] {
        let mut batch = WriteBatch::new();
        for value in values {
            batch.event(&event(1, NOVEMBER, 0, "swap"), &[("usd", value)]);
            batch.traits(&traits(1, NOVEMBER, 0), &[("score", value)]);
        }
        store.write(&batch).unwrap();
    }
    let statistics = store.statistics();
    assert_eq!(statistics.len(), 2);
    for property in statistics.iter() {
        let counts = property.counts;
        assert_eq!(
            (counts.present, counts.numbers, counts.texts, counts.truths),
            (6, 2, 1, 1)
        );
        assert_eq!(
            (
                counts.lists,
                counts.unset,
                counts.max_digits,
                counts.max_places
            ),
            (1, 1, 19, 1)
        );
    }
    assert_eq!(
        (
            statistics[0].scope,
            statistics[0].event.as_str(),
            statistics[0].path.as_str()
        ),
        (Scope::Events, "swap", "usd")
    );
    assert_eq!(
        (statistics[1].scope, statistics[1].path.as_str()),
        (Scope::Traits, "score")
    );
}

#[test]
fn a_batch_that_was_begun_and_not_done_is_taken_back_at_the_next_opening() {
    let database = database();
    let store = open(&database);
    let mut batch = WriteBatch::new();
    batch.user(UserNumber(1), &UserKey::account("u1"));
    batch.event(&event(1, NOVEMBER, 0, "swap"), &[("usd", "1")]);
    batch.traits(&traits(1, NOVEMBER, 0), &[("kyc", "1")]);
    store.write(&batch).unwrap();
    let cut_short = store.write(&batch).unwrap();
    let forget = format!(
        "ALTER TABLE batches DELETE WHERE batch = {} AND step = 2 SETTINGS mutations_sync = 2",
        cut_short.0
    );
    store
        .connection()
        .unwrap()
        .execute(&forget, &Params::new())
        .unwrap();
    drop(store);
    let store = open(&database);
    let rows = "SELECT (SELECT groupArray(batch) FROM events), (SELECT groupArray(batch) FROM traits), \
        (SELECT groupArray(batch) FROM users), (SELECT groupUniqArray(batch) FROM property_statistics)";
    assert_eq!(text(&store, rows), "[1]\t[1]\t[1]\t[1]");
    assert_eq!(store.write(&batch).unwrap().0, 3);
}

#[test]
fn a_store_of_a_newer_muster_is_refused_in_words() {
    let database = database();
    let store = open(&database);
    let sql = "INSERT INTO schema_migrations (version, name) VALUES (9999, 'future')";
    store
        .connection()
        .unwrap()
        .execute(sql, &Params::new())
        .unwrap();
    drop(store);
    match try_open(&database).map(drop) {
        Err(WarehouseError::NewerStore { found: 9999, .. }) => {}
        other => panic!("{other:?}"),
    }
}

fn column(scope: Scope, path: &str, form: PromotedForm) -> PromotedColumn {
    PromotedColumn {
        scope,
        path: path.to_owned(),
        form,
    }
}

#[test]
fn a_promoted_property_says_what_the_map_says() {
    let store = store();
    let values = [
        "12.5",
        "-3",
        "1e3",
        "007",
        "1.234",
        "abc",
        "",
        "1.",
        " 5",
        "true",
        "\u{1}n",
        "\u{1}l[1]",
        "99999999999999999999",
    ];
    let write = |store: &Store| {
        let mut batch = WriteBatch::new();
        for (arrival, value) in (0..).zip(values) {
            batch.event(
                &event(1, NOVEMBER, arrival, "swap"),
                &[("it's.`usd`", value)],
            );
        }
        batch.event(&event(1, NOVEMBER, 99, "swap"), &[("other", "1")]);
        store.write(&batch).unwrap();
    };
    write(&store);
    let wanted = [
        column(
            Scope::Events,
            "it's.`usd`",
            PromotedForm::Number64 { scale: 2 },
        ),
        column(Scope::Events, "it's.`usd`", PromotedForm::Text),
    ];
    store.promote(&wanted).unwrap();
    store.promote(&wanted).unwrap();
    assert_eq!(store.promoted().unwrap().len(), 2);
    write(&store);
    let read = |column: &PromotedColumn, batch: u8| {
        let name = column.name();
        text(
            &store,
            &format!(
                "SELECT arrayStringConcat(groupArray(ifNull(toString(`{name}`), 'NULL')), '|') FROM (SELECT * FROM events WHERE batch = {batch} ORDER BY arrival)"
            ),
        )
    };
    for batch in [1, 2] {
        assert_eq!(
            read(&wanted[0], batch),
            "1250|-300|100000|700|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL"
        );
        assert_eq!(
            read(&wanted[1], batch),
            "12.5|-3|1e3|007|1.234|abc||1.| 5|true|\u{1}n|\u{1}l[1]|99999999999999999999|NULL"
        );
    }
    let wider = column(
        Scope::Events,
        "it's.`usd`",
        PromotedForm::Number128 { scale: 3 },
    );
    store.promote(std::slice::from_ref(&wider)).unwrap();
    assert_eq!(
        store.promoted().unwrap(),
        [wider.clone(), wanted[1].clone()]
    );
    assert_eq!(
        read(&wider, 1),
        "12500|-3000|1000000|7000|1234|NULL|NULL|NULL|NULL|NULL|NULL|NULL|99999999999999999999000|NULL"
    );
}

#[test]
fn a_promoted_attribute_tells_untouched_from_unset() {
    let store = store();
    let mut batch = WriteBatch::new();
    let rows: [&[(&str, &str)]; 6] = [
        &[("social.x.followers", "12")],
        &[
            ("social", "\u{1}o"),
            ("social.x", "\u{1}o"),
            ("social.x.followers", "abc"),
        ],
        &[("social", "\u{1}o"), ("social.y", "1")],
        &[("social.x", "\u{1}n")],
        &[("social.y", "1"), ("kyc", "2")],
        &[("social.x.followers", "\u{1}n")],
    ];
    for (arrival, row) in (0..).zip(rows) {
        batch.traits(&traits(1, NOVEMBER, arrival), row);
    }
    store.write(&batch).unwrap();
    let wanted = [
        column(
            Scope::Traits,
            "social.x.followers",
            PromotedForm::Number64 { scale: 0 },
        ),
        column(
            Scope::Traits,
            "social.x.followers",
            PromotedForm::Number128 { scale: 1 },
        ),
        column(Scope::Traits, "social.x.followers", PromotedForm::Text),
    ];
    let expected = [
        "12|-9223372036854775808|-9223372036854775808|-9223372036854775808|NULL|-9223372036854775808",
        "120|-170141183460469231731687303715884105728|-170141183460469231731687303715884105728|-170141183460469231731687303715884105728|NULL|-170141183460469231731687303715884105728",
        "12|abc|\u{1}n|\u{1}n|NULL|\u{1}n",
    ];
    for (column, expected) in wanted.iter().zip(expected) {
        store.promote(std::slice::from_ref(column)).unwrap();
        let sql = format!(
            "SELECT arrayStringConcat(groupArray(ifNull(toString(`{}`), 'NULL')), '|') FROM (SELECT * FROM traits ORDER BY arrival)",
            column.name()
        );
        assert_eq!(text(&store, &sql), expected);
    }
}
