//! Users, profiles and events into the store, and its parts merged.

use anyhow::Result;
use quest_platform::Platform as QuestPlatform;

use crate::arguments::Arguments;
use crate::measure::{forget_peak, measured, peak_mib};
use crate::report::Row;
use crate::{clickhouse, folder};

/// Fills the shared store anew.
///
/// # Errors
/// The store's.
pub fn measure(asked: &Arguments) -> Result<Vec<Row>> {
    let platform = folder::open_empty(&folder::shared(asked))?;
    let quests = QuestPlatform::new(asked.settings());
    forget_peak();
    let (_, filled) = measured(|| server::demo::fill(&platform, &quests))?;
    let filled_peak = peak_mib();
    forget_peak();
    let mut connection = platform.store.connection()?;
    let (_, merged) = measured(|| {
        clickhouse::execute(&mut connection, "OPTIMIZE TABLE events FINAL")?;
        clickhouse::execute(&mut connection, "OPTIMIZE TABLE traits FINAL")
    })?;
    let parts = clickhouse::number(
        &mut connection,
        "SELECT count() FROM system.parts WHERE database = currentDatabase() \
         AND table = 'events' AND active",
    )?;
    drop(connection);
    let merged_peak = peak_mib();
    platform.close();
    let rate = asked.events as f64 / filled.wall;
    Ok(vec![
        Row::new("fill: made and written", filled)
            .peak(filled_peak)
            .note(format!("{rate:.0} events/s")),
        Row::new("fill: parts merged", merged)
            .peak(merged_peak)
            .note(format!("{parts} parts of events")),
    ])
}
