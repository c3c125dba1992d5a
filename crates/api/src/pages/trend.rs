//! How the count of a tag went: a line for each day, the numbers behind it, and the last changes.

use domain::Date;
use maud::{Markup, html};

use super::format::grouped;
use super::parts::{Setting, moment};
use super::phrase::Phrase;
use crate::ports::past::{TagTrend, TrendPoint};

/// Days that the page shows.
pub(super) const DAYS: u32 = 30;

const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 120.0;
/// Room above the greatest and below the least point.
const MARGIN: f64 = 6.0;

/// The section; nothing where nothing was recorded.
pub(super) fn section(trend: &TagTrend, setting: &Setting) -> Markup {
    if trend.points.is_empty() {
        return html! {};
    }
    html! {
        section #trend {
            h2 { (setting.text(Phrase::Trend)) }
            @if trend.points.len() > 1 { (chart(&trend.points, setting)) }
            details open[trend.points.len() == 1] {
                summary { (setting.text(Phrase::TrendNumbers)) }
                (numbers(&trend.points, setting))
            }
            @if !trend.changes.is_empty() { (last_changes(trend, setting)) }
        }
    }
}

fn chart(points: &[TrendPoint], setting: &Setting) -> Markup {
    let described = match (points.first(), points.last()) {
        (Some(first), Some(last)) => Phrase::TrendFromTo.with(
            setting.language,
            &[
                &first.day.to_string(),
                &grouped(first.count),
                &last.day.to_string(),
                &grouped(last.count),
            ],
        ),
        _ => String::new(),
    };
    let line = line(points);
    let most = points.iter().map(|point| point.count).max().unwrap_or(0);
    html! {
        figure.trend {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" role="img"
                aria-label=(described) {
                polygon points={ (line) " " (WIDTH) "," (HEIGHT) " 0," (HEIGHT) } {}
                polyline points=(line) {}
            }
            figcaption {
                @for point in points.first().into_iter().chain(points.last()) {
                    span { (point.day) " · " (grouped(point.count)) }
                }
                span.quiet { (setting.text(Phrase::Most)) " " (grouped(most)) }
            }
        }
    }
}

/// The points of the line: days lie as far apart as they are, and nobody lies at the bottom.
fn line(points: &[TrendPoint]) -> String {
    let number = |day: Date| f64::from(day.days());
    let (first, last) = match (points.first(), points.last()) {
        (Some(first), Some(last)) => (number(first.day), number(last.day)),
        _ => return String::new(),
    };
    let most = points.iter().map(|point| point.count).max().unwrap_or(0);
    let room = HEIGHT - 2.0 * MARGIN;
    let place = |point: &TrendPoint| {
        let across = (number(point.day) - first) / (last - first).max(1.0) * WIDTH;
        let up = point.count as f64 / (most.max(1)) as f64 * room;
        format!("{across:.1},{:.1}", HEIGHT - MARGIN - up)
    };
    points.iter().map(place).collect::<Vec<_>>().join(" ")
}

fn numbers(points: &[TrendPoint], setting: &Setting) -> Markup {
    let moved = |sign: &str, number: Option<u64>| match number {
        None => "–".to_owned(),
        Some(0) => "0".to_owned(),
        Some(number) => format!("{sign}{}", grouped(number)),
    };
    html! {
        table.history {
            thead {
                tr {
                    th scope="col" { (setting.text(Phrase::Day)) }
                    th.number scope="col" { (setting.text(Phrase::Users)) }
                    th.number scope="col" { (setting.text(Phrase::Entered)) }
                    th.number scope="col" { (setting.text(Phrase::Left)) }
                }
            }
            tbody {
                @for point in points.iter().rev() {
                    tr {
                        th scope="row" { time datetime=(point.day) { (point.day) } }
                        td.number { (grouped(point.count)) }
                        td.number { (moved("+", point.entered)) }
                        td.number { (moved("−", point.left)) }
                    }
                }
            }
        }
    }
}

fn last_changes(trend: &TagTrend, setting: &Setting) -> Markup {
    html! {
        h3 { (setting.text(Phrase::LastChanges)) }
        ul.changes {
            @for change in &trend.changes {
                li {
                    (moment(change.at, setting)) " "
                    span.entered { "+" (grouped(change.entered)) } " "
                    span.left { "−" (grouped(change.left)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Time;

    use super::*;

    #[test]
    fn days_without_a_run_leave_room_in_the_line() {
        let point = |day: &str, count| TrendPoint {
            day: Date::parse(day).unwrap(),
            at: Time::from_millis(0),
            count,
            values: Vec::new(),
            entered: None,
            left: None,
        };
        let points = [
            point("2026-11-01", 0),
            point("2026-11-02", 50),
            point("2026-11-05", 100),
        ];
        assert_eq!(line(&points), "0.0,114.0 150.0,60.0 600.0,6.0");
        let nobody = [point("2026-11-01", 0), point("2026-11-02", 0)];
        assert_eq!(line(&nobody), "0.0,114.0 600.0,114.0");
    }
}
