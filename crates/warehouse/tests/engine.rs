//! The embedded engine from outside: values in and out, cancelling, memory, closing.
#![allow(
    clippy::unwrap_used,
    reason = "what fails in a test's own steps fails the test"
)]

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use warehouse::chdb::{Connection, Engine, EngineOptions, Format, InsertFormat, Params};
use warehouse::{RowReader, RowWriter};

/// One engine for all tests of this process, because it serves one folder.
static ENGINE: LazyLock<(TempDir, Engine)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let options = EngineOptions {
        dir: dir.path().to_owned(),
        memory_cap_bytes: 1 << 30,
        threads: 2,
    };
    let engine = Engine::open(&options).unwrap();
    (dir, engine)
});

/// A connection in a database of its own.
fn connection() -> Connection {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let database = format!("test`{}", NEXT.fetch_add(1, Ordering::Relaxed));
    ENGINE.1.create_database(&database).unwrap();
    ENGINE.1.connect(&database).unwrap()
}

/// All bytes that a stream gives.
fn streamed(connection: &mut Connection, sql: &str) -> Vec<u8> {
    let stream = connection.stream(sql, &Params::new(), Format::RowBinary);
    let pieces = stream.unwrap().map(|piece| piece.unwrap().bytes().to_vec());
    pieces.collect::<Vec<_>>().concat()
}

fn number(connection: &mut Connection, sql: &str) -> u64 {
    RowReader::new(
        &connection
            .query(sql, &Params::new(), Format::RowBinary)
            .unwrap(),
    )
    .u64()
    .unwrap()
}

#[test]
fn a_bound_text_comes_back_byte_by_byte() {
    let mut connection = connection();
    let texts: [&[u8]; 9] = [
        b"",
        b"plain",
        b"tab\there",
        b"line\nfeed\r\n",
        b"back\\slash\\n\\N",
        b"quote ' and \" and `",
        b"nul \0 inside \0",
        b"\xff\xfe invalid \xc3\x28",
        "汉字 {x:String}".as_bytes(),
    ];
    for text in texts {
        let bytes = connection
            .query(
                "SELECT {t:String}",
                &Params::new().text("t", text),
                Format::RowBinary,
            )
            .unwrap();
        assert_eq!(RowReader::new(&bytes).text().unwrap(), text);
    }
    let all = Params::new().texts("list", &texts);
    let bytes = connection
        .query(
            "SELECT arrayJoin({list:Array(String)})",
            &all,
            Format::RowBinary,
        )
        .unwrap();
    let mut reader = RowReader::new(&bytes);
    for text in texts {
        assert_eq!(reader.text().unwrap(), text);
    }
    assert!(reader.is_empty());
}

#[test]
fn bound_numbers_keep_all_their_digits() {
    let mut connection = connection();
    let params = Params::new()
        .integer("a", i64::MIN)
        .integer("b", i128::MAX)
        .integers("c", &[1_u32, u32::MAX]);
    let sql = "SELECT {a:Int64}, {b:Int128}, arraySum({c:Array(UInt32)})";
    let bytes = connection.query(sql, &params, Format::RowBinary).unwrap();
    let mut reader = RowReader::new(&bytes);
    assert_eq!(reader.i64().unwrap(), i64::MIN);
    assert_eq!(reader.i128().unwrap(), i128::MAX);
    assert_eq!(reader.u64().unwrap(), u64::from(u32::MAX) + 1);
}

const EVERY_TYPE: &str = "CREATE TABLE every_type (
    a UInt32, b UInt64, c Int64, d Nullable(Int64), e Nullable(Int128), f DateTime64(3, 'UTC'),
    g LowCardinality(String), h LowCardinality(Nullable(String)), i Map(LowCardinality(String), String),
    j AggregateFunction(groupBitmap, UInt32), k UInt128
) ENGINE = MergeTree ORDER BY a";

/// Two rows, and their bytes.
fn write_every_type(connection: &mut Connection) -> Vec<u8> {
    connection.execute(EVERY_TYPE, &Params::new()).unwrap();
    let mut rows = RowWriter::default();
    for row in [0_u32, 1] {
        rows.u32(row);
        rows.u64(u64::MAX);
        rows.i64(i64::MIN);
        rows.u8(u8::from(row == 0));
        if row == 1 {
            rows.i64(-7);
        }
        rows.u8(u8::from(row == 0));
        if row == 1 {
            rows.i128(i128::MIN);
        }
        rows.i64(1_763_900_000_123);
        rows.text(b"\xff not utf-8");
        rows.u8(u8::from(row == 0));
        if row == 1 {
            rows.text(b"set");
        }
        rows.length(2);
        rows.text(b"key");
        rows.text(b"value\0");
        rows.text(b"");
        rows.text(b"");
        rows.raw(if row == 0 {
            &[0, 0]
        } else {
            &[0, 2, 9, 0, 0, 0, 3, 0, 0, 0]
        });
        rows.u128(u128::MAX - 1);
    }
    let mut insert = connection
        .insert(
            "INSERT INTO every_type (a, b, c, d, e, f, g, h, i, j, k)",
            InsertFormat::RowBinary,
        )
        .unwrap();
    let (head, tail) = rows.bytes().split_at(11);
    insert.append(head).unwrap();
    insert.append(tail).unwrap();
    assert_eq!(insert.finish().unwrap().rows, 2);
    rows.bytes().to_vec()
}

#[test]
fn every_type_is_written_as_bytes_and_streamed_back() {
    let mut connection = connection();
    let written = write_every_type(&mut connection);
    let sql = "SELECT * FROM every_type ORDER BY a";
    assert_eq!(streamed(&mut connection, sql), written);
}

#[test]
fn each_piece_of_a_stream_has_whole_rows() {
    let mut connection = connection();
    let sql = "SELECT number, repeat('x', number % 100000) FROM numbers(3000) SETTINGS max_block_size = 128";
    let (mut rows, mut pieces) = (0, 0);
    for piece in connection
        .stream(sql, &Params::new(), Format::RowBinary)
        .unwrap()
    {
        let piece = piece.unwrap();
        let mut reader = RowReader::new(piece.bytes());
        while !reader.is_empty() {
            assert_eq!(reader.u64().unwrap(), rows);
            assert_eq!(reader.text().unwrap().len() as u64, rows % 100_000);
            rows += 1;
        }
        pieces += 1;
    }
    assert_eq!(rows, 3_000);
    assert!(pieces > 10, "{pieces}");
}

#[test]
fn a_broken_insert_tells_its_error_and_leaves_the_connection_usable() {
    let mut connection = connection();
    connection
        .execute(
            "CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a",
            &Params::new(),
        )
        .unwrap();
    assert!(
        connection
            .insert("INSERT INTO nowhere (a)", InsertFormat::RowBinary)
            .is_err()
    );
    let mut insert = connection
        .insert("INSERT INTO t (a)", InsertFormat::RowBinary)
        .unwrap();
    insert.append(&[1, 0, 0, 0, 2, 0]).unwrap();
    insert.finish().unwrap_err();
    drop(
        connection
            .insert("INSERT INTO t (a)", InsertFormat::RowBinary)
            .unwrap(),
    );
    assert_eq!(number(&mut connection, "SELECT count() FROM t"), 0);
}

#[test]
fn a_stream_may_move_to_another_thread_and_end_early() {
    let mut connection = connection();
    let sql = "SELECT number FROM numbers(10000000)";
    let mut stream = connection
        .stream(sql, &Params::new(), Format::Native)
        .unwrap();
    let first = stream.next().unwrap().unwrap().bytes().len();
    let rest = thread::scope(|scope| {
        scope
            .spawn(move || {
                (&mut stream)
                    .take(3)
                    .map(|blocks| blocks.unwrap().bytes().len())
                    .sum::<usize>()
            })
            .join()
    });
    assert!(first > 0 && rest.unwrap() >= 3);
    assert_eq!(number(&mut connection, "SELECT count() FROM numbers(3)"), 3);
}

#[test]
fn an_error_within_a_stream_is_told_with_its_code() {
    let mut connection = connection();
    let sql = "SELECT throwIf(number = 3000000) FROM numbers(10000000)";
    let error = connection
        .stream(sql, &Params::new(), Format::Native)
        .unwrap()
        .find_map(Result::err)
        .unwrap();
    assert!(error.to_string().contains("395"), "{error}");
    assert_eq!(number(&mut connection, "SELECT count() FROM numbers(3)"), 3);
}

#[test]
fn a_running_query_can_be_cancelled() {
    let mut connection = connection();
    let cancel = connection.cancel();
    let start = Instant::now();
    let error = thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(300));
            cancel.cancel().unwrap();
        });
        let sql = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1";
        connection
            .query(sql, &Params::new(), Format::RowBinary)
            .unwrap_err()
    });
    assert!(error.is_cancelled(), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!(number(&mut connection, "SELECT count() FROM numbers(3)"), 3);
}

#[test]
fn a_query_above_the_memory_cap_fails_and_the_next_one_runs() {
    let mut connection = connection();
    let sql = "SELECT length(groupArray(number)) FROM numbers(400000000)";
    let error = connection
        .query(sql, &Params::new(), Format::RowBinary)
        .unwrap_err();
    assert!(error.is_out_of_memory(), "{error}");
    assert_eq!(number(&mut connection, "SELECT count() FROM numbers(3)"), 3);
}

#[test]
fn the_hosts_own_memory_does_not_count_against_the_cap() {
    let mut connection = connection();
    let own = vec![1_u8; 1 << 30];
    thread::sleep(Duration::from_millis(2500));
    assert_eq!(
        number(
            &mut connection,
            "SELECT uniqExact(number) FROM numbers(1000000)"
        ),
        1_000_000
    );
    assert_eq!(own.len(), 1 << 30);
}

#[test]
fn an_unknown_word_is_no_query() {
    let mut connection = connection();
    assert!(
        connection
            .query("selec", &Params::new(), Format::RowBinary)
            .is_err()
    );
}

#[test]
fn what_a_query_wrote_before_it_failed_does_not_begin_the_next_answer() {
    let mut connection = connection();
    let fails_late = "SELECT throwIf(number = 200000) FROM numbers(2000000)";
    let format = Format::RowBinary;
    assert!(
        connection
            .query(fails_late, &Params::new(), format)
            .is_err()
    );
    assert_eq!(number(&mut connection, "SELECT 42::UInt64"), 42);
    let stream = connection.stream(fails_late, &Params::new(), format);
    assert!(stream.unwrap().any(|piece| piece.is_err()));
    let answer = connection.query("SELECT 42::UInt64", &Params::new(), format);
    assert_eq!(answer.unwrap().len(), 8);
}
