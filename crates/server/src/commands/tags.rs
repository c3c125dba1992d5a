//! `muster tags`: how many users have each tag, how fresh it is, and why it is not.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use domain::{Language, Said, TagKey, Time};

use super::output::{Output, grouped, table};
use crate::command_line::Tags;
use crate::import::options::instant;
use crate::platform::{Platform, now};
use crate::refresh::{self, Standing, TagState};

/// `muster tags`
pub(super) fn tags(
    asked: &Tags,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let at = match &asked.as_of {
        Some(written) => instant(written, "--as-of")?,
        None => now(),
    };
    let definitions = platform.wait(platform.catalog.definitions())?;
    let freshness = refresh::freshness(platform)?;
    let states: Vec<TagState<'_>> = TagState::all(&definitions, &freshness, platform).collect();
    let wanted = wanted(asked, &states)?;
    let is_asked_for = |state: &&TagState<'_>| {
        let standing = state.standing(at);
        (wanted.is_empty() || wanted.contains(state.key()))
            && (!asked.failed || standing == Standing::Failed)
            && (!asked.stale || !matches!(standing, Standing::Fresh | Standing::Paused))
    };
    let shown: Vec<&TagState<'_>> = states.iter().filter(is_asked_for).collect();
    if output.is_json() {
        let tags: Vec<_> = shown.iter().map(|state| json(state, at)).collect();
        output.line(&serde_json::json!({ "tags": tags }).to_string())?;
    } else {
        output.line(text(&shown, at, output.language()).trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The keys that are asked for, all of which must be defined.
fn wanted(asked: &Tags, states: &[TagState<'_>]) -> Result<Vec<TagKey>> {
    let keys = asked.tags.iter().map(|key| TagKey::new(key));
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    for key in &keys {
        let known = states.iter().map(|state| state.key().as_str());
        if states.iter().all(|state| state.key() != key) {
            match domain::nearest(key.as_str(), known) {
                Some(near) => bail!("there is no tag `{key}`: did you mean `{near}`?"),
                None => bail!("there is no tag `{key}`: `muster tags` lists them all"),
            }
        }
    }
    Ok(keys)
}

fn json(state: &TagState<'_>, at: Time) -> serde_json::Value {
    let success = state.freshness.and_then(|fresh| fresh.success);
    let standing = state.standing(at);
    let why = state.why(at);
    let (error, note) = match standing {
        Standing::Failed => (why, None),
        _ => (None, why),
    };
    serde_json::json!({
        "tag": state.key(),
        "state": standing.name(),
        "count": success.map(|success| success.members.users),
        "refresh": state.policy(),
        "data_as_of": success.map(|success| success.members.as_of),
        "last_success": success.map(|success| success.at),
        "duration_ms": success.map(|success| success.duration.millis()),
        "computed_version": success.map(|success| success.version),
        "version": state.definition.version,
        "next_run": state.next_run(),
        "failures": state.freshness.map_or(0, |fresh| fresh.failures),
        "error": error,
        "note": note,
    })
}

domain::words! {
    /// The heads of the columns.
    enum Head {
        Tag, "标签", "tag";
        State, "状态", "state";
        Users, "用户数", "users";
        AsOf, "数据截至", "data as of";
        Next, "下次计算", "next run";
    }
}

domain::words! {
    /// The words of the table.
    enum Word {
        Fresh, "新鲜", "fresh";
        Due, "待计算", "due";
        Failed, "失败", "failed";
        NotComputed, "未计算", "not computed";
        Paused, "已暂停", "paused";
        ByHand, "手动", "by hand";
        Nothing, "没有这样的标签", "there are no such tags";
    }
}

fn word(standing: Standing) -> Word {
    match standing {
        Standing::Fresh => Word::Fresh,
        Standing::Due => Word::Due,
        Standing::Failed => Word::Failed,
        Standing::NotComputed => Word::NotComputed,
        Standing::Paused => Word::Paused,
    }
}

/// A line for each tag, and below it why it is not fresh.
fn text(shown: &[&TagState<'_>], at: Time, language: Language) -> String {
    if shown.is_empty() {
        return Word::Nothing.said(language);
    }
    let heads = [Head::Tag, Head::State, Head::Users, Head::AsOf, Head::Next];
    let mut rows = vec![heads.iter().map(|head| head.said(language)).collect()];
    rows.extend(shown.iter().map(|state| row(state, at, language)));
    let lines = table(&rows);
    let mut lines = lines.lines();
    let mut text = lines.next().unwrap_or_default().to_owned() + "\n";
    for (line, state) in lines.zip(shown) {
        text += line;
        text.push('\n');
        if let Some(why) = state.why(at) {
            text += &format!("    {}\n", why.of(language));
        }
    }
    text
}

fn row(state: &TagState<'_>, at: Time, language: Language) -> Vec<String> {
    let success = state.freshness.and_then(|fresh| fresh.success);
    let nothing = || "–".to_owned();
    let by_hand = || match state.is_paused() {
        true => nothing(),
        false => Word::ByHand.said(language),
    };
    vec![
        state.key().to_string(),
        word(state.standing(at)).said(language),
        success.map_or_else(nothing, |success| grouped(success.members.users)),
        success.map_or_else(nothing, |success| success.members.as_of.to_string()),
        state
            .next_run()
            .map_or_else(by_hand, |next| next.to_string()),
    ]
}
