//! Importing the members of a tag: they are loaded beside those that count, and take their place at once.

use std::sync::Arc;

use anyhow::Result;
use catalog::{Digest, Load, LoadMode, LoadStart, SuppliedMember};
use domain::{Stored, Supplied, SuppliedType, Supplier, TagKey, UserKey, stored};
use sha2::{Digest as _, Sha256};
use sources::files::{
    FileSource, InputFile, Mapping, ProfileRows, Progress, ReadOptions, RejectedRow,
};

use super::refusal::{Refusal, Why};
use super::{follow, supplied_by, too_many_values};
use crate::compute::Computed;
use crate::engine::Engine;
use crate::import::Rejects;
use crate::platform::now;

/// Letters of the longest key of a user.
const LONGEST: usize = 512;

/// A file with members of a tag.
#[derive(Debug)]
pub struct TagImport {
    /// Whose members.
    pub tag: TagKey,
    /// The file.
    pub input: InputFile,
    /// Its rows, as those of profiles.
    pub mapping: Mapping,
    /// How it is read.
    pub options: ReadOptions,
    /// The column with the value; `None` for a tag without values.
    pub value: Option<String>,
    /// What becomes of the members before.
    pub mode: LoadMode,
    /// Where refused rows go.
    pub rejects: Rejects,
}

/// What became of an import of members.
#[derive(Clone, Debug)]
pub struct ImportedTag {
    /// Rows of this run that were read.
    pub read: u64,
    /// Rows that were refused, those of an earlier run with them.
    pub rejected: u64,
    /// Rows that an earlier run had brought in.
    pub resumed_after: u64,
    /// How many keys the tag has now, known or not.
    pub members: u64,
    /// How many of them nobody knows.
    pub unknown: u64,
    /// Which tags changed with it; `None` where nothing was computed yet, or nothing changed.
    pub computed: Option<Computed>,
}

impl TagImport {
    /// Brings the file in, and lets the results follow. `watch` is told the progress of reading, and how many rows were
    /// read.
    ///
    /// # Errors
    /// The file's or the store's: the members before stay, and the same import goes on where it stopped. There is no
    /// such tag, or it is not imported; more different values than a tag can have.
    pub fn run(
        mut self,
        engine: &mut Engine,
        watch: &mut dyn FnMut(&Progress, u64),
    ) -> Result<ImportedTag> {
        let supplied = supplied_by(engine, &self.tag, Supplier::Import)?;
        self.refuse_other_values(supplied)?;
        let platform = Arc::clone(&engine.platform);
        let start = self.start()?;
        let mut load = platform.wait(platform.catalog.open_load(&start, now()))?;
        let resumed_after = load.position;
        self.options.start_at_row = load.position;
        let source = FileSource::open(&self.input, &self.mapping, &self.options)?;
        let progress = source.progress();
        for batch in source {
            let batch = batch?;
            let (members, mut refused) = self.members(supplied.of, &batch.profiles);
            refused.extend(batch.rejected);
            refused.sort_by_key(|row| row.position);
            self.rejects.keep(&refused)?;
            load = Load {
                position: batch.rows.end,
                rejected: load.rejected + refused.len() as u64,
                ..load
            };
            platform.wait(platform.catalog.advance_load(&load, &members))?;
            watch(&progress, load.position - resumed_after);
        }
        if supplied.of == SuppliedType::Text {
            let values = platform.wait(platform.catalog.load_values(&load))?;
            if values > Supplied::MOST_VALUES as u64 {
                platform.wait(platform.catalog.abandon_load(&load))?;
                return Err(too_many_values(&self.tag).into());
            }
        }
        let finished = platform
            .catalog
            .finish_load(&self.tag, (&load, self.mode), now());
        platform.wait(finished)?;
        let computed = follow(engine, &self.tag)?;
        let imported = platform.wait(platform.catalog.imported(&self.tag))?;
        let keys = imported.members.iter();
        let unknown = keys.filter(|member| engine.users.user(&member.user).is_none());
        Ok(ImportedTag {
            read: load.position - resumed_after,
            rejected: load.rejected,
            resumed_after,
            members: imported.members.len() as u64,
            unknown: unknown.count() as u64,
            computed,
        })
    }

    /// A tag with values needs a column for them, and one without must have none.
    fn refuse_other_values(&self, supplied: Supplied) -> Result<(), Refusal> {
        let (tag, of) = (self.tag.to_string(), supplied.of.name());
        match (&self.value, supplied.of) {
            (Some(_), SuppliedType::Flag) => Err(Why::HasNoValues { tag }.into()),
            (None, of_type) if of_type != SuppliedType::Flag => {
                Err(Why::NeedsColumn { tag, of }.into())
            }
            _ => Ok(()),
        }
    }

    fn start(&self) -> Result<LoadStart> {
        let content = self.input.digest()?;
        let reading = format!(
            "{}\u{0}{:?}\u{0}{:?}\u{0}{:?}\u{0}{:?}",
            self.mapping.identity(),
            self.options.delimiter,
            self.options.header,
            self.value,
            self.mode,
        );
        Ok(LoadStart {
            tag: self.tag.clone(),
            source: Digest(Sha256::digest(content.0.to_be_bytes()).into()),
            mapping: Digest(Sha256::digest(reading).into()),
        })
    }

    /// The members that rows name, and the rows that name none.
    fn members(
        &self,
        of: SuppliedType,
        rows: &ProfileRows,
    ) -> (Vec<(u64, SuppliedMember)>, Vec<RejectedRow>) {
        let (mut members, mut refused) = (Vec::with_capacity(rows.len()), Vec::new());
        let column = self.value.as_deref().unwrap_or_default();
        let users = rows.users.iter().zip(&rows.positions);
        for (row, (user, position)) in users.enumerate() {
            let written = rows.attributes.get(row, column).map(stored::decode);
            let value = match (of, written) {
                (SuppliedType::Flag, _) => Ok(String::new()),
                (_, Some(Stored::Value(domain::Value::Text(text)))) => of
                    .read(&text)
                    .map(|value| crate::display::value(&value))
                    .map_err(|error| error.to_string()),
                (_, Some(_)) => Err("it holds a list or an object".to_owned()),
                (_, None) => Err("there is no value".to_owned()),
            };
            match value {
                Ok(value) if is_key(user) => {
                    let user = user.to_owned();
                    members.push((*position, SuppliedMember { user, value }));
                }
                Ok(_) => refused.push(RejectedRow {
                    position: *position,
                    reason: format!("the user has more than {LONGEST} letters"),
                }),
                Err(reason) => refused.push(RejectedRow {
                    position: *position,
                    reason: format!("`{column}`: {reason}"),
                }),
            }
        }
        (members, refused)
    }
}

fn is_key(user: &str) -> bool {
    user.chars().count() <= LONGEST && user.parse::<UserKey>().is_ok()
}
