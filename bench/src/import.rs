//! A CSV of events into a fresh store, beside ClickHouse's own reading of it.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Result, ensure};
use quest_platform::{Platform as QuestPlatform, Property, Settings, write_events_csv};
use server::import::{Import, Outcome, Rejects};
use server::platform::Platform;
use sources::files::{
    EventMapping, InputFile, Mapping, NameFrom, ReadOptions, TimeColumn, TimeFormat,
};

use crate::arguments::{Arguments, NOW};
use crate::measure::{Cost, forget_peak, measured, peak_mib};
use crate::report::Row;
use crate::{clickhouse, folder};

/// The most events of the file.
const MOST_EVENTS: u64 = 10_000_000;

/// Imports a file as `muster import events` does.
///
/// # Errors
/// The file's or the store's; a row is refused.
pub fn measure(asked: &Arguments) -> Result<Vec<Row>> {
    let folder = asked.data.join("import");
    let events = asked.events.min(MOST_EVENTS);
    let users = u64::from(asked.users) * events / asked.events.max(1);
    let quests = QuestPlatform::new(Settings {
        events,
        users: u32::try_from(users)?.max(1),
        ..asked.settings()
    });
    let platform = folder::open_empty(&folder)?;
    let file = platform.file("events.csv");
    let mut out = BufWriter::new(File::create(&file)?);
    write_events_csv(&quests, 0..quests.settings().users, &mut out)?;
    out.flush()?;
    drop(out);
    forget_peak();
    let (outcome, ours) = measured(|| imported(&platform, &file))?;
    let peak = peak_mib();
    ensure!(
        outcome.added == events,
        "{} rows added, {} refused, of {events}",
        outcome.added,
        outcome.rejected
    );
    let theirs = by_clickhouse(&platform, &file)?;
    let bytes = fs::metadata(&file)?.len() >> 20;
    platform.close();
    fs::remove_dir_all(&folder)?;
    let row = Row::new("import of a CSV", ours).peak(peak);
    let row = row.against(
        "INSERT … SELECT FROM file(…), typed columns, same order",
        theirs,
    );
    Ok(vec![row.note(format!(
        "{events} rows, {bytes} MiB, {:.0} rows/s",
        events as f64 / ours.wall
    ))])
}

fn imported(platform: &Platform, file: &Path) -> Result<Outcome> {
    let mapping = Mapping::Events(EventMapping {
        user: "user".to_owned(),
        time: Some(TimeColumn {
            column: "time".to_owned(),
            format: TimeFormat::Detected,
            zone: platform.zone.clone(),
        }),
        name: NameFrom::Column("event".to_owned()),
        message_id: None,
        position: None,
        types: Vec::new(),
    });
    let options = ReadOptions {
        rows_per_batch: 250_000,
        bytes_per_batch: 64 << 20,
        ..ReadOptions::new(NOW)
    };
    let import = Import {
        at: None,
        input: InputFile::open(file, platform.folder())?,
        mapping,
        options,
        source: "bench".to_owned(),
        rejects: Rejects::to(platform.file("rejects.ndjson")),
    };
    import.run(platform, &mut |_, _| {})
}

/// ClickHouse reads the same file into a table of the same order.
fn by_clickhouse(platform: &Platform, file: &Path) -> Result<Cost> {
    let mut columns = vec![
        "user String".to_owned(),
        "time DateTime64(3, 'UTC')".to_owned(),
        "event LowCardinality(String)".to_owned(),
    ];
    for property in Property::ALL {
        columns.push(format!("{} {}", property.name(), column_type(property)));
    }
    let columns = columns.join(", ");
    let mut connection = platform.store.connection()?;
    clickhouse::execute(
        &mut connection,
        &format!("CREATE TABLE bench_import ({columns}) ENGINE = MergeTree ORDER BY (user, time)"),
    )?;
    let file = fs::canonicalize(file)?;
    let statement = format!(
        "INSERT INTO bench_import SELECT * FROM file('{}', 'CSVWithNames', '{}') \
         SETTINGS date_time_input_format = 'best_effort'",
        file.display(),
        columns.replace('\'', "\\'")
    );
    let (_, cost) = measured(|| clickhouse::execute(&mut connection, &statement))?;
    Ok(cost)
}

/// The type that someone who knows the file would choose.
fn column_type(property: Property) -> &'static str {
    match property {
        Property::Points | Property::GasUsed | Property::GasPrice => "Nullable(Int64)",
        Property::RewardUsd | Property::AmountUsd => "Nullable(Decimal(18, 2))",
        Property::ValueWei => "Nullable(Int256)",
        Property::Wallet => "Nullable(String)",
        Property::Success => "Nullable(Bool)",
        _ => "LowCardinality(Nullable(String))",
    }
}
