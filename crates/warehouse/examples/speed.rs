//! Prints how fast the store writes and reads: `cargo run --release -p warehouse --example speed -- 4000000 1000`
//! (events, tags).
#![allow(clippy::print_stdout, reason = "what it prints is its purpose")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Instant;

use domain::{EventType, TagKey, Time, UserKey, UserNumber, UserSet};
use features::{Wanted, WantedColumn, WantedForm};
use tags::ports::Results;
use tags::{Changes, RunContent, TagResults, TagSlot, UserRows};
use warehouse::chdb::Params;
use warehouse::{EventRow, Store, StoreOptions, UserSelection, WriteBatch};

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
        now: Time::MAX,
        retention: warehouse::Retention::default(),
    };
    let store = Store::open(&options)?;
    let users = u32::try_from(rows / 100)?.max(1000);
    write_users(&store, users)?;
    write_events(&store, rows, users)?;
    read_histories(&store, rows, users)?;
    let start = Begun::now();
    store
        .connection()?
        .execute("OPTIMIZE TABLE events FINAL", &Params::new())?;
    report("rows merged into one part for each month", rows, start);
    read_histories(&store, rows, users)?;
    let tags: u32 = std::env::args()
        .nth(2)
        .as_deref()
        .unwrap_or("1000")
        .parse()?;
    keep_results(&store, tags)?;
    drop(store);
    Ok(())
}

/// Results of so many tags, each of about 50,000 among a million users.
fn keep_results(store: &Store, tags: u32) -> Result<(), Box<dyn Error>> {
    let slot = |number: u32| -> Result<TagSlot, domain::Error> {
        Ok(TagSlot {
            tag: TagKey::new(&format!("t{number}"))?,
            value: None,
        })
    };
    let set = |number: u32| {
        Arc::new(
            (0..50_000_u32)
                .map(|user| user * 20 + (user * 7 + number) % 20)
                .collect(),
        )
    };
    let members: Vec<Arc<UserSet>> = (0..tags).map(set).collect();
    let results = Arc::new(TagResults::new(RunContent {
        run: 1,
        now: Time::from_millis(START),
        universe: Arc::new(UserSet::below(1_000_000)),
        slots: (0..tags).map(slot).collect::<Result<_, _>>()?,
        members,
        values: BTreeMap::new(),
        rows: UserRows::default(),
    }));
    let nothing = Changes {
        run: 1,
        now: results.now(),
        changes: Vec::new(),
    };
    let start = Begun::now();
    store
        .store(&results, &nothing)
        .map_err(|error| error.to_string())?;
    report("tags stored", u64::from(tags), start);
    let start = Begun::now();
    store.latest().map_err(|error| error.to_string())?;
    report("tags loaded, and rows made of them", u64::from(tags), start);
    Ok(())
}

fn write_users(store: &Store, users: u32) -> Result<(), Box<dyn Error>> {
    let start = Begun::now();
    let mut batch = WriteBatch::new();
    for number in 0..users {
        batch.user(UserNumber(number), &UserKey::account(&format!("u{number}")));
    }
    store.write(&batch)?;
    report("users written", u64::from(users), start);
    Ok(())
}

/// All histories by blocks of 8,192 users, then those of a few users.
fn read_histories(store: &Store, rows: u64, users: u32) -> Result<(), Box<dyn Error>> {
    let column = |path: &str, form: WantedForm| WantedColumn {
        path: path.into(),
        form,
    };
    let wanted = Wanted {
        event_columns: vec![
            column("amount_usd", WantedForm::Numbers),
            column("chain", WantedForm::Texts),
            column("quest_id", WantedForm::Texts),
        ],
        ..Wanted::default()
    };
    let start = Begun::now();
    let plan = store.plan_histories(&wanted)?;
    report("rows given three typed columns", rows, start);
    let start = Begun::now();
    let (mut read, mut runs) = (0, 0);
    for first in (0..users).step_by(8192) {
        let block =
            store.histories(&plan, &UserSelection::Range(first..users.min(first + 8192)))?;
        read += block.events.len() as u64;
        runs = runs.max(block.events.runs().len());
    }
    report(
        &format!("rows read back with them, in at most {runs} runs a block"),
        read,
        start,
    );
    for count in [1, 10, 60, 250] {
        let listed: Vec<u32> = (0..count)
            .map(|place| (place * 7919 + 13) % users)
            .collect();
        let listed: Vec<u32> = BTreeSet::from_iter(listed).into_iter().collect();
        let start = Instant::now();
        for _ in 0..10 {
            store.histories(&plan, &UserSelection::Listed(&listed))?;
        }
        println!(
            "histories of {count} users: {:.1} ms",
            start.elapsed().as_secs_f64() * 100.0
        );
    }
    Ok(())
}

/// One thread encodes while another hands the batch before to the engine.
fn write_events(store: &Store, rows: u64, users: u32) -> Result<(), Box<dyn Error>> {
    let mut random = 1_u64;
    let start = Begun::now();
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
        position: domain::Position::NONE,
        event_type: EventType::Track,
        name,
        source: "app",
        message: u128::from(arrival) + 1,
    };
    batch.event(&row, &properties);
}

/// A moment in time and in the processors' work.
#[derive(Clone, Copy)]
struct Begun {
    at: Instant,
    cpu: f64,
}

impl Begun {
    fn now() -> Self {
        Self {
            at: Instant::now(),
            cpu: cpu_seconds(),
        }
    }
}

/// What this process has used of all processors, in seconds.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: f64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

fn report(what: &str, rows: u64, begun: Begun) {
    let (seconds, cpu) = (begun.at.elapsed().as_secs_f64(), cpu_seconds() - begun.cpu);
    let rate = rows as f64 / seconds;
    println!("{what}: {rows} in {seconds:.2} s ({cpu:.2} CPU-seconds), {rate:.0} a second");
}
