//! Zones by their names, each built once for the process.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::table::Table;
use super::{Named, Zone};
use crate::{Error, nearest};

/// The zones that were asked for. At most as many as the database has.
static BUILT: LazyLock<RwLock<BTreeMap<String, Zone>>> = LazyLock::new(RwLock::default);

static UTC: LazyLock<Zone> = LazyLock::new(|| {
    Zone(Arc::new(Named {
        name: "UTC".to_owned(),
        table: Table::fixed(0),
    }))
});

/// The database in the binary: the machine's own may differ from the next machine's.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

pub(super) fn utc() -> Zone {
    UTC.clone()
}

pub(super) fn find(name: &str) -> Result<Zone, Error> {
    if name.eq_ignore_ascii_case("UTC") || name == "Z" {
        return Ok(utc());
    }
    if let Some(zone) = BUILT
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(name)
    {
        return Ok(zone.clone());
    }
    let rules = DATABASE.get(name).map_err(|_| unknown(name))?;
    let name = rules.iana_name().unwrap_or(name).to_owned();
    let mut built = BUILT.write().unwrap_or_else(PoisonError::into_inner);
    let zone = built.entry(name.clone()).or_insert_with(|| {
        Zone(Arc::new(Named {
            name,
            table: Table::of(&rules),
        }))
    });
    Ok(zone.clone())
}

/// The rules of a zone, for a library that reckons with them.
pub(super) fn rules(zone: &Zone) -> TimeZone {
    DATABASE.get(zone.name()).unwrap_or(TimeZone::UTC)
}

/// The city alone is what people forget to complete: `Shanghai` → `Asia/Shanghai`.
fn unknown(name: &str) -> Error {
    let names: Vec<String> = DATABASE
        .available()
        .map(|known| known.to_string())
        .collect();
    let wanted = name.rsplit('/').next().unwrap_or(name).replace(' ', "_");
    let of_city = names.iter().find(|known| {
        known
            .rsplit('/')
            .next()
            .is_some_and(|city| city.eq_ignore_ascii_case(&wanted))
    });
    let hint = of_city
        .map(String::as_str)
        .or_else(|| nearest(name, names.iter().map(String::as_str)))
        .map(ToOwned::to_owned);
    Error::UnknownZone {
        name: name.chars().take(80).collect(),
        hint,
    }
}
