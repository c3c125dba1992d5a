//! The end of a process, however it ends: each test starts this test binary again in a role.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells its failures, and its second process speaks on standard output"
)]

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio, exit};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use domain::{EventType, Time, UserNumber};
use warehouse::chdb::{self, Format, Params, ShutdownOutcome};
use warehouse::{EventRow, Store, StoreOptions, WarehouseError, WriteBatch};

const ROWS: u64 = 10_000;
const PATIENCE: Duration = Duration::from_secs(60);

/// This process opens one folder at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn open(dir: &Path) -> Result<Store, WarehouseError> {
    Store::open(&StoreOptions {
        dir: dir.to_owned(),
        memory_cap_bytes: 1 << 30,
        threads: 2,
        now: Time::MAX,
        retention: warehouse::Retention::default(),
    })
}

/// A batch over three monthly partitions.
fn batch() -> WriteBatch {
    let mut batch = WriteBatch::new();
    for row in 0..ROWS {
        let event = EventRow {
            user: UserNumber(row as u32 % 997),
            identity: UserNumber(row as u32 % 997),
            time: Time::from_millis(1_756_684_800_000 + (row as i64 % 3) * 31 * 86_400_000),
            arrival: row,
            position: domain::Position::NONE,
            event_type: EventType::Track,
            name: "swap",
            source: "app",
            message: 0,
        };
        batch.event(&event, &[("chain", "bsc"), ("usd", "12.5")]);
    }
    batch
}

/// Writes batches until it fails, telling the number of each that was answered.
fn import(store: &Store) -> WarehouseError {
    let batch = batch();
    loop {
        match store.write(&batch) {
            Ok(number) => {
                let mut out = std::io::stdout().lock();
                writeln!(out, "answered {}", number.0).unwrap();
                out.flush().unwrap();
            }
            Err(error) => return error,
        }
    }
}

fn long_query(store: &Store) -> WarehouseError {
    println!("answered 0");
    let sql = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1";
    store
        .connection()
        .unwrap()
        .query(sql, &Params::new(), Format::RowBinary)
        .unwrap_err()
}

/// What the second process does; nothing in an ordinary test run.
#[test]
fn the_second_process_plays_its_role() {
    let Some(role) = env::var_os("MUSTER_TEST_ROLE") else {
        return;
    };
    let dir = env::var_os("MUSTER_TEST_DIR").unwrap();
    let store: &'static Store = Box::leak(Box::new(open(Path::new(&dir)).unwrap()));
    let idle = Box::leak(Box::new(store.connection().unwrap()));
    idle.execute("SELECT 1", &Params::new()).unwrap();
    let (work, end) = role.to_str().unwrap().split_once(' ').unwrap();
    let worker = match work {
        "import" => Some(thread::spawn(|| import(store))),
        "query" => Some(thread::spawn(|| long_query(store))),
        _ => None,
    };
    match end {
        "for-ever" => drop(worker.map(thread::JoinHandle::join)),
        "exit" => {
            thread::sleep(Duration::from_millis(700));
            chdb::exit(0, PATIENCE)
        }
        "plain-exit" => {
            thread::sleep(Duration::from_millis(700));
            exit(0)
        }
        "return" => thread::sleep(Duration::from_millis(700)),
        "no-time" => {
            thread::sleep(Duration::from_millis(700));
            chdb::exit(7, Duration::ZERO)
        }
        other => panic!("no role `{other}`"),
    }
}

fn start(role: &str, dir: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "the_second_process_plays_its_role",
            "--nocapture",
        ])
        .env("MUSTER_TEST_ROLE", role)
        .env("MUSTER_TEST_DIR", dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn exit_code(role: &str) -> Option<i32> {
    let dir = tempfile::tempdir().unwrap();
    let mut child = start(role, dir.path());
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    panic!("{role} hangs");
}

#[test]
fn a_process_ends_in_order_in_the_middle_of_an_import_or_a_query_or_idle() {
    for role in [
        "import exit",
        "query exit",
        "idle plain-exit",
        "idle return",
    ] {
        for _ in 0..2 {
            assert_eq!(exit_code(role), Some(0), "{role}");
        }
    }
}

#[test]
fn a_process_that_may_not_wait_ends_at_once_with_its_code() {
    for role in ["import no-time", "query no-time"] {
        assert_eq!(exit_code(role), Some(7), "{role}");
    }
}

#[test]
fn a_second_process_is_told_who_holds_the_folder() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let dir = tempfile::tempdir().unwrap();
    let mut child = start("query for-ever", dir.path());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines
        .find(|line| line.as_ref().unwrap().contains("answered"))
        .unwrap()
        .unwrap();
    let error = open(dir.path()).map(drop).unwrap_err();
    assert!(
        error
            .to_string()
            .contains(&format!("process {}", child.id())),
        "{error}"
    );
    child.kill().unwrap();
    child.wait().unwrap();
    let store = open(dir.path()).unwrap();
    assert_eq!(store.close(PATIENCE), ShutdownOutcome::Closed);
    let after = store
        .connection()
        .and_then(|mut closed| closed.execute("SELECT 1", &Params::new()));
    assert!(
        matches!(after, Err(WarehouseError::ShuttingDown)),
        "{after:?}"
    );
}

#[test]
fn after_a_kill_every_answered_batch_is_there_and_every_batch_is_whole() {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let dir = tempfile::tempdir().unwrap();
    let mut answered = Vec::new();
    for round in 0..8_u64 {
        let mut child = start("import for-ever", dir.path());
        let out = child.stdout.take().unwrap();
        let reader = thread::spawn(move || {
            let lines = BufReader::new(out).lines().map_while(Result::ok);
            lines
                .filter_map(|line| line.split_once("answered ")?.1.parse::<u64>().ok())
                .collect::<Vec<_>>()
        });
        thread::sleep(Duration::from_millis(900 + round * 173));
        child.kill().unwrap();
        child.wait().unwrap();
        answered.extend(reader.join().unwrap());
        let store = open(dir.path()).unwrap();
        let sql = "SELECT batch, count() FROM events GROUP BY batch ORDER BY batch";
        let bytes = store
            .connection()
            .unwrap()
            .query(sql, &Params::new(), Format::TabSeparated)
            .unwrap();
        let found = String::from_utf8(bytes).unwrap();
        let found: Vec<(u64, u64)> = found
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(batch, rows)| (batch.parse().unwrap(), rows.parse().unwrap()))
            .collect();
        assert!(
            found.iter().all(|(_, rows)| *rows == ROWS),
            "round {round}: {found:?}"
        );
        let missing: Vec<_> = answered
            .iter()
            .filter(|batch| !found.iter().any(|(id, _)| id == *batch))
            .collect();
        assert!(
            missing.is_empty(),
            "round {round}: {missing:?} of {found:?}"
        );
        assert_eq!(store.close(PATIENCE), ShutdownOutcome::Closed);
    }
    assert!(
        answered.len() > 8,
        "the kills came before anything was written: {answered:?}"
    );
    assert!(
        fs::read_to_string(dir.path().join("lock"))
            .unwrap()
            .trim()
            .parse::<u32>()
            .is_ok()
    );
}
