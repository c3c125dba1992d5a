//! What has changed between two explanations of one thing for one user.

use std::sync::Arc;

use anyhow::Result;
use api::ports::explanation::{Change, ChangedPart, Explanation, Reason, Subject};
use domain::{Time, UserNumber};
use tags::TagResults;

use super::subject::readable;
use super::{Explained, explain};
use crate::engine::Engine;
use crate::{ask, asked};

/// Explains something for a user of the store, as of now if nothing else is asked for; says also
/// what has changed since the last results, or, where the user left a tag earlier, since before that.
///
/// # Errors
/// The mistakes of what is asked about; a name that nothing has; as [`explain`].
pub fn of_engine(
    engine: &Engine,
    asked: &Subject,
    user: Explained<'_>,
    as_of: Option<Time>,
    now: Time,
) -> Result<Explanation> {
    let asked = readable(engine, asked)?;
    asked::note(&engine.platform, asked.tags);
    let of = &asked.of;
    let names = engine.names();
    let situation = engine.situation(&names);
    let mut explanation = explain(&situation, of, user, as_of.unwrap_or(now), now)?;
    if !is_supplied(engine, of)
        && let (None, Some((at, had))) = (as_of, before(engine, of, user, explanation.has)?)
    {
        let earlier = explain(&situation, of, user, at, now)?;
        explanation.change = Some(change(&earlier, &explanation, had));
    }
    Ok(explanation)
}

/// The last instant at which it was otherwise by the results, if that is known.
fn before(
    engine: &Engine,
    of: &Subject,
    user: Explained<'_>,
    has: bool,
) -> Result<Option<(Time, bool)>> {
    let Some(results) = &engine.results else {
        return Ok(None);
    };
    let Some(had) = had(engine, results, of, user.number)? else {
        return Ok(None);
    };
    if had != has {
        return Ok(Some((results.now(), had)));
    }
    match of {
        Subject::Tag(tag) if !has => {
            let left = engine.platform.store.last_membership(tag, user.number)?;
            Ok(left.map(|at| (at, true)))
        }
        _ => Ok(None),
    }
}

/// Whether the user has it by the results; `None` where they do not say.
fn had(
    engine: &Engine,
    results: &Arc<TagResults>,
    of: &Subject,
    user: UserNumber,
) -> Result<Option<bool>> {
    let rule = match of {
        Subject::Tag(tag) => {
            let members = results.members(tag);
            return Ok(members.map(|members| members.contains(user)));
        }
        Subject::Audience(key) => engine.book.audiences.get(key),
        Subject::Rule(_) => None,
    };
    let Some(rule) = rule else {
        return Ok(None);
    };
    let answer = ask::algebra(engine, results, rule)?;
    Ok(answer.map(|answer| answer.users.contains(user)))
}

/// Whether people supply it: that is in force at once, and who last did what is the whole answer.
fn is_supplied(engine: &Engine, of: &Subject) -> bool {
    let Subject::Tag(tag) = of else {
        return false;
    };
    let read = engine.book.tag(tag);
    read.is_some_and(|read| read.rule().is_none())
}

/// The leaves that came out otherwise before; `had` is what the results of that time say.
fn change(before: &Explanation, after: &Explanation, had: bool) -> Change {
    let mut parts = Vec::new();
    for (before, after) in before.rule.iter().zip(&after.rule) {
        add(before, after, &mut parts);
    }
    Change {
        before: before.as_of,
        had,
        is_reproduced: before.has == had,
        parts,
    }
}

fn add(before: &Reason, after: &Reason, parts: &mut Vec<ChangedPart>) {
    if before.parts.is_empty() || before.parts.len() != after.parts.len() {
        let is_other_value = before.value.is_none()
            && before.holds == after.holds
            && is_value(after)
            && before.measured.first().map(|first| &first.value)
                != after.measured.first().map(|first| &first.value);
        if before.holds != after.holds || is_other_value {
            parts.push(ChangedPart {
                text: after.text.clone(),
                sentence: after.sentence.clone(),
                held: before.holds,
                holds: after.holds,
                before: before.measured.clone(),
                after: after.measured.clone(),
            });
        }
        return;
    }
    // What gives points stands in the order of what holds.
    for after in &after.parts {
        let is_same = |part: &&Reason| part.text == after.text && part.value == after.value;
        if let Some(before) = before.parts.iter().find(is_same) {
            add(before, after, parts);
        }
    }
}

/// Whether a part is a value, whose text is what was measured.
fn is_value(reason: &Reason) -> bool {
    reason
        .measured
        .first()
        .is_some_and(|first| first.text == reason.text && first.compared.is_none())
}
