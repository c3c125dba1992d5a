//! The schema's numbered steps, each applied once.

use crate::WarehouseError;
use crate::chdb::{Connection, Format, Params};
use crate::row_binary::RowReader;

/// One step of the schema.
struct Migration {
    version: u32,
    name: &'static str,
    sql: &'static str,
}

/// All steps, in order. A statement of a step may run twice when a crash comes between it and the record of the
/// step, so each says `IF NOT EXISTS` or the like.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "histories",
        sql: include_str!("../../migrations/0001_histories.sql"),
    },
    Migration {
        version: 2,
        name: "results",
        sql: include_str!("../../migrations/0002_results.sql"),
    },
    Migration {
        version: 3,
        name: "positions",
        sql: include_str!("../../migrations/0003_positions.sql"),
    },
    Migration {
        version: 4,
        name: "results as bytes",
        sql: include_str!("../../migrations/0004_results_as_bytes.sql"),
    },
    Migration {
        version: 5,
        name: "identities",
        sql: include_str!("../../migrations/0005_identities.sql"),
    },
    Migration {
        version: 6,
        name: "first members",
        sql: include_str!("../../migrations/0006_first_members.sql"),
    },
    Migration {
        version: 7,
        name: "views for queries",
        sql: include_str!("../../migrations/0007_views_for_queries.sql"),
    },
    Migration {
        version: 8,
        name: "record bases",
        sql: include_str!("../../migrations/0008_record_bases.sql"),
    },
    Migration {
        version: 9,
        name: "results by difference",
        sql: include_str!("../../migrations/0009_results_by_difference.sql"),
    },
];

const RECORDS: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version UInt32, name String, applied DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY version SETTINGS fsync_after_insert = 1, fsync_part_directory = 1";

/// Applies the steps that the store lacks.
pub(super) fn apply(connection: &mut Connection) -> Result<(), WarehouseError> {
    connection.execute(RECORDS, &Params::new())?;
    let found = version(connection)?;
    let known = schema_version();
    if found > known {
        return Err(WarehouseError::NewerStore { found, known });
    }
    for migration in MIGRATIONS
        .iter()
        .filter(|migration| migration.version > found)
    {
        for statement in statements(migration.sql) {
            connection.execute(statement, &Params::new())?;
        }
        connection.execute(
            "INSERT INTO schema_migrations (version, name) SELECT {version:UInt32}, {name:String}",
            &Params::new()
                .integer("version", migration.version)
                .text("name", migration.name),
        )?;
        tracing::info!(
            version = migration.version,
            name = migration.name,
            "the store's schema was brought up to date"
        );
    }
    Ok(())
}

/// The newest step that there is.
pub fn schema_version() -> u32 {
    MIGRATIONS.last().map_or(0, |last| last.version)
}

/// The newest step that was applied, 0 for a new store.
fn version(connection: &mut Connection) -> Result<u32, WarehouseError> {
    let bytes = connection.query(
        "SELECT max(version) FROM schema_migrations",
        &Params::new(),
        Format::RowBinary,
    )?;
    RowReader::new(&bytes).u32()
}

/// The statements of a file: each ends with a semicolon at the end of a line.
fn statements(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(";\n")
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_without_gaps() {
        for (index, migration) in MIGRATIONS.iter().enumerate() {
            assert_eq!(migration.version as usize, index + 1, "{}", migration.name);
            assert!(statements(migration.sql).count() > 0);
        }
    }
}
