//! `muster changes` and `muster trend`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use domain::TagKey;

use super::output::{Output, grouped, table};
use super::questions::csv_record;
use crate::asked;
use crate::command_line::{Changes, ChangesFormat, Trend};
use crate::engine::Engine;
use crate::history::{self, Difference, History, Move, Point};
use crate::platform::Platform;

/// What happened to one user, as it is written.
struct Line {
    user: String,
    what: Move,
    before: String,
    after: String,
}

/// `muster changes`
pub(super) fn changes(
    wanted: &Changes,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let engine = Engine::read(platform)?;
    let tag = TagKey::new(&wanted.tag)?;
    let found = History::of(&engine)?.difference(&tag, wanted.from, wanted.to)?;
    asked::note(platform, [tag]);
    let format = if output.is_json() {
        ChangesFormat::Ndjson
    } else {
        wanted.format
    };
    let has_values = found.has_values();
    if format == ChangesFormat::Csv {
        output.line(if has_values {
            "user,change,before,after"
        } else {
            "user,change"
        })?;
    }
    for line in lines(&engine, &found) {
        let Line {
            user,
            what,
            before,
            after,
        } = &line;
        output.line(&match format {
            ChangesFormat::Text => line.text(has_values),
            ChangesFormat::Csv if has_values => csv_record([user.as_str(), what.name(), before, after])?,
            ChangesFormat::Csv => csv_record([user.as_str(), what.name()])?,
            ChangesFormat::Ndjson if has_values => {
                serde_json::json!({ "user": user, "change": what.name(), "before": before, "after": after })
                    .to_string()
            }
            ChangesFormat::Ndjson => {
                serde_json::json!({ "user": user, "change": what.name() }).to_string()
            }
        })?;
    }
    if format == ChangesFormat::Text {
        output.line(&summary(&found, has_values))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(engine: &Engine, found: &Difference) -> Vec<Line> {
    let line = |(number, what)| {
        let [before, after] = found.values_of(number).map(|values| values.join("|"));
        Some(Line {
            user: engine.key(number)?,
            what,
            before,
            after,
        })
    };
    let mut lines: Vec<Line> = found.moves().filter_map(line).collect();
    lines.sort_unstable_by(|one, other| one.user.cmp(&other.user));
    lines
}

impl Line {
    fn text(&self, has_values: bool) -> String {
        let mark = match self.what {
            Move::Entered => '+',
            Move::Left => '-',
            Move::Changed => '~',
        };
        let values = match self.what {
            _ if !has_values => String::new(),
            Move::Entered => format!("  {}", self.after),
            Move::Left => format!("  {}", self.before),
            Move::Changed => format!("  {} -> {}", self.before, self.after),
        };
        format!("{mark} {}{values}", self.user)
    }
}

fn summary(found: &Difference, has_values: bool) -> String {
    let changed = if has_values {
        format!(", {} with another value", grouped(found.changed.len()))
    } else {
        String::new()
    };
    format!(
        "{} entered, {} left{changed}, from {} to {}",
        grouped(found.entered.len()),
        grouped(found.left.len()),
        found.from.at,
        found.to.at
    )
}

/// `muster trend`
pub(super) fn trend(
    wanted: &Trend,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let engine = Engine::read(platform)?;
    let tag = TagKey::new(&wanted.tag)?;
    let trend = History::of(&engine)?.trend(&tag, wanted.days)?;
    asked::note(platform, [tag.clone()]);
    output.either(&json(&tag, &trend), &text(&trend))?;
    Ok(ExitCode::SUCCESS)
}

fn json(tag: &TagKey, trend: &history::Trend) -> serde_json::Value {
    let values = |point: &Point| -> Vec<serde_json::Value> {
        let values = point.values.iter();
        values
            .map(|(value, count)| serde_json::json!({ "value": value, "count": count }))
            .collect()
    };
    let points = trend.points.iter().map(|point| {
        serde_json::json!({
            "day": point.day.to_string(), "at": point.at.to_string(), "count": point.count,
            "values": values(point), "entered": point.entered, "left": point.left,
        })
    });
    serde_json::json!({
        "tag": tag.as_str(),
        "timezone": trend.zone,
        "recorded_since": trend.since.map(|since| since.to_string()),
        "points": points.collect::<Vec<_>>(),
    })
}

/// The width of the longest bar.
const WIDTH: u64 = 24;

fn text(trend: &history::Trend) -> String {
    let most = trend
        .points
        .iter()
        .map(|point| point.count)
        .max()
        .unwrap_or(0);
    let moved = |sign: &str, number: Option<u64>| match number {
        None => String::new(),
        Some(0) => "0".to_owned(),
        Some(number) => format!("{sign}{}", grouped(number)),
    };
    let row = |point: &Point| {
        vec![
            point.day.to_string(),
            grouped(point.count),
            moved("+", point.entered),
            moved("-", point.left),
            bar(point.count, most),
        ]
    };
    let head = ["day", "users", "entered", "left", ""].map(ToOwned::to_owned);
    let rows: Vec<Vec<String>> = [head.to_vec()]
        .into_iter()
        .chain(trend.points.iter().map(row))
        .collect();
    table(&rows)
}

/// A bar in eighths of a letter, and blanks up to its greatest length.
fn bar(count: u64, most: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let share = u128::from(count) * u128::from(WIDTH * 8) / u128::from(most.max(1));
    let length = usize::try_from(share).unwrap_or_default();
    let part = EIGHTHS.get(length % 8).copied().unwrap_or_default();
    let bar = format!("{}{part}", "█".repeat(length / 8));
    format!("{bar:<width$}", width = WIDTH as usize)
}
