//! The configuration: documented defaults, a file, the environment, the command line.

mod refresh;
mod sql_tags;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use domain::{Span, Zone};
use serde::{Deserialize, Serialize};

pub use self::refresh::{Length, RefreshConfig};
pub use self::sql_tags::SqlTagsConfig;

/// The documented defaults, part of the binary.
pub const DEFAULTS: &str = include_str!("../../../config/default.toml");

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The HTTP interface.
    pub server: ServerConfig,
    /// Where and how data are kept.
    pub store: StoreConfig,
    /// What tags assume.
    pub workspace: WorkspaceConfig,
    /// How tags are kept fresh.
    pub refresh: RefreshConfig,
    /// How much the query of a SQL tag may take.
    pub sql_tags: SqlTagsConfig,
    /// What is logged.
    pub log: LogConfig,
}

/// The HTTP interface.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port to listen at.
    pub listen: SocketAddr,
}

/// Where and how data are kept.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// The data folder.
    pub data_dir: PathBuf,
    /// The most memory of the embedded ClickHouse, with its unit.
    pub memory_cap: ByteSize,
    /// Threads that compute; 0 is one for each core.
    pub threads: usize,
    /// How long events are kept.
    pub event_retention: Retention,
    /// How long the record of who entered and left tags is kept.
    pub change_retention: Retention,
}

/// What tags assume.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceConfig {
    /// The IANA name of the time zone of tags that name none.
    pub timezone: String,
}

/// What is logged.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// A level, or a filter by module.
    pub level: String,
    /// For people or for machines.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// A number of bytes, written `4GiB`.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(try_from = "String", into = "String")]
pub struct ByteSize(pub u64);

/// The units of [`ByteSize`], greatest first.
const BYTE_UNITS: [(&str, u64); 4] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
];

impl TryFrom<String> for ByteSize {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no size: write a number with B, KiB, MiB or GiB, like `4GiB`");
        let (number, unit) = BYTE_UNITS
            .iter()
            .find_map(|(name, bytes)| text.strip_suffix(name).map(|number| (number.trim(), bytes)))
            .ok_or_else(wrong)?;
        let number: u64 = number.parse().map_err(|_| wrong())?;
        number.checked_mul(*unit).map(Self).ok_or_else(wrong)
    }
}

impl From<ByteSize> for String {
    fn from(size: ByteSize) -> Self {
        let (name, bytes) = BYTE_UNITS
            .into_iter()
            .find(|(_, bytes)| size.0 >= *bytes && size.0.is_multiple_of(*bytes))
            .unwrap_or(("B", 1));
        format!("{}{name}", size.0 / bytes)
    }
}

/// How long something is kept, written `400d`; `ever` is for ever.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(try_from = "String", into = "String")]
pub struct Retention(pub Option<Span>);

/// The word of what is kept for ever.
const EVER: &str = "ever";

impl TryFrom<String> for Retention {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == EVER {
            return Ok(Self(None));
        }
        let span = Span::parse(&text).filter(|span| *span >= Span::DAY);
        span.map(|span| Self(Some(span))).ok_or_else(|| {
            format!(
                "`{text}` is no time to keep anything: write `ever`, or a day or more, like `400d`"
            )
        })
    }
}

impl From<Retention> for String {
    fn from(Retention(kept): Retention) -> Self {
        kept.map_or_else(|| EVER.to_owned(), |span| span.to_string())
    }
}

impl Config {
    /// Reads the defaults, then the file, then `MUSTER_SECTION_OPTION` of the environment.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown option, a value of the wrong kind.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self> {
        let mut table: toml::Table = DEFAULTS.parse().context("the built-in defaults")?;
        if let Some(path) = file {
            let text = std::fs::read_to_string(path).with_context(|| {
                format!("the configuration `{}` cannot be read", path.display())
            })?;
            let own: toml::Table = text
                .parse()
                .with_context(|| format!("the configuration `{}` is not TOML", path.display()))?;
            merge(&mut table, own).with_context(|| format!("in `{}`", path.display()))?;
        }
        for (name, value) in environment {
            override_option(&mut table, &name, &value)?;
        }
        let config: Self = table.try_into().context("the configuration")?;
        config.check()?;
        Ok(config)
    }

    /// The zone of tags that name none.
    ///
    /// # Errors
    /// There is no such zone.
    pub fn zone(&self) -> Result<Zone> {
        Zone::named(&self.workspace.timezone).context("`[workspace] timezone`")
    }

    /// Threads that compute.
    pub fn threads(&self) -> usize {
        match self.store.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        }
    }

    fn check(&self) -> Result<()> {
        self.zone()?;
        if self.store.memory_cap.0 < 256 << 20 {
            bail!("`[store] memory_cap` is too small: ClickHouse needs at least `256MiB`");
        }
        Ok(())
    }
}

/// Puts the options of one table over those of another; unknown ones are errors.
fn merge(base: &mut toml::Table, own: toml::Table) -> Result<()> {
    for (section, options) in own {
        let known = section_of(base, &section)?;
        let toml::Value::Table(options) = options else {
            bail!("`{section}` is a section: write `[{section}]` and its options below");
        };
        for (option, value) in options {
            let Some(slot) = known.get_mut(&option) else {
                let names: Vec<&str> = known.keys().map(String::as_str).collect();
                bail!(
                    "`[{section}] {option}` is no option: there are {}",
                    names.join(", ")
                );
            };
            *slot = value;
        }
    }
    Ok(())
}

fn section_of<'t>(base: &'t mut toml::Table, section: &str) -> Result<&'t mut toml::Table> {
    let names: Vec<String> = base.keys().map(|name| format!("[{name}]")).collect();
    match base.get_mut(section) {
        Some(toml::Value::Table(table)) => Ok(table),
        _ => Err(anyhow!(
            "`[{section}]` is no section: there are {}",
            names.join(", ")
        )),
    }
}

/// `MUSTER_STORE_MEMORY_CAP=8GiB` is `[store] memory_cap`. Names that fit no option are left
/// alone: other programs may use the prefix.
fn override_option(table: &mut toml::Table, name: &str, text: &str) -> Result<()> {
    let Some(rest) = name.strip_prefix("MUSTER_") else {
        return Ok(());
    };
    let rest = rest.to_lowercase();
    for (section, options) in table.iter_mut() {
        let Some(option) = rest
            .strip_prefix(section.as_str())
            .and_then(|rest| rest.strip_prefix('_'))
        else {
            continue;
        };
        let Some(slot) = options.get_mut(option) else {
            continue;
        };
        *slot = match slot {
            toml::Value::Integer(_) => toml::Value::Integer(
                text.parse()
                    .with_context(|| format!("`{name}` must be a whole number"))?,
            ),
            _ => toml::Value::String(text.to_owned()),
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(own: &str, environment: &[(&str, &str)]) -> Result<Config> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("muster.toml");
        std::fs::write(&path, own)?;
        let environment = environment
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        Config::load(Some(&path), environment)
    }

    #[test]
    fn the_environment_is_stronger_than_the_file_and_the_file_than_the_defaults() {
        let own = "[store]\nmemory_cap = \"1GiB\"\nthreads = 3\n";
        let config = load(own, &[("MUSTER_STORE_MEMORY_CAP", "2GiB")]).expect("a configuration");
        assert_eq!(config.store.memory_cap, ByteSize(2 << 30));
        assert_eq!(config.store.threads, 3);
        assert_eq!(config.workspace.timezone, "UTC");
    }

    #[test]
    fn an_unknown_option_is_refused_with_those_that_exist() {
        let error = load("[store]\nmemory = \"1GiB\"\n", &[]).expect_err("unknown");
        assert!(
            format!("{error:#}").contains(
                "there are change_retention, data_dir, event_retention, memory_cap, threads"
            ),
            "{error:#}"
        );
    }

    #[test]
    fn a_zone_that_does_not_exist_is_refused() {
        assert!(load("[workspace]\ntimezone = \"Mars/Olympus\"\n", &[]).is_err());
    }
}
