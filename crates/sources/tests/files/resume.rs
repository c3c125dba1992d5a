//! Batches are cut the same way each time, and reading goes on where it was left.

use proptest::prelude::*;
use sources::files::{Format, Mapping, ReadOptions, RowBatch};

use crate::parquet::parquet_of;
use crate::support::{events, import, options};

/// Rows of which some are refused; the first cell may reach over lines.
fn rows() -> impl Strategy<Value = Vec<(String, bool)>> {
    prop::collection::vec(("[a-z\n\"]{1,4}", prop::bool::weighted(0.8)), 0..40)
}

fn csv(rows: &[(String, bool)]) -> Vec<u8> {
    let mut text = "user,time,n\n\n".to_owned();
    for (index, (user, is_good)) in rows.iter().enumerate() {
        let time = if *is_good { "2026-11-01" } else { "never" };
        text.push_str(&format!(
            "\"{}\",{time},{index}\n",
            user.replace('"', "\"\"")
        ));
    }
    text.into_bytes()
}

fn ndjson(rows: &[(String, bool)]) -> Vec<u8> {
    let mut text = "{\"user\":\"u\",\"time\":\"2026-11-01\",\"n\":-1}\n".to_owned();
    for (index, (user, is_good)) in rows.iter().enumerate() {
        let time = if *is_good { "2026-11-01" } else { "never" };
        let line = serde_json::json!({"user": user, "time": time, "n": index});
        text.push_str(&format!("{line}\n\n"));
    }
    text.into_bytes()
}

/// The rows of batches, batch borders forgotten.
fn flat(batches: &[RowBatch]) -> Vec<(u64, String)> {
    let mut all = Vec::new();
    for batch in batches {
        for row in 0..batch.events.len() {
            let n = batch.events.properties.get(row, "n").unwrap();
            let text = format!("{} {n}", batch.events.users.get(row));
            all.push((batch.events.positions[row], text));
        }
        all.extend(
            batch
                .rejected
                .iter()
                .map(|row| (row.position, row.reason.clone())),
        );
    }
    all.sort();
    all
}

fn read(content: &[u8], options: &ReadOptions) -> Vec<RowBatch> {
    let (batches, error) = import(content, &Mapping::Events(events()), options);
    assert!(error.is_none(), "{error:?}");
    batches
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn going_on_from_any_batch_gives_the_rest(
        rows in rows(),
        per_batch in 1_usize..10,
        bytes in prop::sample::select(vec![1_usize, 40, 1 << 20]),
        format in prop::sample::select(vec![Format::Csv, Format::Ndjson, Format::Parquet]),
    ) {
        let content = match format {
            Format::Csv => csv(&rows),
            Format::Ndjson => ndjson(&rows),
            Format::Parquet => parquet_of(&rows),
        };
        let whole = flat(&read(&content, &options()));
        let mut small = options();
        small.rows_per_batch = per_batch;
        small.bytes_per_batch = bytes;
        let batches = read(&content, &small);
        prop_assert_eq!(flat(&batches), whole);
        for (index, batch) in batches.iter().enumerate() {
            prop_assert!(batch.rows.end - batch.rows.start <= per_batch as u64);
            small.start_at_row = batch.rows.end;
            let rest = read(&content, &small);
            prop_assert_eq!(flat(&rest), flat(&batches[index + 1..]));
            let cuts = |batches: &[RowBatch]| -> Vec<std::ops::Range<u64>> {
                batches.iter().map(|batch| batch.rows.clone()).collect()
            };
            prop_assert_eq!(cuts(&rest), cuts(&batches[index + 1..]));
        }
    }
}

#[test]
fn starting_behind_the_last_row_gives_nothing() {
    let mut options = options();
    options.start_at_row = 100;
    for content in [
        csv(&[("a".to_owned(), true)]),
        parquet_of(&[("a".to_owned(), true)]),
    ] {
        assert!(read(&content, &options).is_empty());
    }
}
