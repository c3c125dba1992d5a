//! scratch
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]
use domain::{Time, Unit, Zone};
use warehouse::RowReader;
use warehouse::chdb::{Engine, EngineOptions, Format, Params};

#[test]
fn scratch_zones() {
    let dir = tempfile::tempdir().unwrap();
    let options = EngineOptions {
        dir: dir.path().to_owned(),
        memory_cap_bytes: 1 << 30,
        threads: 2,
    };
    let engine = Engine::open(&options).unwrap();
    engine.create_database("z").unwrap();
    let mut connection = engine.connect("z").unwrap();
    let names = connection
        .query(
            "SELECT time_zone FROM system.time_zones ORDER BY 1",
            &Params::new(),
            Format::TabSeparated,
        )
        .unwrap();
    let names = String::from_utf8(names).unwrap();
    let (mut unknown, mut bad, mut good) = (0, 0, 0);
    for name in names.lines() {
        let Ok(zone) = Zone::named(name) else {
            unknown += 1;
            continue;
        };
        // every 6h55m from 1970 to 2060, offset by some
        let mut differs = Vec::new();
        let step = 3 * 3_600_000 - 61_001_i64;
        let count = 90_i64 * 366 * 8;
        let sql = format!(
            "SELECT toInt32(toDate32(fromUnixTimestamp64Milli(number * {step}, '{name}'))), toUInt8(toHour(fromUnixTimestamp64Milli(number * {step}, '{name}'))) FROM numbers({count})"
        );
        let bytes = connection
            .query(&sql, &Params::new(), Format::RowBinary)
            .unwrap();
        let mut rows = RowReader::new(&bytes);
        for number in 0..count {
            let at = Time::from_millis(number * step);
            let day = rows.u32().unwrap() as i32;
            let hour = rows.u8().unwrap();
            if i64::from(day) != zone.period(Unit::Day, at) || hour != zone.parts(at).hour {
                differs.push(at);
            }
        }
        if differs.is_empty() {
            good += 1
        } else {
            bad += 1;
            println!(
                "{name}: {} first {} last {}",
                differs.len(),
                differs[0],
                differs[differs.len() - 1]
            );
        }
    }
    println!("good {good} bad {bad} unknown {unknown}");
}
