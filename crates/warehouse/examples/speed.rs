//! Prints how fast the store writes and reads: `cargo run --release -p warehouse --example speed -- 4000000`.
#![allow(clippy::print_stdout, reason = "what it prints is its purpose")]

use std::error::Error;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Instant;

use domain::{EventType, Time, UserKey, UserNumber};
use warehouse::chdb::{Format, Params};
use warehouse::{EventRow, Store, StoreOptions, WriteBatch};

const ROWS_OF_BATCH: u64 = 500_000;
const EVENTS: [&str; 10] = [
    "login",
    "quest_start",
    "quest_complete",
    "swap",
    "bridge",
    "stake",
    "mint",
    "claim",
    "vote",
    "withdraw",
];
const START: i64 = 1_761_955_200_000;
const DAYS: i64 = 30;

fn main() -> Result<(), Box<dyn Error>> {
    let rows: u64 = std::env::args()
        .nth(1)
        .as_deref()
        .unwrap_or("2000000")
        .parse()?;
    let dir = tempfile::tempdir()?;
    let options = StoreOptions {
        dir: dir.path().to_owned(),
        memory_cap_bytes: 4 << 30,
        threads: 2,
    };
    let store = Store::open(&options)?;
    let users = u32::try_from(rows / 100)?.max(1000);
    write_users(&store, users)?;
    write_events(&store, rows, users)?;
    let start = Instant::now();
    let loaded = store.load_users()?.len();
    report("users loaded", loaded as u64, start);
    let counted = store.connection()?.query(
        "SELECT count() FROM events",
        &Params::new(),
        Format::TabSeparated,
    )?;
    println!(
        "rows in the table: {}",
        String::from_utf8_lossy(&counted).trim()
    );
    drop(store);
    Ok(())
}

fn write_users(store: &Store, users: u32) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut batch = WriteBatch::new();
    for number in 0..users {
        batch.user(UserNumber(number), &UserKey::account(&format!("u{number}")));
    }
    store.write(&batch)?;
    report("users written", u64::from(users), start);
    Ok(())
}

/// One thread encodes while another hands the batch before to the engine.
fn write_events(store: &Store, rows: u64, users: u32) -> Result<(), Box<dyn Error>> {
    let mut random = 1_u64;
    let start = Instant::now();
    let mut encode = 0.0;
    let (full, filled) = sync_channel::<WriteBatch>(1);
    thread::scope(|scope| -> Result<(), Box<dyn Error>> {
        let writer = scope.spawn(move || -> Result<f64, warehouse::WarehouseError> {
            let mut spent = 0.0;
            for batch in filled {
                let start = Instant::now();
                store.write(&batch)?;
                spent += start.elapsed().as_secs_f64();
            }
            Ok(spent)
        });
        let mut written = 0;
        while written < rows {
            let begun = Instant::now();
            let mut batch = WriteBatch::new();
            let end = rows.min(written + ROWS_OF_BATCH);
            for arrival in written..end {
                event(&mut batch, arrival, users, &mut random);
            }
            encode += begun.elapsed().as_secs_f64();
            written = end;
            full.send(batch)?;
        }
        drop(full);
        let spent = writer.join().map_err(|_| "the writer panicked")??;
        println!("events: encoding {encode:.2} s, writing {spent:.2} s");
        Ok(())
    })?;
    report("events written", rows, start);
    Ok(())
}

fn event(batch: &mut WriteBatch, arrival: u64, users: u32, random: &mut u64) {
    let mut next = |below: u64| {
        *random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (*random >> 33) % below
    };
    let user = UserNumber(next(u64::from(users)) as u32);
    let time = Time::from_millis(START + next(DAYS as u64 * 86_400_000) as i64);
    let name = EVENTS[next(10) as usize];
    let amount = format!("{}.{:02}", next(1000), next(99) + 1);
    let quest = format!("q{}", next(500));
    let properties = [
        ("chain", ["eth", "bsc", "base", "sol"][next(4) as usize]),
        ("amount_usd", amount.trim_end_matches('0')),
        ("quest_id", quest.as_str()),
        ("ok", "true"),
        ("app.version", "2.10.1"),
        ("gas", "21000"),
    ];
    let row = EventRow {
        user,
        identity: user,
        time,
        arrival,
        event_type: EventType::Track,
        name,
        source: "app",
        message: u128::from(arrival) + 1,
    };
    batch.event(&row, &properties);
}

fn report(what: &str, rows: u64, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{what}: {rows} in {seconds:.2} s, {:.0} a second",
        rows as f64 / seconds
    );
}
