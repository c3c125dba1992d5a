//! Compression is told by the content, and what breaks off says where.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use sources::files::{ErrorKind, FileSource, InputFile, Mapping, SourceError};

use crate::support::{self, events, import, options};

fn csv(rows: usize) -> Vec<u8> {
    let mut text = "user,time,n\n".to_owned();
    for row in 0..rows {
        text.push_str(&format!("u{row},2026-11-01 10:00:00,{}\n", row * 7919));
    }
    text.into_bytes()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn accepted(content: &[u8]) -> (usize, Option<SourceError>) {
    let (batches, error) = import(content, &Mapping::Events(events()), &options());
    (batches.iter().map(|batch| batch.accepted()).sum(), error)
}

#[test]
fn plain_gzip_and_zstd_give_the_same_rows() {
    let plain = csv(1_000);
    let mapping = Mapping::Events(events());
    let expected = support::printed(&plain, &mapping, &options());
    assert_eq!(expected.lines().count(), 1_000);
    let zstd = zstd::encode_all(plain.as_slice(), 3).unwrap();
    // Files that were written in parts have one member after another.
    let halves = [gzip(&plain[..5_000]), gzip(&plain[5_000..])].concat();
    for compressed in [gzip(&plain), halves, zstd] {
        assert_eq!(
            support::printed(&compressed, &mapping, &options()),
            expected
        );
    }
}

#[test]
fn what_breaks_off_keeps_the_rows_before_and_says_where() {
    let plain = csv(200_000);
    let zstd = zstd::encode_all(plain.as_slice(), 3).unwrap();
    for whole in [gzip(&plain), zstd] {
        let (rows, error) = accepted(&whole[..whole.len() / 2]);
        assert!(rows > 1_000 && rows < 200_000, "{rows}");
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        let text = error.to_string();
        assert!(
            text.contains("is damaged at byte") && text.contains("after line"),
            "{text}"
        );
    }
}

#[test]
fn damaged_bytes_are_told() {
    let mut content = gzip(&csv(200_000));
    let middle = content.len() / 2;
    for byte in &mut content[middle..middle + 64] {
        *byte ^= 0x5a;
    }
    let (rows, error) = accepted(&content);
    assert!(rows < 200_000);
    assert_eq!(error.unwrap().kind(), ErrorKind::Invalid);
}

#[test]
fn progress_counts_the_bytes_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let content = gzip(&csv(50_000));
    let input = support::input(folder.path(), &content);
    let mut options = options();
    options.rows_per_batch = 1_000;
    let source = FileSource::open(&input, &Mapping::Events(events()), &options).unwrap();
    let progress = source.progress();
    let mut last = 0;
    for batch in source {
        batch.unwrap();
        assert!(progress.bytes_read() >= last);
        last = progress.bytes_read();
    }
    assert_eq!(
        (last, progress.bytes_total()),
        (content.len() as u64, content.len() as u64)
    );
}

#[test]
fn a_stream_is_spooled_and_has_the_digest_of_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let content = csv(10);
    let plain = support::input(folder.path(), &content);
    let spooled = InputFile::spool(content.as_slice(), "-", folder.path()).unwrap();
    assert_eq!(spooled.digest().unwrap(), plain.digest().unwrap());
    assert_eq!(
        (spooled.name(), spooled.bytes()),
        ("-", content.len() as u64)
    );
    let other = InputFile::spool(&content[1..], "-", folder.path()).unwrap();
    assert_ne!(other.digest().unwrap(), plain.digest().unwrap());
    assert_eq!(plain.digest().unwrap().to_string().len(), 32);
    let source = FileSource::open(&spooled, &Mapping::Events(events()), &options()).unwrap();
    assert_eq!(
        source.map(|batch| batch.unwrap().accepted()).sum::<usize>(),
        10
    );
    let missing_folder = folder.path().join("missing");
    let refused = InputFile::spool(content.as_slice(), "-", &missing_folder).unwrap_err();
    assert!(matches!(refused, SourceError::Spool { .. }), "{refused}");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let missing = InputFile::open(&folder.path().join("missing.csv"), folder.path()).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert!(missing.to_string().contains("missing.csv"));
    assert!(InputFile::open(folder.path(), folder.path()).is_err());
}
