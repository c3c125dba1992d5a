//! The values of metric tags, in pieces of users: a run writes the pieces in which a value changed.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use domain::{TagKey, UserNumber, Value};
use tags::{MetricPart, MetricValues, TagResults};

use super::write::Extent;
use super::{pieces, read, value, write};
use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::native::{Block, CodedTexts, Texts};
use crate::row_binary::RowReader;
use crate::store::PooledConnection;

/// The table of values.
pub(super) const TABLE: &str = "metric_pieces";

/// A piece is of the users whose numbers have these upper bits: of 65,536 users at most.
const PIECE_BITS: u32 = 16;

/// About so many bytes a value takes in an insert.
const VALUE_BYTES: usize = 24;

/// The kind of a row without users: nobody in the piece has a value any more.
const NO_KIND: &str = "none";

/// The values of so many tags are read by one query.
const TAGS_OF_A_QUERY: usize = 64;

/// The values of a metric tag that a piece of users has.
struct Piece<'values> {
    tag: &'values TagKey,
    number: u32,
    values: MetricPart<'values>,
}

/// Writes the pieces that differ from those of the run before, or all of them; says which.
pub(super) fn write(
    connections: &mut [PooledConnection<'_>],
    before: Option<&TagResults>,
    results: &TagResults,
) -> Result<Extent, WarehouseError> {
    let nothing = MetricValues::default();
    let changed = before.map(|before| changed(before, results, &nothing));
    let sum = |pieces: &[Piece<'_>]| pieces.iter().map(|piece| piece.values.len()).sum();
    let all = results
        .all_values()
        .values()
        .map(|values| values.len())
        .sum();
    let (rows, extent) = match changed {
        Some(changed) if write::is_little(sum(&changed), all) => (changed, Extent::Changed),
        _ => (all_pieces(results), Extent::All),
    };
    let inserts = write::cut(&rows, |piece| piece.values.len() * VALUE_BYTES);
    let sql = "INSERT INTO metric_pieces (run, tag, piece, kind, users, values)";
    write::write_all(connections, sql, &inserts, |pieces| {
        block(results.run(), pieces)
    })?;
    Ok(extent)
}

fn all_pieces(results: &TagResults) -> Vec<Piece<'_>> {
    let mut all = Vec::new();
    for (tag, values) in results.all_values() {
        let pieces = (0..pieces_of(values)).map(|number| Piece {
            tag,
            number,
            values: piece_of(values, number),
        });
        all.extend(pieces.filter(|piece| !piece.values.is_empty()));
    }
    all
}

/// The pieces that differ. Those of a tag that gives no values any more have none: it may give some again.
fn changed<'values>(
    before: &'values TagResults,
    results: &'values TagResults,
    nothing: &'values MetricValues,
) -> Vec<Piece<'values>> {
    let (before, after) = (before.all_values(), results.all_values());
    let tags: HashSet<&TagKey> = before.keys().chain(after.keys()).collect();
    let mut found = Vec::new();
    for tag in tags {
        let (old, new) = (before.get(tag), after.get(tag));
        if let (Some(old), Some(new)) = (old, new)
            && Arc::ptr_eq(old, new)
        {
            continue;
        }
        let [old, new] = [old, new].map(|values| values.map_or(nothing, |values| values));
        for number in 0..pieces_of(old).max(pieces_of(new)) {
            let values = piece_of(new, number);
            if values != piece_of(old, number) {
                found.push(Piece {
                    tag,
                    number,
                    values,
                });
            }
        }
    }
    found
}

fn pieces_of(values: &MetricValues) -> u32 {
    values
        .last_user()
        .map_or(0, |last| (last.0 >> PIECE_BITS) + 1)
}

fn piece_of(values: &MetricValues, number: u32) -> MetricPart<'_> {
    let first = number << PIECE_BITS;
    let last = first | ((1 << PIECE_BITS) - 1);
    values.between(UserNumber(first), UserNumber(last))
}

/// Columns of rows, of which each has the users of a piece whose values are of one kind.
#[derive(Default)]
struct Columns {
    tags: Texts,
    pieces: Vec<u32>,
    kinds: CodedTexts,
    ends: Vec<u64>,
    users: Vec<u32>,
    values: Texts,
}

impl Columns {
    fn push(&mut self, piece: &Piece<'_>) {
        let mut kinds: BTreeMap<_, (Vec<u32>, Vec<String>)> = BTreeMap::new();
        for (user, found) in piece.values.iter() {
            let (kind, text) = value::encode(&found);
            let (users, texts) = kinds.entry(kind).or_default();
            users.push(user.0);
            texts.push(text);
        }
        if kinds.is_empty() {
            kinds.entry(NO_KIND.into()).or_default();
        }
        for (kind, (users, texts)) in kinds {
            self.tags.push(piece.tag.as_str());
            self.pieces.push(piece.number);
            self.kinds.push(&kind);
            self.users.extend(users);
            self.ends.push(self.users.len() as u64);
            texts.iter().for_each(|text| self.values.push(text));
        }
    }
}

fn block(run: u64, pieces: &[Piece<'_>]) -> Block {
    let mut columns = Columns::default();
    pieces.iter().for_each(|piece| columns.push(piece));
    let mut block = Block::new(6, columns.pieces.len());
    block.u64_everywhere("run", run);
    block.texts("tag", &columns.tags);
    block.u32s("piece", &columns.pieces);
    block.coded("kind", &columns.kinds);
    block.lists_of_u32s("users", &columns.ends, &columns.users);
    block.lists_of_texts("values", &columns.ends, &columns.values);
    block
}

/// The values of some metric tags after a run, by what was written since another.
pub(super) fn read(
    connections: &mut [PooledConnection<'_>],
    (since, run): (u64, u64),
    metrics: &[String],
) -> Result<BTreeMap<TagKey, Arc<MetricValues>>, WarehouseError> {
    let tags: Vec<&[String]> = metrics.chunks(TAGS_OF_A_QUERY).collect();
    let found = pieces::each(connections, &tags, |connection, tags| {
        values_of(connection, (since, run), tags)
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// The values of tags whose keys are in ascending order.
fn values_of(
    connection: &mut Connection,
    (since, run): (u64, u64),
    tags: &[String],
) -> Result<Vec<(TagKey, Arc<MetricValues>)>, WarehouseError> {
    let (Some(first), Some(last)) = (tags.first(), tags.last()) else {
        return Ok(Vec::new());
    };
    let asked = "tag >= {first:String} AND tag <= {last:String} AND run >= {since:UInt64} AND run <= {run:UInt64}";
    let sql = format!(
        "SELECT tag, piece, kind, users, values FROM metric_pieces WHERE {asked} AND (run, tag, piece) IN ( \
            SELECT max(run), tag, piece FROM metric_pieces WHERE {asked} GROUP BY tag, piece \
        ) ORDER BY tag, piece SETTINGS max_block_size = 16, max_threads = 1, optimize_read_in_order = 1"
    );
    let params = Params::new()
        .integer("since", since)
        .integer("run", run)
        .text("first", first)
        .text("last", last);
    let mut found: Vec<(TagKey, PieceReader)> = Vec::with_capacity(tags.len());
    for tag in tags {
        found.push((read::key(tag)?, PieceReader::default()));
    }
    for rows in connection.stream(&sql, &params, Format::RowBinary)? {
        let rows = rows?;
        let mut rows = RowReader::new(rows.bytes());
        while !rows.is_empty() {
            let tag = rows.str()?;
            let place = found.binary_search_by(|(key, _)| key.as_str().cmp(tag));
            let reader = place.ok().and_then(|place| found.get_mut(place));
            // A tag in between that gives values no more has rows, too.
            reader
                .map_or(&mut PieceReader::default(), |(_, reader)| reader)
                .row(&mut rows)?;
        }
    }
    let values = found
        .into_iter()
        .map(|(tag, reader)| (tag, Arc::new(reader.finish())));
    Ok(values.collect())
}

/// Puts the rows of a tag together, piece by piece.
#[derive(Default)]
struct PieceReader {
    values: MetricValues,
    number: u32,
    piece: Vec<(UserNumber, Value)>,
}

impl PieceReader {
    /// Reads what follows the tag in a row.
    fn row(&mut self, row: &mut RowReader<'_>) -> Result<(), WarehouseError> {
        let number = row.u32()?;
        if number != self.number {
            self.end_piece();
            self.number = number;
        }
        let kind = row.str()?;
        let mut users = Vec::new();
        for _ in 0..row.length()? {
            users.push(UserNumber(row.u32()?));
        }
        let count = row.length()?;
        if count != users.len() {
            return Err(WarehouseError::unexpected(
                "as many values as users",
                count.to_string(),
            ));
        }
        for user in users {
            self.piece.push((user, value::decode(kind, row.str()?)?));
        }
        Ok(())
    }

    /// The rows of a piece are of several kinds, each by ascending users.
    fn end_piece(&mut self) {
        self.piece.sort_by_key(|(user, _)| *user);
        self.values.extend(self.piece.drain(..));
    }

    fn finish(mut self) -> MetricValues {
        self.end_piece();
        self.values
    }
}
