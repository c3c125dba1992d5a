//! How the results of a run lie in the store. A set keeps its number as long as it is not written anew with all others,
//! so that tags come and go without the sets of others being written again.

use std::collections::HashMap;
use std::sync::Arc;

use tags::{TagResults, TagSlot};

use super::write::Extent;
use crate::WarehouseError;
use crate::chdb::{Connection, Format, InsertFormat, Params};
use crate::row_binary::{RowReader, RowWriter};

/// The table of layouts.
pub(super) const TABLE: &str = "run_layouts";

/// The results of the last run, and how they lie in the store.
#[derive(Clone, Debug)]
pub(crate) struct KeptResults {
    /// The results.
    pub results: Arc<TagResults>,
    /// Where their sets lie.
    pub layout: Layout,
}

/// Under which numbers the sets of a run lie, and since when its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The number of each set, in the order of the slots.
    pub numbers: Arc<[u32]>,
    /// The least number under which nothing lies, nor lay before.
    pub next: u32,
    /// The run that wrote all values last: pieces of those before count no more, whether or not they are still there.
    pub values_since: u64,
}

impl Layout {
    /// That of so many sets that are all written.
    pub(super) fn fresh(sets: usize) -> Self {
        let next = sets as u32;
        Self {
            numbers: (0..next).collect(),
            next,
            values_since: 0,
        }
    }
}

impl KeptResults {
    /// The layout of further results, in which only new sets have new numbers.
    pub(super) fn layout_of(&self, further: &TagResults) -> Layout {
        if self.results.slots() == further.slots() {
            return self.layout.clone();
        }
        let known: HashMap<&TagSlot, u32> = self
            .results
            .slots()
            .iter()
            .zip(self.layout.numbers.iter().copied())
            .collect();
        let mut next = self.layout.next;
        let mut new = || {
            next += 1;
            next - 1
        };
        let slots = further.slots().iter();
        let numbers = slots.map(|slot| known.get(slot).copied().unwrap_or_else(&mut new));
        Layout {
            numbers: numbers.collect(),
            next,
            values_since: self.layout.values_since,
        }
    }

    /// Whether further results consist of the same.
    fn is_laid_out_as(&self, further: &TagResults, layout: &Layout) -> bool {
        let metrics = self.results.all_values().keys();
        self.layout.numbers == layout.numbers
            && self.layout.values_since == layout.values_since
            && metrics.eq(further.all_values().keys())
    }
}

/// Writes the layout of a run, unless it is that of the run before; says whether all of it or nothing.
pub(super) fn write(
    connection: &mut Connection,
    before: Option<&KeptResults>,
    results: &TagResults,
    layout: &Layout,
) -> Result<Extent, WarehouseError> {
    if before.is_some_and(|before| before.is_laid_out_as(results, layout)) {
        return Ok(Extent::Changed);
    }
    let mut row = RowWriter::default();
    row.u64(results.run());
    row.length(layout.numbers.len());
    layout.numbers.iter().for_each(|number| row.u32(*number));
    let metrics = results.all_values();
    row.length(metrics.len());
    metrics
        .keys()
        .for_each(|tag| row.text(tag.as_str().as_bytes()));
    row.u64(layout.values_since);
    let sql = "INSERT INTO run_layouts (run, slots, metrics, values_since)";
    let mut insert = connection.insert(sql, InsertFormat::RowBinary)?;
    insert.append(row.bytes())?;
    insert.finish()?;
    Ok(Extent::All)
}

/// The layout of a run, and its metric tags.
pub(super) fn read(
    connection: &mut Connection,
    run: u64,
) -> Result<(Layout, Vec<String>), WarehouseError> {
    let sql = "SELECT slots, metrics, values_since FROM run_layouts WHERE run <= {run:UInt64} ORDER BY run DESC LIMIT 1";
    let params = Params::new().integer("run", run);
    let bytes = connection.query(sql, &params, Format::RowBinary)?;
    let mut row = RowReader::new(&bytes);
    let (mut numbers, mut metrics, mut values_since) = (Vec::new(), Vec::new(), 0);
    if !row.is_empty() {
        for _ in 0..row.length()? {
            numbers.push(row.u32()?);
        }
        for _ in 0..row.length()? {
            metrics.push(row.str()?.to_owned());
        }
        values_since = row.u64()?;
    }
    let layout = Layout {
        numbers: numbers.into(),
        next: next_number(connection, run)?,
        values_since,
    };
    Ok((layout, metrics))
}

/// The sets of all runs up to one have numbers below this.
fn next_number(connection: &mut Connection, run: u64) -> Result<u32, WarehouseError> {
    let sql = "SELECT if(count() = 0, 0, max(slot) + 1)::UInt32 FROM tag_members WHERE run <= {run:UInt64}";
    let params = Params::new().integer("run", run);
    RowReader::new(&connection.query(sql, &params, Format::RowBinary)?).u32()
}
