//! Rows of the table, as JSON between processes and as text for people.

use serde::{Deserialize, Serialize};

use crate::measure::Cost;

/// One row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// What was done.
    pub work: String,
    /// What it took.
    pub ours: Cost,
    /// The most memory resident meanwhile, in MiB.
    pub peak_mib: Option<f64>,
    /// What the same takes otherwise.
    pub baseline: Option<Baseline>,
    /// Rates, counts, and what is scaled.
    pub note: String,
}

/// What the same work takes otherwise.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Baseline {
    /// How.
    pub what: String,
    /// What it took.
    pub cost: Cost,
}

impl Row {
    /// A row without a baseline.
    pub fn new(work: impl Into<String>, ours: Cost) -> Self {
        Self {
            work: work.into(),
            ours,
            peak_mib: None,
            baseline: None,
            note: String::new(),
        }
    }

    /// With the peak of memory.
    pub fn peak(mut self, mib: f64) -> Self {
        self.peak_mib = Some(mib);
        self
    }

    /// With a baseline.
    pub fn against(mut self, what: impl Into<String>, cost: Cost) -> Self {
        self.baseline = Some(Baseline {
            what: what.into(),
            cost,
        });
        self
    }

    /// With a note.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// The rows as a table in Markdown.
pub fn table(rows: &[Row]) -> String {
    let head = [
        "work", "wall", "CPU", "peak MiB", "baseline", "wall", "CPU", "× wall", "× CPU", "note",
    ];
    let mut cells: Vec<Vec<String>> = vec![head.map(str::to_owned).to_vec()];
    cells.extend(rows.iter().map(line));
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let lengths = cells.iter().filter_map(|line| line.get(column));
            lengths.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for (number, line) in cells.iter().enumerate() {
        let padded = line.iter().zip(&widths);
        let padded: Vec<String> = padded
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text.push_str(&format!("| {} |\n", padded.join(" | ")));
        if number == 0 {
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            text.push_str(&format!("|-{}-|\n", rule.join("-|-")));
        }
    }
    text
}

fn line(row: &Row) -> Vec<String> {
    let none = || "–".to_owned();
    let baseline = row.baseline.as_ref();
    let ratio = |of: fn(&Cost) -> f64| match baseline {
        Some(baseline) if of(&row.ours) > 0.0 => {
            format!("{:.1}", of(&baseline.cost) / of(&row.ours))
        }
        _ => none(),
    };
    vec![
        row.work.clone(),
        seconds(row.ours.wall),
        seconds(row.ours.cpu),
        row.peak_mib.map_or_else(none, |mib| format!("{mib:.0}")),
        baseline.map_or_else(none, |baseline| baseline.what.clone()),
        baseline.map_or_else(none, |baseline| seconds(baseline.cost.wall)),
        baseline.map_or_else(none, |baseline| seconds(baseline.cost.cpu)),
        ratio(|cost| cost.wall),
        ratio(|cost| cost.cpu),
        row.note.clone(),
    ]
}

/// Seconds or milliseconds, three digits.
fn seconds(seconds: f64) -> String {
    if seconds >= 100.0 {
        format!("{seconds:.0} s")
    } else if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else if seconds >= 0.01 {
        format!("{:.0} ms", seconds * 1e3)
    } else {
        format!("{:.3} ms", seconds * 1e3)
    }
}
