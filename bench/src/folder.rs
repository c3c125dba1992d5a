//! The data folders of a benchmark, opened as the product opens them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use catalog::{Definitions, Versioned};
use domain::{Language, TagDefinition};
use quest_platform::{Platform as QuestPlatform, random_tags};
use server::config::Config;
use server::engine::Engine;
use server::platform::Platform;

use crate::arguments::{Arguments, NOW};

/// The folder that fill, events, new-tag, algebra and start share.
pub fn shared(asked: &Arguments) -> PathBuf {
    asked.data.join("store")
}

/// Opens a data folder with the default configuration.
///
/// # Errors
/// The store's.
pub fn open(folder: &Path) -> Result<Arc<Platform>> {
    let mut config = Config::load(None, std::env::vars())?;
    folder.clone_into(&mut config.store.data_dir);
    Ok(Arc::new(Platform::open(config)?))
}

/// Opens a data folder with nothing in it.
///
/// # Errors
/// The folder cannot be emptied; the store's.
pub fn open_empty(folder: &Path) -> Result<Arc<Platform>> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("`{}` cannot be emptied", folder.display()))?;
    }
    open(folder)
}

/// Random tags over the platform of a benchmark.
pub fn tags(asked: &Arguments, count: usize, seed: u64) -> Vec<TagDefinition> {
    let drawn = random_tags(&QuestPlatform::new(asked.settings()), count, seed);
    drawn.into_iter().map(|tag| tag.definition).collect()
}

/// The engine over a store with some tags.
///
/// # Errors
/// The store's; a tag has mistakes.
pub fn engine(platform: &Arc<Platform>, tags: Vec<TagDefinition>) -> Result<Engine> {
    let versioned = |definition: TagDefinition| Versioned {
        definition,
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    };
    let definitions = Definitions {
        tags: tags.into_iter().map(versioned).collect(),
        ..Definitions::default()
    };
    let engine = Engine::with(platform, Arc::new(definitions), &Default::default())?;
    let mistakes = engine.book.problems.iter().find(|found| found.is_fatal());
    if let Some(mistake) = mistakes {
        anyhow::bail!(
            "a random rule has mistakes:\n{}",
            mistake.rendered(Language::English)
        );
    }
    Ok(engine)
}
