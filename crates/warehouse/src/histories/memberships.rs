//! What runs recorded of tags, cut out of the bitmaps of who entered and who left.

use std::sync::Arc;

use domain::{TagKey, Time, UserNumber};
use features::{Membership, Recorded};

use super::UserSelection;
use crate::WarehouseError;
use crate::chdb::{Format, Params};
use crate::row_binary::RowReader;
use crate::store::Store;

/// The runs that are whole, each with the instant of what it recorded: its own, or where it looked back that of the latest
/// run before it, for the instant of recorded history never goes back.
const FINISHED: &str = "SELECT run, max(now) OVER (ORDER BY run) AS at FROM runs";

impl Store {
    /// What finished runs recorded of some tags and users, sorted.
    ///
    /// # Errors
    /// What the engine says.
    pub fn memberships(
        &self,
        tags: &[TagKey],
        users: &UserSelection<'_>,
    ) -> Result<Vec<Recorded>, WarehouseError> {
        if tags.is_empty() {
            return Ok(Vec::new());
        }
        let identities = self.identities();
        let is_asked = |user: UserNumber| match users {
            UserSelection::Range(range) => range.contains(&user.0),
            UserSelection::Listed(list) => list.binary_search(&user.0).is_ok(),
        };
        let absorbed = identities.absorbed();
        let others: Vec<u32> = absorbed
            .filter(|(_, owner)| is_asked(*owner))
            .map(|(identity, _)| identity.0)
            .collect();
        let keys: Vec<&str> = tags.iter().map(TagKey::as_str).collect();
        let params = Params::new()
            .texts("tags", &keys)
            .integers("others", &others);
        let (part, params) = match users {
            UserSelection::Range(range) => (
                "bitmapSubsetInRange(SET, {first:UInt32}, {end:UInt32})",
                params
                    .integer("first", range.start)
                    .integer("end", range.end),
            ),
            UserSelection::Listed(list) => (
                "bitmapAnd(SET, bitmapBuild({users:Array(UInt32)}))",
                params.integers("users", list),
            ),
        };
        let rows_of = |column: &str, entered: &str| {
            let part =
                format!("bitmapOr({part}, bitmapAnd(SET, bitmapBuild({{others:Array(UInt32)}})))");
            let part = part.replace("SET", column);
            format!(
                "SELECT arrayJoin(bitmapToArray({part}))::UInt32 AS user, toUnixTimestamp64Milli(at) AS at, run, tag, \
                ifNull(value, '') AS text, isNull(value) AS none, {entered}::UInt8 AS came FROM tag_changes \
                INNER JOIN ({FINISHED}) AS finished USING (run) WHERE tag IN {{tags:Array(String)}}"
            )
        };
        let sql = format!(
            "{} UNION ALL {}",
            rows_of("entered", "1"),
            rows_of("left", "0")
        );
        let bytes = self.connection()?.query(&sql, &params, Format::RowBinary)?;
        let mut reader = RowReader::new(&bytes);
        let mut rows = Vec::new();
        while !reader.is_empty() {
            let row = row(&mut reader)?;
            let owner = identities.owner(UserNumber(row.identity));
            if is_asked(owner) {
                rows.push(Recorded {
                    user: owner.0,
                    ..row
                });
            }
        }
        rows.sort();
        Ok(rows)
    }
}

fn row(reader: &mut RowReader<'_>) -> Result<Recorded, WarehouseError> {
    let user = reader.u32()?;
    let (at, run) = (Time::from_millis(reader.i64()?), reader.u64()?);
    let tag = TagKey::new(reader.str()?)
        .map_err(|error| WarehouseError::unexpected("the key of a tag", error.to_string()))?;
    let value: Arc<str> = Arc::from(reader.str()?);
    let is_none = reader.u8()? == 1;
    let change = match reader.u8()? {
        0 => Membership::Left,
        _ => Membership::Entered,
    };
    Ok(Recorded {
        user,
        at,
        run,
        tag,
        change,
        value: (!is_none).then_some(value),
        identity: user,
    })
}
