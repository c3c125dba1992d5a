//! How what a computation takes grows: with users alone, each as active as before, and with events alone, of the same
//! users. Each size is filled and computed by processes of its own, so that each has its own peak of memory.

use anyhow::{Context, Result};

use crate::arguments::{Arguments, Part};
use crate::measure::Cost;
use crate::report::Row;
use crate::runner::child;

/// A tenth, three tenths and the whole of what is asked for.
const TENTHS: [u32; 3] = [1, 3, 10];

/// What grows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Growing {
    Users,
    Events,
}

impl Growing {
    fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Events => "events",
        }
    }

    /// The size with that many tenths of what grows.
    fn sized(self, asked: &Arguments, tenths: u32) -> Arguments {
        let mut sized = Arguments {
            data: asked.data.join("linear"),
            events: asked.events / 10 * u64::from(tenths),
            ..asked.clone()
        };
        if self == Self::Users {
            sized.users = asked.users / 10 * tenths;
        }
        sized
    }
}

/// Measures all sizes. The whole is the last of both, and measured once.
///
/// # Errors
/// A size's.
pub fn run(asked: &Arguments, rows: &mut Vec<Row>) -> Result<()> {
    let mut whole: Option<Row> = None;
    for growing in [Growing::Users, Growing::Events] {
        let mut first: Option<Cost> = None;
        for tenths in TENTHS {
            let known = whole.clone().filter(|_| tenths == 10);
            let sized = growing.sized(asked, tenths);
            let row = known.map_or_else(|| size(&sized), Ok)?;
            if tenths == 10 {
                whole = Some(row.clone());
            }
            let least = *first.get_or_insert(row.ours);
            rows.push(told(row, growing, tenths, &sized, least));
        }
    }
    Ok(())
}

/// Fills a store of a size, and computes over it.
fn size(sized: &Arguments) -> Result<Row> {
    child(Part::Fill, sized, &mut Vec::new())?;
    let mut rows = Vec::new();
    child(Part::OneSize, sized, &mut rows)?;
    rows.pop().context("a size gives a row")
}

fn told(row: Row, growing: Growing, tenths: u32, sized: &Arguments, least: Cost) -> Row {
    Row {
        work: format!(
            "{} × {tenths}: {} users, {} events",
            growing.name(),
            sized.users,
            sized.events
        ),
        note: format!(
            "{:.1} × the CPU of × 1; {}",
            row.ours.cpu / least.cpu,
            row.note
        ),
        ..row
    }
}
