//! A data folder that is open: the warehouse, the catalog, and what both need to work.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use catalog::Catalog;
use domain::{Time, Zone};
use rules::CheckOptions;
use tokio::runtime::Runtime;
use warehouse::{Retention, Store, StoreOptions};

use crate::asked::Noted;
use crate::config::Config;
use crate::rulebook::KnownTags;
use crate::sql_tags::{KnownQueries, StoreQueries};
use crate::supplied::KeptSupply;

/// How long a clean end may take before the process ends without one.
const CLOSING: Duration = Duration::from_secs(20);

/// An open data folder. [`Platform::close`] it: dropping it leaves the engine to the process's end.
pub struct Platform {
    /// The configuration in force.
    pub config: Config,
    /// Histories and results.
    pub store: Store,
    /// Definitions and ledgers.
    pub catalog: Catalog,
    /// The zone of tags that name none.
    pub zone: Zone,
    /// Which tags were asked for today.
    pub noted: Noted,
    queries: KnownQueries,
    known_tags: KnownTags,
    kept_supply: KeptSupply,
    runtime: Runtime,
}

impl Platform {
    /// Opens the data folder of the configuration, which is made where it is not there.
    ///
    /// # Errors
    /// Another process uses the folder; a newer Muster wrote it; the disk or the engine fails.
    pub fn open(config: Config) -> Result<Self> {
        let folder = config.store.data_dir.clone();
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("the data folder `{}` cannot be made", folder.display()))?;
        let zone = config.zone()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(config.threads().max(2))
            .enable_all()
            .build()
            .context("threads cannot be started")?;
        let store = Store::open(&StoreOptions {
            dir: folder.clone(),
            memory_cap_bytes: config.store.memory_cap.0,
            threads: config.threads(),
            now: now(),
            retention: Retention {
                events: config.store.event_retention.0,
                changes: config.store.change_retention.0,
            },
        })?;
        let catalog = match runtime.block_on(Catalog::open(&folder)) {
            Ok(catalog) => catalog,
            Err(error) => {
                let _ = store.close(CLOSING);
                return Err(error.into());
            }
        };
        let platform = Self {
            config,
            store,
            catalog,
            zone,
            noted: Noted::default(),
            queries: KnownQueries::default(),
            known_tags: KnownTags::default(),
            kept_supply: KeptSupply::default(),
            runtime,
        };
        if let Err(error) = platform.settle_runs() {
            platform.close();
            return Err(error);
        }
        Ok(platform)
    }

    /// Ends the computations that a process left behind: as successes where their results are stored.
    fn settle_runs(&self) -> Result<()> {
        let newest = self.store.newest_results()?;
        let left = self.wait(self.catalog.settle_runs(newest, now()))?;
        if left > 0 {
            tracing::warn!(
                runs = left,
                "a computation was cut short by the end of its process"
            );
        }
        Ok(())
    }

    /// Waits for an answer of the catalog.
    ///
    /// # Errors
    /// The catalog's.
    pub fn wait<T>(&self, answer: impl Future<Output = Result<T, catalog::Error>>) -> Result<T> {
        Ok(self.runtime.block_on(answer)?)
    }

    /// The runtime of everything that waits for the network.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// What rules assume where they say nothing.
    pub fn assumed(&self) -> CheckOptions {
        CheckOptions {
            zone: self.zone.clone(),
            retention: self.config.store.event_retention.0,
            ..CheckOptions::default()
        }
    }

    /// The queries of SQL tags, as the store knows them.
    pub fn queries(&self) -> StoreQueries<'_> {
        StoreQueries {
            known: &self.queries,
            platform: self,
        }
    }

    /// What tags were read as.
    pub fn known_tags(&self) -> &KnownTags {
        &self.known_tags
    }

    /// The members of supplied tags and lists that were read before.
    pub fn kept_supply(&self) -> &KeptSupply {
        &self.kept_supply
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.config.store.data_dir
    }

    /// A file of the data folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Ends in order: waits for what runs, writes what is open.
    pub fn close(&self) {
        self.runtime.block_on(self.catalog.clone().close());
        let _ = self.store.close(CLOSING);
    }
}

/// The instant it is: the only clock that the product reads.
pub fn now() -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Time::from_millis(since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }))
}
