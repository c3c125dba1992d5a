//! From the command line to an import.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use catalog::LoadMode;
use domain::{ListKey, TagKey, Time, Zone};
use sources::files::{
    ColumnType, Delimiter, EventMapping, Format, InputFile, ListMapping, Mapping, NameFrom,
    ProfileMapping, ReadOptions, TimeColumn, TimeFormat,
};

use super::{Import, Rejects};
use crate::command_line::{
    FileFormat, ImportEvents, ImportFile, ImportList, ImportProfiles, ImportTag,
};
use crate::platform::{Platform, now};
use crate::supply::TagImport;

/// The source of what no option names one for.
const DEFAULT_SOURCE: &str = "file";

/// `muster import events`.
///
/// # Errors
/// Options that do not fit together, or a file that cannot be read.
pub fn events(asked: &ImportEvents, platform: &Platform) -> Result<Import> {
    let mapping = match (&asked.user, &asked.time, &asked.name, &asked.name_column) {
        (None, None, None, None) => Mapping::TrackingEvents,
        (Some(user), time, name, column) if time.is_some() || asked.at.is_some() => {
            let name = match (name, column) {
                (Some(name), _) => NameFrom::Constant(name.clone()),
                (None, Some(column)) => NameFrom::Column(column.clone()),
                (None, None) => {
                    bail!("say what the events are called: `--name NAME` or `--name-column COLUMN`")
                }
            };
            Mapping::Events(EventMapping {
                user: user.clone(),
                time: match time {
                    Some(column) => Some(time_column(column, &asked.file, platform)?),
                    None => None,
                },
                name,
                message_id: None,
                position: asked.position.clone(),
                types: types(&asked.file)?,
            })
        }
        _ => bail!(
            "rows become events by `--user COLUMN`, `--time COLUMN` (or `--at TIME` for all) and `--name NAME` or `--name-column COLUMN`; \
             leave all of them out for NDJSON of track, identify and page calls"
        ),
    };
    let mut import = import(&asked.file, mapping, platform)?;
    set_instant(&mut import, asked.at.as_deref())?;
    Ok(import)
}

/// `muster import profiles`.
///
/// # Errors
/// As [`events`].
pub fn profiles(asked: &ImportProfiles, platform: &Platform) -> Result<Import> {
    of_users(asked, Mapping::Profiles, platform)
}

/// `muster import holdings`.
///
/// # Errors
/// As [`events`].
pub fn holdings(asked: &ImportProfiles, platform: &Platform) -> Result<Import> {
    of_users(asked, Mapping::Holdings, platform)
}

fn of_users(
    asked: &ImportProfiles,
    mapping: fn(ProfileMapping) -> Mapping,
    platform: &Platform,
) -> Result<Import> {
    let time = match &asked.time {
        Some(column) => Some(time_column(column, &asked.file, platform)?),
        None => None,
    };
    let mapping = mapping(ProfileMapping {
        user: asked.user.clone(),
        time,
        types: types(&asked.file)?,
        zone: zone(&asked.file, platform)?,
    });
    let mut import = import(&asked.file, mapping, platform)?;
    set_instant(&mut import, asked.at.as_deref())?;
    Ok(import)
}

/// The instant of all rows, where one is given.
fn set_instant(import: &mut Import, at: Option<&str>) -> Result<()> {
    if let Some(at) = at {
        import.at = Some(instant(at, "--at")?);
        import.options.received_at = import.at.unwrap_or(import.options.received_at);
    }
    Ok(())
}

/// `muster import list`: the file, its mapping, and the key.
///
/// # Errors
/// As [`events`].
pub fn list(asked: &ImportList, platform: &Platform) -> Result<(Import, ListKey)> {
    let key = ListKey::new(&asked.list)?;
    let mapping = match (&asked.user, &asked.value) {
        (Some(column), _) => ListMapping::Users {
            column: column.clone(),
        },
        (None, Some(column)) => {
            let declared = types(&asked.file)?;
            let value_type = declared
                .into_iter()
                .find(|(name, _)| name == column)
                .map(|(_, t)| t);
            ListMapping::Values {
                column: column.clone(),
                value_type,
            }
        }
        (None, None) => {
            bail!("say which column: `--user COLUMN` for users, `--value COLUMN` for values")
        }
    };
    Ok((import(&asked.file, Mapping::List(mapping), platform)?, key))
}

/// `muster import tag`.
///
/// # Errors
/// As [`events`].
pub fn tag(asked: &ImportTag, platform: &Platform) -> Result<TagImport> {
    let mut types = types(&asked.file)?;
    if let Some(value) = &asked.value
        && types.iter().all(|(column, _)| column != value)
    {
        types.push((value.clone(), ColumnType::Text));
    }
    let mapping = Mapping::Profiles(ProfileMapping {
        user: asked.user.clone(),
        time: None,
        types,
        zone: zone(&asked.file, platform)?,
    });
    let Import {
        input,
        mapping,
        options,
        rejects,
        ..
    } = import(&asked.file, mapping, platform)?;
    Ok(TagImport {
        tag: TagKey::new(&asked.tag)?,
        input,
        mapping,
        options,
        value: asked.value.clone(),
        mode: match asked.add {
            true => LoadMode::Add,
            false => LoadMode::Replace,
        },
        rejects,
    })
}

/// An instant of the command line: RFC 3339, or a date, which is its first instant in UTC.
///
/// # Errors
/// It is neither.
pub fn instant(written: &str, option: &str) -> Result<Time> {
    Time::parse(written)
        .or_else(|| domain::Date::parse(written).map(domain::Date::midnight_utc))
        .ok_or_else(|| {
            anyhow!("`{option} {written}` is no time: write it like `2026-11-01T10:00:00Z`")
        })
}

fn import(asked: &ImportFile, mapping: Mapping, platform: &Platform) -> Result<Import> {
    let mut options = ReadOptions::new(now());
    options.format = asked.format.map(|format| match format {
        FileFormat::Csv => Format::Csv,
        FileFormat::Ndjson => Format::Ndjson,
        FileFormat::Parquet => Format::Parquet,
    });
    options.delimiter = asked
        .delimiter
        .as_deref()
        .map(str::parse::<Delimiter>)
        .transpose()?;
    options.header.clone_from(&asked.header);
    options.rows_per_batch = 250_000;
    options.bytes_per_batch = 64 << 20;
    Ok(Import {
        input: input(&asked.file, platform.folder())?,
        mapping,
        options,
        source: asked
            .source
            .clone()
            .unwrap_or_else(|| DEFAULT_SOURCE.to_owned()),
        at: None,
        rejects: Rejects::to(rejects_path(asked)),
    })
}

fn input(path: &Path, spool_folder: &Path) -> Result<InputFile> {
    if path.as_os_str() == "-" {
        return Ok(InputFile::spool(
            io::stdin().lock(),
            "standard input",
            spool_folder,
        )?);
    }
    Ok(InputFile::open(path, spool_folder)?)
}

fn rejects_path(asked: &ImportFile) -> PathBuf {
    if let Some(path) = &asked.rejects {
        return path.clone();
    }
    if asked.file.as_os_str() == "-" {
        return PathBuf::from("stdin.rejects.ndjson");
    }
    let mut name = asked.file.file_name().unwrap_or_default().to_owned();
    name.push(".rejects.ndjson");
    PathBuf::from(name)
}

fn types(asked: &ImportFile) -> Result<Vec<(String, ColumnType)>> {
    let pair = |written: &String| {
        let (column, column_type) = written
            .rsplit_once('=')
            .with_context(|| format!("`--type {written}`: write it like `--type amount=number`"))?;
        Ok((column.to_owned(), column_type.parse()?))
    };
    asked.types.iter().map(pair).collect()
}

fn time_column(column: &str, asked: &ImportFile, platform: &Platform) -> Result<TimeColumn> {
    let format = match &asked.time_format {
        Some(written) => written.parse()?,
        None => TimeFormat::Detected,
    };
    Ok(TimeColumn {
        column: column.to_owned(),
        format,
        zone: zone(asked, platform)?,
    })
}

fn zone(asked: &ImportFile, platform: &Platform) -> Result<Zone> {
    match &asked.timezone {
        Some(name) => Ok(Zone::named(name)?),
        None => Ok(platform.zone.clone()),
    }
}
