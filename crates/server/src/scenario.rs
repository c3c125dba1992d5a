//! Scenario files: tests of tags that anyone can read.
//!
//! Each scenario has a store of its own, in memory, and is computed by the same code as a platform:
//! events come in through the collector's decoder, definitions through the rulebook, tags through
//! the refresh.

mod definition_files;
mod definitions;
pub(crate) mod exact;
mod expectations;
mod explanation;
mod file;
mod life;
mod list_names;
mod play;
mod report;
mod store;
mod supply;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use domain::Language;

use self::definition_files::DefinitionFiles;
use self::exact::Lines;
use self::play::Failure;

/// How a run is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A line per scenario, more where it fails, and the numbers at the end.
    Text,
    /// One JSON object a line for each scenario.
    Json,
}

/// How many scenarios there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Those in which everything was as expected.
    pub passed: u64,
    /// All others, those that cannot be read included.
    pub failed: u64,
}

/// What became of one scenario.
struct Outcome {
    name: String,
    /// File and line.
    place: String,
    failures: Vec<Failure>,
}

/// Runs the scenarios of files, and of all YAML and JSON files of folders, in the order of their
/// names; explains in that language what is not as expected.
///
/// # Errors
/// A file or folder cannot be read, none has a scenario, or `out` cannot be written. A scenario
/// that fails is no error.
pub fn run(
    paths: &[PathBuf],
    format: Format,
    language: Language,
    out: &mut dyn Write,
) -> Result<Summary> {
    let mut files = Vec::new();
    for path in paths {
        find(path, &mut files)?;
    }
    let mut summary = Summary::default();
    let mut definition_files = DefinitionFiles::default();
    for file in &files {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("`{}` cannot be read", file.display()))?;
        definition_files.look_beside(file);
        run_file(
            file,
            &text,
            &mut definition_files,
            language,
            &mut |outcome: &Outcome| {
                let count = match outcome.failures.is_empty() {
                    true => &mut summary.passed,
                    false => &mut summary.failed,
                };
                *count += 1;
                report::outcome(out, (format, language), outcome)
            },
        )?;
    }
    if summary == Summary::default() {
        bail!("there is no scenario in what was named: a file begins with `scenario: …`");
    }
    report::summary(out, format, summary)?;
    Ok(summary)
}

fn run_file(
    file: &Path,
    text: &str,
    definition_files: &mut DefinitionFiles,
    language: Language,
    each: &mut dyn FnMut(&Outcome) -> std::io::Result<()>,
) -> Result<()> {
    let lines = Lines::of(text);
    for read in file::read(text) {
        let outcome = match read {
            Ok(scenario) => Outcome {
                name: scenario.scenario.value.clone(),
                place: format!("{}:{}", file.display(), scenario.scenario.referenced.line()),
                failures: play::play(&scenario, &lines, definition_files, language),
            },
            Err(error) => unreadable(file, &error),
        };
        each(&outcome)?;
    }
    Ok(())
}

/// The outcome of what is no scenario.
fn unreadable(file: &Path, error: &serde_saphyr::Error) -> Outcome {
    let line = error.location().map(|location| location.line());
    let place = match line {
        Some(line) => format!("{}:{line}", file.display()),
        None => file.display().to_string(),
    };
    let failure = Failure::sentence(error.without_snippet().to_string());
    Outcome {
        name: "a scenario that cannot be read".to_owned(),
        place,
        failures: vec![failure],
    }
}

/// Adds a file, or the scenario files of a folder and the folders in it.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = || format!("`{}` cannot be read", path.display());
    if !path.is_dir() {
        std::fs::metadata(path).with_context(unreadable)?;
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).with_context(unreadable)? {
        entries.push(entry.with_context(unreadable)?.path());
    }
    entries.sort();
    for entry in entries {
        let extension = entry.extension().and_then(|extension| extension.to_str());
        if entry.is_dir() || matches!(extension, Some("yaml" | "yml" | "json")) {
            find(&entry, files)?;
        }
    }
    Ok(())
}
