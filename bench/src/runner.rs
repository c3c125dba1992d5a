//! Each part in a process of its own, since a process has one ClickHouse and one peak of memory.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::arguments::{Arguments, Part};
use crate::report::{self, Row};
use crate::{algebra, fill, given_features, import, linear, new_tag, refresh, some_users, start};

/// Runs the parts and prints the table; or, as a child, one part and its rows as JSON.
///
/// # Errors
/// A part's.
pub fn run(asked: &Arguments) -> Result<()> {
    if asked.child {
        for part in asked.parts() {
            for row in measure(part, asked)? {
                println!("{}", serde_json::to_string(&row)?);
            }
        }
        return Ok(());
    }
    println!(
        "{} users, {} events, {} tags, seed {}\n",
        asked.users, asked.events, asked.tags, asked.seed
    );
    let mut rows = Vec::new();
    let mut failed = Vec::new();
    for part in asked.parts() {
        let ran = match part {
            Part::Linear => linear::run(asked, &mut rows),
            part => child(part, asked, &mut rows),
        };
        if let Err(error) = ran {
            failed.push(format!("{part:?}: {error:#}"));
        }
    }
    println!("\n{}", report::table(&rows));
    if !asked.keep && asked.data.exists() {
        fs::remove_dir_all(&asked.data)?;
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("{}", failed.join("\n"))
}

fn measure(part: Part, asked: &Arguments) -> Result<Vec<Row>> {
    match part {
        Part::Import => import::measure(asked),
        Part::Features => given_features::measure(asked),
        Part::Fill => fill::measure(asked),
        Part::Events => refresh::measure(asked),
        Part::Mixed => refresh::measure_mixed(asked),
        Part::SomeUsers => some_users::measure(asked),
        Part::NewTag => new_tag::measure(asked),
        Part::Algebra => algebra::measure(asked),
        Part::Start => start::measure(asked),
        Part::OneSize => refresh::measure_size(asked),
        Part::Linear => bail!("this part is made of processes"),
    }
}

/// Runs one part in a child, and takes over its rows as they come.
///
/// # Errors
/// The part's.
pub fn child(part: Part, asked: &Arguments, rows: &mut Vec<Row>) -> Result<()> {
    let name = part.to_possible_value().context("a part has a name")?;
    eprintln!("-- {}", name.get_name());
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--child", "--part", name.get_name()])
        .args(["--users", &asked.users.to_string()])
        .args(["--events", &asked.events.to_string()])
        .args(["--tags", &asked.tags.to_string()])
        .args(["--seed", &asked.seed.to_string()])
        .arg("--data")
        .arg(&asked.data)
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().context("the child has an output")?;
    for line in BufReader::new(output).lines() {
        let row: Row = serde_json::from_str(&line?)?;
        eprintln!(
            "   {}: {:.3} s, {:.2} CPU-seconds {}",
            row.work, row.ours.wall, row.ours.cpu, row.note
        );
        rows.push(row);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("ended with {status}");
    }
    Ok(())
}
