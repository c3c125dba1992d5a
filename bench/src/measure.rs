//! Wall time, processor time and memory of this process.

use std::fs;
use std::time::Instant;

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// What a piece of work took, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// By the clock.
    pub wall: f64,
    /// Of all processors together, ClickHouse's threads in this process too.
    pub cpu: f64,
}

impl Cost {
    /// So many times as much.
    pub fn times(self, factor: f64) -> Self {
        Self {
            wall: self.wall * factor,
            cpu: self.cpu * factor,
        }
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            wall: self.wall + other.wall,
            cpu: self.cpu + other.cpu,
        }
    }
}

/// Does some work and says what it took.
///
/// # Errors
/// The work's.
pub fn measured<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, Cost)> {
    let (began, before) = (Instant::now(), cpu_seconds());
    let done = work()?;
    let cost = Cost {
        wall: began.elapsed().as_secs_f64(),
        cpu: cpu_seconds() - before,
    };
    Ok((done, cost))
}

/// Forgets the peak of memory so far. Where the system does not allow it, the peak is that of
/// the whole process.
pub fn forget_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that was resident since [`forget_peak`], in MiB.
pub fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap_or(0.0);
    kib / 1024.0
}

/// The value below which a share of the sorted values lies; 0 of none.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    let found = sorted.get(place.saturating_sub(1));
    found.copied().unwrap_or(0.0)
}

/// Processor seconds of this process so far, in hundredths.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = behind_name.split_whitespace().collect();
    let ticks = |place: usize| -> f64 {
        let field = fields.get(place).and_then(|field| field.parse().ok());
        field.unwrap_or(0.0)
    };
    (ticks(11) + ticks(12)) / 100.0
}
