//! What a zone's clocks have shown and will show, for comparison with ClickHouse's tables.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use domain::{Time, Unit, Zone};

use super::{DAY, HOUR, LAST_DAY};
use crate::sql::parameters::text_literal;

/// What all clocks of a zone show, in one number. ClickHouse has a database of zones of its own,
/// which may be older or newer than ours: a query that asks a calendar compares the numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sql) struct ZoneTable {
    name: String,
    checksum: i64,
}

/// How many hours are looked at.
const HOURS: i64 = LAST_DAY * 24;

/// Hours count differently, so that differences do not cancel out.
const WEIGHTS: i64 = 1_009;

impl ZoneTable {
    /// The number of a zone; none is needed for UTC.
    pub(in crate::sql) fn of(zone: &Zone) -> Option<Self> {
        let name = zone.name().to_owned();
        (*zone != Zone::utc()).then(|| Self {
            name,
            checksum: nature(zone).checksum,
        })
    }

    /// Stops the query with an error if ClickHouse's clocks show anything else.
    pub(in crate::sql) fn check(&self) -> String {
        let name = text_literal(&self.name);
        let local = format!("fromUnixTimestamp64Milli(toInt64(number) * {HOUR}, {name})");
        let shown = format!("toInt64(toInt32(toDate32({local}))) * 24 + toHour({local})");
        let differs = format!("sum(number % {WEIGHTS} * ({shown})) != {}", self.checksum);
        let message = text_literal(&format!("ClickHouse has other clocks for {}", self.name));
        format!("(SELECT throwIf({differs}, {message}) FROM numbers({HOURS})) = 0")
    }
}

/// Whether every instant belongs to the day that clocks show.
pub(super) fn has_whole_days(zone: &Zone) -> bool {
    nature(zone).has_whole_days
}

/// Whether clocks are whole hours from UTC.
pub(super) fn has_whole_hours(zone: &Zone) -> bool {
    nature(zone).has_whole_hours
}

/// What of a zone's history matters here.
#[derive(Clone, Copy, Debug)]
struct Nature {
    has_whole_days: bool,
    has_whole_hours: bool,
    checksum: i64,
}

static NATURES: LazyLock<Mutex<HashMap<String, Nature>>> = LazyLock::new(Mutex::default);

fn nature(zone: &Zone) -> Nature {
    let mut natures = NATURES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(nature) = natures.get(zone.name()) {
        return *nature;
    }
    let nature = examine(zone);
    natures.insert(zone.name().to_owned(), nature);
    nature
}

/// Looks at all hours, and closer at the first ones of each day.
fn examine(zone: &Zone) -> Nature {
    let mut nature = Nature {
        has_whole_days: true,
        has_whole_hours: true,
        checksum: 0,
    };
    for hour in 0..HOURS {
        let at = Time::from_millis(hour * HOUR);
        let shown = zone.period(Unit::Day, at) * 24 + i64::from(zone.parts(at).hour);
        nature.checksum += hour % WEIGHTS * shown;
        nature.has_whole_hours &= zone.offset_ms(at) % HOUR == 0;
    }
    for day in 0..LAST_DAY {
        let start = zone.start_of_period(Unit::Day, day).millis();
        let shows_own_day = |minutes: i64| {
            let at = Time::from_millis(start + minutes * 60_000);
            let shown = (at.millis() + zone.offset_ms(at)).div_euclid(DAY);
            shown == zone.period(Unit::Day, at)
        };
        nature.has_whole_days &= (0..12)
            .map(|quarter| quarter * 15)
            .chain([1, 59])
            .all(shows_own_day);
    }
    nature
}
