//! `muster import tag`, `muster tag set` and `muster tag unset`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use domain::{TagKey, UserNumber};
use serde_json::json;

use super::importing::{bar, plural, rate};
use super::output::{Output, grouped};
use super::proposed::signature;
use crate::command_line::{ImportTag, Tag};
use crate::compute::Computed;
use crate::engine::Engine;
use crate::import::options;
use crate::platform::Platform;
use crate::supply::{self, ByHand, ImportedTag};

/// `muster import tag`
pub(super) fn import(
    asked: &ImportTag,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let import = options::tag(asked, platform)?;
    let (key, rejects) = (
        import.tag.clone(),
        import.rejects.path().display().to_string(),
    );
    let mut engine = Engine::read(platform)?;
    let bar = bar(import.input.bytes());
    let began = Instant::now();
    let imported = import.run(&mut engine, &mut |progress, rows| {
        bar.set_position(progress.bytes_read());
        bar.set_message(rate(rows, began));
    })?;
    bar.finish_and_clear();
    let (entered, left) = of_all(imported.computed.as_ref(), &key);
    let json = json!({
        "tag": key,
        "read": imported.read,
        "rejected": imported.rejected,
        "resumed_after": imported.resumed_after,
        "members": imported.members,
        "unknown": imported.unknown,
        "entered": entered,
        "left": left,
        "seconds": began.elapsed().as_secs_f64(),
    });
    output.either(&json, &told(&key, &imported, (entered, left), &rejects))?;
    Ok(ExitCode::SUCCESS)
}

fn told(
    key: &TagKey,
    imported: &ImportedTag,
    (entered, left): (u64, u64),
    rejects: &str,
) -> String {
    let members = plural(imported.members, "user", "users");
    let mut text = format!("tag `{key}`: {members}");
    if imported.unknown > 0 {
        let unknown = grouped(imported.unknown);
        text += &format!(", of whom {unknown} are not known yet");
    }
    if imported.computed.is_some() {
        let (entered, left) = (grouped(entered), grouped(left));
        text += &format!("; {entered} entered, {left} left");
    }
    if imported.resumed_after > 0 {
        let before = grouped(imported.resumed_after);
        text += &format!("\nwent on after {before} rows of an earlier run");
    }
    if imported.rejected > 0 {
        let rows = plural(imported.rejected, "row was", "rows were");
        text += &format!("\n{rows} refused: lines and reasons are in `{rejects}`");
    }
    text
}

/// How many users entered a tag and left it.
fn of_all(computed: Option<&Computed>, key: &TagKey) -> (u64, u64) {
    let changes = computed
        .into_iter()
        .flat_map(|computed| &computed.changes.changes);
    changes
        .filter(|change| change.slot.tag == *key)
        .fold((0, 0), |(entered, left), change| {
            (entered + change.entered.len(), left + change.left.len())
        })
}

/// `muster tag set` and `muster tag unset`
pub(super) fn by_hand(
    asked: &Tag,
    platform: &Arc<Platform>,
    output: &mut Output,
) -> Result<ExitCode> {
    let (user, tag, signing) = match asked {
        Tag::Set(asked) => (&asked.user, &asked.tag, &asked.signing),
        Tag::Unset(asked) => (&asked.user, &asked.tag, &asked.signing),
    };
    let wanted = match asked {
        Tag::Set(asked) => ByHand::Set(asked.value.clone()),
        Tag::Unset(_) => ByHand::Unset,
    };
    let key = TagKey::new(tag)?;
    let mut engine = Engine::read(platform)?;
    let done = supply::by_hand(&mut engine, (&key, user), &wanted, &signature(signing))?;
    let entered = slots(done.computed.as_ref(), done.user, Came::Entered);
    let left = slots(done.computed.as_ref(), done.user, Came::Left);
    let json = json!({ "user": user, "tag": key, "entered": entered, "left": left });
    let mut text = match &wanted {
        ByHand::Set(Some(value)) => format!("{user}: `{key}` is set to `{value}`"),
        ByHand::Set(None) => format!("{user}: `{key}` is set"),
        ByHand::Unset => format!("{user}: `{key}` is unset"),
    };
    for (word, slots) in [("entered", entered), ("left", left)] {
        if !slots.is_empty() {
            text += &format!("; {word} {}", slots.join(", "));
        }
    }
    output.either(&json, &text)?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Entered,
    Left,
}

/// The tags that a user entered or left, with their values: `tier = gold`.
fn slots(computed: Option<&Computed>, user: UserNumber, came: Came) -> Vec<String> {
    let changes = computed
        .into_iter()
        .flat_map(|computed| &computed.changes.changes);
    let changes = changes.filter(|change| match came {
        Came::Entered => change.entered.contains(user),
        Came::Left => change.left.contains(user),
    });
    let name = |change: &tags::Change| match &change.slot.value {
        Some(value) => format!("{} = {value}", change.slot.tag),
        None => change.slot.tag.to_string(),
    };
    changes.map(name).collect()
}
