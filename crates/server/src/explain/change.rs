//! What has changed between two explanations of one tag for one user.

use anyhow::Result;
use api::ports::explanation::{Change, ChangedPart, Explanation, Reason};
use domain::{TagKey, Time};

use super::{Explained, explain};
use crate::engine::Engine;

/// Explains a tag for a user of the store, as of now if nothing else is asked for; says also
/// what has changed since the last results, or, where the user left earlier, since before that.
///
/// # Errors
/// As [`explain`].
pub fn of_engine(
    engine: &Engine,
    tag: &TagKey,
    user: Explained<'_>,
    as_of: Option<Time>,
    now: Time,
) -> Result<Explanation> {
    // Told first with its mistakes, where it has some.
    engine.sources_of(std::slice::from_ref(tag))?;
    let names = engine.names();
    let situation = engine.situation(&names);
    let mut explanation = explain(&situation, tag, user, as_of.unwrap_or(now), now)?;
    // What people supply is in force at once: who last did what is the whole answer.
    let read = engine.book.tag(tag);
    let is_supplied = read.is_some_and(|read| read.rule().is_none());
    if !is_supplied
        && let (None, Some((at, had))) = (as_of, before(engine, tag, user, explanation.has)?)
    {
        let earlier = explain(&situation, tag, user, at, now)?;
        explanation.change = Some(change(&earlier, &explanation, had));
    }
    Ok(explanation)
}

/// The last instant at which it was otherwise by the results, if that is known.
fn before(
    engine: &Engine,
    tag: &TagKey,
    user: Explained<'_>,
    has: bool,
) -> Result<Option<(Time, bool)>> {
    let Some(results) = &engine.results else {
        return Ok(None);
    };
    let Some(members) = results.members(tag) else {
        return Ok(None);
    };
    let had = members.contains(user.number);
    if had != has {
        return Ok(Some((results.now(), had)));
    }
    if has {
        return Ok(None);
    }
    let store = &engine.platform.store;
    Ok(store
        .last_membership(tag, user.number)?
        .map(|at| (at, true)))
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
    for (before, after) in before.parts.iter().zip(&after.parts) {
        add(before, after, parts);
    }
}

/// Whether a part is a value, whose text is what was measured.
fn is_value(reason: &Reason) -> bool {
    reason
        .measured
        .first()
        .is_some_and(|first| first.text == reason.text && first.compared.is_none())
}
