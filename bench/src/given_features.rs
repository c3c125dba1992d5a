//! All tags from feature values that are there: conditions, bitmaps and user rows, without
//! histories.

use std::fs;

use anyhow::{Context, Result, ensure};
use domain::{Language, TagKey, UserSet};
use features::{BLOCK_USERS, Feature, FeatureBlock, FeatureColumn, NumberMeaning};
use quest_platform::{FeatureTable, feature_tags};
use rules::{CheckOptions, Vocabulary};
use tags::{Config, GivenFeatures, Inputs, TagProgram, TagResults, TagSource, Users, compute};
use warehouse::chdb::{Format, InsertFormat, Params};
use warehouse::{PooledConnection, RowReader, RowWriter};

use crate::arguments::{Arguments, NOW};
use crate::measure::{Cost, forget_peak, measured, peak_mib};
use crate::report::Row;
use crate::{clickhouse, folder, state};

/// How often ours is measured; the fastest counts.
const ROUNDS: usize = 3;

/// Rules of one query of the baseline.
const BATCH: usize = 1_000;

/// No further batch is begun after so many seconds; the rest is scaled.
const BATCHES_SECONDS: f64 = 240.0;

/// Rules that are queried one by one.
const SINGLE: usize = 50;

/// A tag, and its rule's text, which is SQL as well.
struct Tag {
    source: TagSource,
    text: String,
}

/// Computes all tags from feature values, by us and by ClickHouse, and compares the bitmaps.
///
/// # Errors
/// The store's; the two disagree.
pub fn measure(asked: &Arguments) -> Result<Vec<Row>> {
    let tags = read(asked)?;
    let sources: Vec<TagSource> = tags.iter().map(|tag| tag.source.clone()).collect();
    let table = FeatureTable { seed: asked.seed };
    let (program, compiled) =
        measured(|| Ok(TagProgram::compile(&sources, NOW, &Inputs::default())?))?;
    let given = given(&program, table, asked.users)?;
    forget_peak();
    let mut rounds = Vec::with_capacity(ROUNDS);
    let mut last = None;
    for _ in 0..ROUNDS {
        // Two results at once would be memory that a first computation does not take.
        drop(last.take());
        let (refreshed, cost) = measured(|| {
            Ok(compute(
                &given,
                &program,
                &Users::All,
                None,
                &Config::default(),
            )?)
        })?;
        rounds.push(cost);
        last = Some(refreshed.results);
    }
    let peak = peak_mib();
    let results = last.context("a round")?;
    rounds.sort_by(|one, other| one.wall.total_cmp(&other.wall));
    let ours = *rounds.first().context("a round")?;
    drop(given);
    let memberships: u64 = results.iter().map(|(_, members)| members.len()).sum();
    let each = memberships as f64 / f64::from(asked.users.max(1));
    let theirs = by_clickhouse(asked, &tags, &results)?;
    let row = |work: &str| Row::new(work, ours).peak(peak);
    Ok(vec![
        row("tags from feature values")
            .against(
                format!("{BATCH} groupBitmapStateIf a query"),
                theirs.batches,
            )
            .note(format!(
                "{each:.0} tags a user; compiled in {:.1} s; {} bitmaps compared, equal{}",
                compiled.wall,
                theirs.compared,
                if theirs.compared < tags.len() {
                    "; baseline scaled"
                } else {
                    ""
                }
            )),
        row("tags from feature values")
            .against("one query a tag", theirs.single)
            .note(format!("baseline scaled from {SINGLE} tags")),
    ])
}

fn read(asked: &Arguments) -> Result<Vec<Tag>> {
    let (vocabulary, options) = (Vocabulary::default(), CheckOptions::default());
    feature_tags(asked.tags, asked.seed)
        .into_iter()
        .map(|definition| {
            let text = rules::text_of(&definition.body);
            let checked = rules::read(&text, &vocabulary, &options).map_err(|problems| {
                anyhow::anyhow!(
                    "{}",
                    rules::render("rule", &text, &problems, Language::English)
                )
            })?;
            let source = TagSource::of_rule(definition.key, checked.rule);
            Ok(Tag { source, text })
        })
        .collect()
}

/// The values of all users, in blocks as the fold gives them.
fn given(program: &TagProgram, table: FeatureTable, users: u32) -> Result<GivenFeatures> {
    let columns: Vec<usize> = program.features().map(column).collect::<Result<_>>()?;
    let block = |first: u32| {
        let range = first..(first + BLOCK_USERS as u32).min(users);
        let values = |column: &usize| FeatureColumn::Number {
            scale: 0,
            meaning: NumberMeaning::Number,
            mantissas: table.column(*column, range.clone()).collect(),
            wide: Default::default(),
        };
        FeatureBlock {
            users: range.clone().collect(),
            columns: columns.iter().map(values).collect(),
        }
    };
    let blocks = (0..users).step_by(BLOCK_USERS).map(block).collect();
    Ok(GivenFeatures { now: NOW, blocks })
}

/// The number of the column that a feature reads.
fn column(feature: &Feature) -> Result<usize> {
    let Feature::Attribute { path, .. } = feature else {
        anyhow::bail!("a tag over the table reads columns alone")
    };
    (0..FeatureTable::COLUMNS)
        .find(|column| FeatureTable::name(*column) == **path)
        .with_context(|| format!("there is no column `{path}`"))
}

/// What ClickHouse takes.
struct Theirs {
    batches: Cost,
    single: Cost,
    compared: usize,
}

fn by_clickhouse(asked: &Arguments, tags: &[Tag], results: &TagResults) -> Result<Theirs> {
    let folder = asked.data.join("features");
    let platform = folder::open_empty(&folder)?;
    let mut connection = platform.store.connection()?;
    clickhouse::allow_long_queries(&mut connection)?;
    fill(&mut connection, asked)?;
    let (mut batches, mut compared) = (Cost::default(), 0);
    for batch in tags.chunks(BATCH) {
        if batches.wall > BATCHES_SECONDS {
            break;
        }
        let aggregates: Vec<String> = batch
            .iter()
            .map(|tag| format!("CAST(groupBitmapStateIf(user, {}) AS String)", tag.text))
            .collect();
        let query = format!("SELECT {} FROM bench_features", aggregates.join(", "));
        let (bytes, cost) =
            measured(|| Ok(connection.query(&query, &Params::new(), Format::RowBinary)?))?;
        batches = batches.plus(cost);
        let mut row = RowReader::new(&bytes);
        for tag in batch {
            compare(&tag.source.key, &state::users(row.text()?)?, results)?;
        }
        compared += batch.len();
    }
    let step = (tags.len() / SINGLE).max(1);
    let sample: Vec<&Tag> = tags.iter().step_by(step).take(SINGLE).collect();
    let (_, single) = measured(|| {
        for tag in &sample {
            let query = format!(
                "SELECT groupBitmapState(user) FROM bench_features WHERE {}",
                tag.text
            );
            clickhouse::run_for_nobody(&mut connection, &query)?;
        }
        Ok(())
    })?;
    drop(connection);
    platform.close();
    fs::remove_dir_all(&folder)?;
    let scale = |part: usize| tags.len() as f64 / part.max(1) as f64;
    Ok(Theirs {
        batches: batches.times(scale(compared)),
        single: single.times(scale(sample.len())),
        compared,
    })
}

fn compare(key: &TagKey, theirs: &UserSet, results: &TagResults) -> Result<()> {
    let ours = results.members(key).context("a tag without results")?;
    ensure!(
        *ours == *theirs,
        "tag `{key}`: {} users by us, {} by ClickHouse",
        ours.len(),
        theirs.len()
    );
    Ok(())
}

/// The same values as a table.
fn fill(connection: &mut PooledConnection<'_>, asked: &Arguments) -> Result<()> {
    let table = FeatureTable { seed: asked.seed };
    let columns = 0..FeatureTable::COLUMNS;
    let declared: Vec<String> = columns
        .clone()
        .map(|column| format!("{} Int64", FeatureTable::name(column)))
        .collect();
    clickhouse::execute(
        connection,
        &format!(
            "CREATE TABLE bench_features (user UInt32, {}) ENGINE = MergeTree ORDER BY user",
            declared.join(", ")
        ),
    )?;
    let names: Vec<String> = columns.clone().map(FeatureTable::name).collect();
    let insert = format!("INSERT INTO bench_features (user, {})", names.join(", "));
    let block = 8 * BLOCK_USERS as u32;
    for first in (0..asked.users).step_by(block as usize) {
        let users = first..(first + block).min(asked.users);
        let mut values: Vec<_> = columns
            .clone()
            .map(|column| table.column(column, users.clone()))
            .collect();
        let mut rows = RowWriter::with_capacity(users.len() * (4 + 8 * values.len()));
        for user in users {
            rows.u32(user);
            for column in &mut values {
                rows.i64(column.next().unwrap_or_default());
            }
        }
        let mut insert = connection.insert(&insert, InsertFormat::RowBinary)?;
        insert.append(rows.bytes())?;
        insert.finish()?;
    }
    clickhouse::execute(connection, "OPTIMIZE TABLE bench_features FINAL")
}
