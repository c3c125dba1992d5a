//! Bringing in a file: three threads, one reading rows, one numbering users and dropping repeats,
//! one writing batches to the warehouse.
//!
//! The ledger knows what was imported; each batch says in the warehouse how far its import is, so
//! that an interrupted one goes on exactly behind what is there.

mod numbering;
pub mod options;
mod rejects;

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, Result, anyhow};
use catalog::{Digest, ImportId, ImportProgress, ImportStart, Opened};
use domain::Time;
use sha2::{Digest as _, Sha256};
use sources::files::{
    FileSource, InputFile, Mapping, Progress, ReadOptions, RowBatch, SourceError,
};
use warehouse::{BatchOrigin, Store, WriteBatch};

use self::numbering::Numbering;
pub use self::rejects::Rejects;
use crate::platform::{Platform, now};

/// What is brought in.
#[derive(Debug)]
pub struct Import {
    /// The file.
    pub input: InputFile,
    /// What its rows mean.
    pub mapping: Mapping,
    /// How it is read.
    pub options: ReadOptions,
    /// The name under which its rows are kept; message ids are unique within it.
    pub source: String,
    /// The instant of all rows, where one was given.
    pub at: Option<Time>,
    /// Where refused rows go.
    pub rejects: Rejects,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows of this run that were read.
    pub read: u64,
    /// Rows that added something.
    pub added: u64,
    /// Rows whose message id was known.
    pub duplicates: u64,
    /// Rows that were refused.
    pub rejected: u64,
    /// Users that were new.
    pub new_users: u64,
    /// Rows that an earlier run had brought in.
    pub resumed_after: u64,
    /// When the whole file had been imported before, if it had.
    pub imported_before: Option<Time>,
}

/// Rows of one batch on their way to the warehouse.
struct Numbered {
    batch: WriteBatch,
    outcome: Outcome,
    position: u64,
}

/// How many batches may wait between two threads.
const WAITING: usize = 2;

impl Import {
    /// Brings the file in. `watch` is told the progress of reading and the rows done, batch by
    /// batch.
    ///
    /// # Errors
    /// The file's or the store's; what was brought in before it stays, and the same import goes
    /// on there.
    pub fn run(
        mut self,
        platform: &Platform,
        watch: &mut dyn FnMut(&Progress, &Outcome),
    ) -> Result<Outcome> {
        let start = self.start()?;
        let opened = platform.wait(platform.catalog.open_import(&start, now()))?;
        let (id, mut done) = match opened {
            Opened::Done(record) => {
                let imported_before = Some(record.updated_at);
                return Ok(Outcome {
                    imported_before,
                    ..Outcome::default()
                });
            }
            Opened::New(id) => (id, ImportProgress::default()),
            Opened::Resumed(record) => (record.id, record.progress),
        };
        let position = platform.store.imported(id.0)?;
        self.options.start_at_row = position;
        done.position = position;
        let outcome = self.pass(platform, id, &mut done, watch)?;
        platform.store.move_home()?;
        platform.wait(platform.catalog.finish_import(id, &done, now()))?;
        Ok(Outcome {
            resumed_after: position,
            ..outcome
        })
    }

    /// The ledger's line of this import.
    fn start(&self) -> Result<ImportStart> {
        let content = self.input.digest()?;
        let reading = format!(
            "{}\u{0}{}\u{0}{:?}\u{0}{:?}\u{0}{:?}",
            self.mapping.identity(),
            self.source,
            self.options.delimiter,
            self.options.header,
            self.at
        );
        Ok(ImportStart {
            source: Digest(Sha256::digest(content.0.to_be_bytes()).into()),
            mapping: Digest(Sha256::digest(reading).into()),
            source_name: self.input.name().to_owned(),
        })
    }

    fn pass(
        &mut self,
        platform: &Platform,
        id: ImportId,
        done: &mut ImportProgress,
        watch: &mut dyn FnMut(&Progress, &Outcome),
    ) -> Result<Outcome> {
        let source = FileSource::open(&self.input, &self.mapping, &self.options)?;
        let progress = source.progress();
        let mut numbering = Numbering::new(platform, &self.source);
        let rejects = &mut self.rejects;
        let mut total = Outcome::default();
        thread::scope(|scope| {
            let (rows_out, rows_in) = sync_channel(WAITING);
            let (batches_out, batches_in) = sync_channel(WAITING);
            let (written_out, written_in) = sync_channel(WAITING);
            scope.spawn(move || read(source, &rows_out));
            let numbered =
                scope.spawn(move || number(rows_in, &mut numbering, rejects, id, &batches_out));
            let store = &platform.store;
            let writer = scope.spawn(move || write(store, batches_in, &written_out));
            for written in written_in {
                let written: Numbered = written;
                add(&mut total, &written.outcome);
                advance(done, &written);
                platform.wait(platform.catalog.advance_import(id, done, now()))?;
                watch(&progress, &total);
            }
            joined(writer)?;
            joined(numbered)
        })?;
        Ok(total)
    }
}

fn read(source: FileSource, rows: &SyncSender<Result<RowBatch, SourceError>>) {
    for batch in source {
        if rows.send(batch).is_err() {
            return;
        }
    }
}

fn number(
    rows: Receiver<Result<RowBatch, SourceError>>,
    numbering: &mut Numbering<'_>,
    rejects: &mut Rejects,
    id: ImportId,
    batches: &SyncSender<Numbered>,
) -> Result<()> {
    for batch in rows {
        let batch = batch?;
        rejects.keep(&batch.rejected)?;
        let position = batch.rows.end;
        let (mut numbered, outcome) = numbering.batch(&batch)?;
        numbered.comes_from(BatchOrigin {
            import: id.0,
            position,
        });
        if batches
            .send(Numbered {
                batch: numbered,
                outcome,
                position,
            })
            .is_err()
        {
            return Ok(());
        }
    }
    rejects.flush()
}

fn write(store: &Store, batches: Receiver<Numbered>, written: &SyncSender<Numbered>) -> Result<()> {
    for numbered in batches {
        store.write(&numbered.batch)?;
        let told = Numbered {
            batch: WriteBatch::new(),
            ..numbered
        };
        if written.send(told).is_err() {
            break;
        }
    }
    Ok(())
}

fn joined(thread: thread::ScopedJoinHandle<'_, Result<()>>) -> Result<()> {
    thread
        .join()
        .map_err(|_| anyhow!("a thread of the import ended by a panic; please report this"))?
        .context("the import stopped; start it again to go on where it stopped")
}

fn add(total: &mut Outcome, more: &Outcome) {
    total.read += more.read;
    total.added += more.added;
    total.duplicates += more.duplicates;
    total.rejected += more.rejected;
    total.new_users += more.new_users;
}

fn advance(done: &mut ImportProgress, written: &Numbered) {
    done.position = written.position;
    done.batches += 1;
    done.rows_read += written.outcome.read;
    done.rows_added += written.outcome.added;
    done.rows_rejected += written.outcome.rejected;
}
