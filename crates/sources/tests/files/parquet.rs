//! Parquet: every type becomes what its values write, and damage is told.

use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder, MapBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array,
    FixedSizeBinaryArray, Float32Array, Float64Array, Int8Array, Int64Array, NullArray,
    RecordBatch, StringArray, StructArray, Time64MicrosecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow_buffer::{NullBuffer, i256};
use arrow_schema::{DataType, Field};
use domain::Zone;
use parquet::arrow::ArrowWriter;
use sources::files::{ColumnType, ErrorKind, Mapping};

use crate::support::{events, import, options, printed};

/// A Parquet file of these columns.
fn written(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let nullable = columns
        .into_iter()
        .map(|(name, column)| (name, column, true));
    let batch = RecordBatch::try_from_iter_with_nullable(nullable).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// Users, times that can be read or not, and a running number.
pub fn parquet_of(rows: &[(String, bool)]) -> Vec<u8> {
    let users = rows.iter().map(|(user, _)| user.as_str());
    let times = rows
        .iter()
        .map(|(_, is_good)| if *is_good { "2026-11-01" } else { "never" });
    let numbers = 0..i64::try_from(rows.len()).unwrap();
    written(vec![
        ("user", Arc::new(StringArray::from_iter_values(users))),
        ("time", Arc::new(StringArray::from_iter_values(times))),
        ("n", Arc::new(Int64Array::from_iter_values(numbers))),
    ])
}

/// What the one row after user and time has.
fn row(columns: Vec<(&str, ArrayRef)>) -> String {
    row_typed(columns, Vec::new())
}

fn row_typed(columns: Vec<(&str, ArrayRef)>, types: Vec<(String, ColumnType)>) -> String {
    let mut all: Vec<(&str, ArrayRef)> = vec![
        ("user", Arc::new(StringArray::from(vec!["u"]))),
        ("time", Arc::new(StringArray::from(vec!["2026-11-01"]))),
    ];
    all.extend(columns);
    let mut mapping = events();
    mapping.types = types;
    let printed = printed(&written(all), &Mapping::Events(mapping), &options());
    let start = "1 event e of u at 2026-11-01T00:00:00Z";
    printed
        .strip_prefix(start)
        .unwrap_or(&printed)
        .trim()
        .to_owned()
}

fn one(array: impl arrow_array::Array + 'static) -> String {
    let row = row(vec![("x", Arc::new(array))]);
    row.strip_prefix("| x = ").unwrap_or(&row).to_owned()
}

#[test]
fn numbers_are_exact() {
    assert_eq!(one(Int8Array::from(vec![-128])), r#""-128""#);
    assert_eq!(
        one(UInt64Array::from(vec![u64::MAX])),
        r#""18446744073709551615""#
    );
    assert_eq!(one(Float32Array::from(vec![0.1])), r#""0.1""#);
    assert_eq!(
        one(Float64Array::from(vec![0.1 + 0.2])),
        r#""0.30000000000000004""#
    );
    assert_eq!(
        one(Float64Array::from(vec![1e21])),
        r#""1000000000000000000000""#
    );
    assert_eq!(one(Float64Array::from(vec![f64::NAN])), "");
    let decimal = Decimal128Array::from(vec![1_990])
        .with_precision_and_scale(10, 2)
        .unwrap();
    assert_eq!(one(decimal), r#""19.9""#);
    let digits = "1234567890123456789012345678901234567890123456789012345678901234567890123456";
    let wide = Decimal256Array::from(vec![i256::from_string(digits).unwrap()]);
    let wide = wide.with_precision_and_scale(76, 0).unwrap();
    assert_eq!(one(wide), format!("\"{digits}\""));
}

#[test]
fn times_are_instants_or_times_on_the_wall() {
    let instant = TimestampMillisecondArray::from(vec![1_793_527_200_500]).with_timezone("UTC");
    assert_eq!(one(instant), r#""2026-11-01T10:00:00.5Z""#);
    let wall = TimestampNanosecondArray::from(vec![1_793_527_200_000_000_001]);
    assert_eq!(one(wall), r#""2026-11-01T10:00:00.000000001""#);
    assert_eq!(
        one(TimestampMicrosecondArray::from(vec![-1])),
        r#""1969-12-31T23:59:59.999999""#
    );
    assert_eq!(one(Date32Array::from(vec![20_758])), r#""2026-11-01""#);
    assert_eq!(
        one(Time64MicrosecondArray::from(vec![86_399_500_000])),
        r#""23:59:59.5""#
    );
}

#[test]
fn a_time_on_the_wall_is_that_of_the_zone_that_is_declared() {
    let content = written(vec![
        ("user", Arc::new(StringArray::from(vec!["u"])) as ArrayRef),
        (
            "time",
            Arc::new(TimestampMicrosecondArray::from(vec![1_793_527_200_000_000])),
        ),
    ]);
    let mut mapping = events();
    mapping.time.as_mut().unwrap().zone = Zone::named("Asia/Shanghai").unwrap();
    let printed = printed(&content, &Mapping::Events(mapping), &options());
    assert_eq!(printed, "1 event e of u at 2026-11-01T02:00:00Z\n");
}

#[test]
fn texts_bytes_and_truths_are_what_they_are() {
    assert_eq!(one(StringArray::from(vec!["007"])), r#""007""#);
    assert_eq!(one(StringArray::from(vec![""])), r#""""#);
    assert_eq!(one(StringArray::from(vec!["\u{1}n"])), r#""^t^n""#);
    assert_eq!(one(StringArray::from(vec![None::<&str>])), "");
    assert_eq!(one(NullArray::new(1)), "");
    assert_eq!(one(BooleanArray::from(vec![true])), r#""true""#);
    assert_eq!(
        one(BinaryArray::from(vec![b"ab".as_slice()])),
        r#""0x6162""#
    );
    let fixed = FixedSizeBinaryArray::try_from_iter(vec![vec![0, 255]].into_iter()).unwrap();
    assert_eq!(one(fixed), r#""0x00ff""#);
    let bytes = Arc::new(BinaryArray::from(vec![b"ab".as_slice()]));
    let typed = row_typed(vec![("x", bytes)], vec![("x".to_owned(), ColumnType::Text)]);
    assert_eq!(typed, r#"| x = "ab""#);
}

#[test]
fn lists_structures_and_maps_are_what_json_would_be() {
    let mut list = ListBuilder::new(Int32Builder::new());
    list.append_value([Some(1), None, Some(3)]);
    assert_eq!(one(list.finish()), r#""^l[1,3]""#);
    let city: ArrayRef = Arc::new(StringArray::from(vec!["SG"]));
    let home = StructArray::from(vec![(
        Arc::new(Field::new("city", DataType::Utf8, true)),
        city.clone(),
    )]);
    assert_eq!(
        row(vec![("home", Arc::new(home))]),
        r#"| home = "^o" | home.city = "SG""#
    );
    let fields = vec![Field::new("city", DataType::Utf8, true)].into();
    let none = StructArray::new(fields, vec![city], Some(NullBuffer::from(vec![false])));
    assert_eq!(row(vec![("home", Arc::new(none))]), "");
    let mut map = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    map.keys().append_value("k");
    map.values().append_value(5);
    map.append(true).unwrap();
    assert_eq!(
        row(vec![("m", Arc::new(map.finish()))]),
        r#"| m = "^o" | m.k = "5""#
    );
}

#[test]
fn a_column_inside_a_structure_may_be_the_user() {
    let id: ArrayRef = Arc::new(Int64Array::from(vec![7]));
    let account = StructArray::from(vec![(
        Arc::new(Field::new("id", DataType::Int64, true)),
        id,
    )]);
    let content = written(vec![
        ("account", Arc::new(account) as ArrayRef),
        ("time", Arc::new(StringArray::from(vec!["2026-11-01"]))),
    ]);
    let mut mapping = events();
    mapping.user = "account.id".to_owned();
    let printed = printed(&content, &Mapping::Events(mapping), &options());
    assert_eq!(
        printed,
        "1 event e of 7 at 2026-11-01T00:00:00Z | account = \"^o\"\n"
    );
}

#[test]
fn a_missing_column_is_told_with_those_there_are() {
    let mut mapping = events();
    mapping.user = "uesr".to_owned();
    let content = parquet_of(&[("a".to_owned(), true)]);
    let (_, error) = import(&content, &Mapping::Events(mapping), &options());
    let text = error.unwrap().to_string();
    assert!(
        text.contains("(did you mean `user`?); its columns are `user`, `time` and `n`"),
        "{text}"
    );
}

#[test]
fn a_broken_file_is_told_and_no_cut_or_flipped_byte_is_an_accident() {
    let rows: Vec<(String, bool)> = (0..300).map(|row| (format!("u{row}"), true)).collect();
    let whole = parquet_of(&rows);
    let mapping = Mapping::Events(events());
    for cut in (0..whole.len()).step_by(97) {
        let (_, error) = import(&whole[..cut.max(4)], &mapping, &options());
        assert_eq!(error.unwrap().kind(), ErrorKind::Invalid, "cut at {cut}");
    }
    for at in (4..whole.len() - 8).step_by(37) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0xff;
        let (batches, error) = import(&flipped, &mapping, &options());
        let rows: usize = batches
            .iter()
            .map(|batch| batch.accepted() + batch.rejected.len())
            .sum();
        assert!(error.is_some() || rows <= 300, "byte {at}");
    }
}

#[test]
fn a_compressed_parquet_is_read_too() {
    let rows = [("a".to_owned(), true), ("b".to_owned(), false)];
    let plain = parquet_of(&rows);
    let mapping = Mapping::Events(events());
    let compressed = zstd::encode_all(plain.as_slice(), 3).unwrap();
    assert_eq!(
        printed(&compressed, &mapping, &options()),
        printed(&plain, &mapping, &options())
    );
    let (_, error) = import(&compressed[..compressed.len() / 2], &mapping, &options());
    assert_eq!(error.unwrap().kind(), ErrorKind::Invalid);
}
