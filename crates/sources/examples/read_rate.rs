//! How fast files are decoded on one core: `cargo run --release -p sources --example read_rate [rows [label]]`.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use domain::Time;
use parquet::arrow::ArrowWriter;
use sources::files::{
    ColumnType, EventMapping, FileSource, InputFile, Mapping, NameFrom, ReadOptions, TimeColumn,
};

const NAMES: [&str; 4] = ["login", "quest_start", "quest_complete", "swap"];
const START: i64 = 1_790_000_000_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows = arguments.next().and_then(|rows| rows.parse().ok());
    let rows: usize = rows.unwrap_or(2_000_000);
    let only = arguments.next().unwrap_or_default();
    let plain = Mapping::Events(events(Vec::new()));
    let amount = vec![("amount".to_owned(), ColumnType::Number)];
    let declared = Mapping::Events(events(amount));
    let zstd = |content: &[u8]| zstd::encode_all(content, 1).expect("memory is written");
    let cases: [Case<'_>; 8] = [
        ("CSV, 6 columns", &plain, &|| csv(rows).into_bytes()),
        ("CSV, a declared number", &declared, &|| {
            csv(rows).into_bytes()
        }),
        ("CSV, every third row quoted", &plain, &|| {
            csv(rows).replace(",bsc,", ",\"bsc\",").into_bytes()
        }),
        ("CSV, gzip", &plain, &|| gzip(csv(rows).as_bytes())),
        ("CSV, zstd", &plain, &|| zstd(csv(rows).as_bytes())),
        ("NDJSON, mapped", &plain, &|| ndjson(rows / 2).into_bytes()),
        (
            "tracking events of 580 bytes",
            &Mapping::TrackingEvents,
            &|| tracking(rows / 4).into_bytes(),
        ),
        ("Parquet, 6 columns", &plain, &|| parquet(rows)),
    ];
    for (label, mapping, content) in cases {
        if label.contains(&only) {
            measure(label, &content(), mapping);
        }
    }
}

/// A label, what the rows mean, and the file.
type Case<'c> = (&'c str, &'c Mapping, &'c dyn Fn() -> Vec<u8>);

fn events(types: Vec<(String, ColumnType)>) -> EventMapping {
    EventMapping {
        user: "user".to_owned(),
        time: Some(TimeColumn {
            column: "time".to_owned(),
            format: Default::default(),
            zone: Default::default(),
        }),
        name: NameFrom::Column("event".to_owned()),
        message_id: None,
        position: None,
        types,
    }
}

/// Seconds that this thread was on a core: other work on the machine does not count.
fn on_core() -> f64 {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = schedule
        .split(' ')
        .next()
        .and_then(|first| first.parse::<f64>().ok());
    nanoseconds.expect("a number") / 1e9
}

fn measure(label: &str, content: &[u8], mapping: &Mapping) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let input = InputFile::spool(content, label, folder.path()).expect("the file is written");
    let started = Instant::now();
    input.digest().expect("the file is read");
    let digested = started.elapsed();
    let options = ReadOptions::new(Time::from_millis(START + 86_400_000_000));
    let source = FileSource::open(&input, mapping, &options).expect("the file is opened");
    let started = on_core();
    let (mut rows, mut refused) = (0, 0);
    for batch in source {
        let batch = batch.expect("the file is whole");
        rows += batch.accepted();
        refused += batch.rejected.len();
    }
    let seconds = on_core() - started;
    println!(
        "{label}: {:.2} M rows/s of a core, {:.0} MB/s of file ({rows} rows, {refused} refused; digest {:.1} GB/s)",
        rows as f64 / seconds / 1e6,
        content.len() as f64 / seconds / 1e6,
        content.len() as f64 / digested.as_secs_f64() / 1e9,
    );
}

/// The parts of a row: user, time in milliseconds, name, chain, amount in cents, quest.
fn row(index: usize) -> (usize, i64, &'static str, &'static str, usize, usize) {
    let mixed = index.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24;
    let name = NAMES.get(mixed % NAMES.len()).copied().unwrap_or("login");
    let chain = if mixed.is_multiple_of(3) {
        "bsc"
    } else {
        "ethereum"
    };
    let time = START + index as i64 * 137;
    (
        mixed % 100_000,
        time,
        name,
        chain,
        mixed % 1_000_000,
        mixed % 500,
    )
}

fn csv(rows: usize) -> String {
    let mut text = "user,time,event,chain,amount,quest\n".to_owned();
    for index in 0..rows {
        let (user, time, name, chain, cents, quest) = row(index);
        let time = Time::from_millis(time);
        let (whole, rest) = (cents / 100, cents % 100);
        let _ = writeln!(
            text,
            "u{user},{time},{name},{chain},{whole}.{rest:02},q{quest}"
        );
    }
    text
}

fn ndjson(rows: usize) -> String {
    let mut text = String::new();
    for index in 0..rows {
        let (user, time, name, chain, cents, quest) = row(index);
        let time = Time::from_millis(time);
        let _ = writeln!(
            text,
            r#"{{"user":"u{user}","time":"{time}","event":"{name}","chain":"{chain}","amount":{}.{:02},"quest":{quest}}}"#,
            cents / 100,
            cents % 100
        );
    }
    text
}

fn tracking(rows: usize) -> String {
    let mut text = String::new();
    for index in 0..rows {
        let (user, time, name, chain, cents, quest) = row(index);
        let time = Time::from_millis(time);
        let _ = writeln!(
            text,
            r#"{{"type":"track","messageId":"ajs-next-{index:032}","userId":"u{user}","anonymousId":"0b6e2f9c-{user:08}","event":"{name}","timestamp":"{time}","sentAt":"{time}","properties":{{"chain":"{chain}","reward_usd":{}.{:02},"quest":{quest},"done":true,"token":"USDC"}},"context":{{"ip":"10.1.2.3","locale":"zh-CN","timezone":"Asia/Shanghai","library":{{"name":"analytics.js","version":"next-1.70.0"}},"page":{{"path":"/quests/{quest}","title":"Quest","url":"https://example.org/quests/{quest}"}},"screen":{{"width":1440,"height":900}}}},"integrations":{{}}}}"#,
            cents / 100,
            cents % 100
        );
    }
    text
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let fast = flate2::Compression::new(4);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), fast);
    encoder.write_all(content).expect("memory is written");
    encoder.finish().expect("memory is written")
}

fn parquet(rows: usize) -> Vec<u8> {
    let all = || (0..rows).map(row);
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "user",
            Arc::new(StringArray::from_iter_values(
                all().map(|row| format!("u{}", row.0)),
            )),
        ),
        (
            "time",
            Arc::new(
                TimestampMillisecondArray::from_iter_values(all().map(|row| row.1))
                    .with_timezone("UTC"),
            ),
        ),
        (
            "event",
            Arc::new(StringArray::from_iter_values(all().map(|row| row.2))),
        ),
        (
            "chain",
            Arc::new(StringArray::from_iter_values(all().map(|row| row.3))),
        ),
        (
            "amount",
            Arc::new(Int64Array::from_iter_values(all().map(|row| row.4 as i64))),
        ),
        (
            "quest",
            Arc::new(Int64Array::from_iter_values(all().map(|row| row.5 as i64))),
        ),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("memory is written");
    writer.close().expect("memory is written");
    bytes
}
