//! Rules over tags, audiences and lists alone, as algebra over the sets of the last results.

use std::sync::Arc;

use anyhow::{Result, bail};
use domain::UserSet;
use rules::CheckedRule;
use rules::checked::{Body, Condition};
use tags::TagResults;

use crate::engine::Engine;

/// The users for whom the rule holds.
///
/// # Errors
/// The rule is more than algebra.
pub fn evaluate(engine: &Engine, results: &TagResults, rule: &CheckedRule) -> Result<Arc<UserSet>> {
    match rule.body() {
        Body::Condition(condition) => set(engine, results, condition),
        _ => bail!("only a condition over tags has members"),
    }
}

fn set(engine: &Engine, results: &TagResults, condition: &Condition) -> Result<Arc<UserSet>> {
    let universe = results.universe();
    let sets = |parts: &[Condition]| -> Result<Vec<Arc<UserSet>>> {
        parts
            .iter()
            .map(|part| set(engine, results, part))
            .collect()
    };
    Ok(match condition {
        Condition::Constant(true) => Arc::clone(universe),
        Condition::Constant(false) => Arc::default(),
        Condition::All(parts) => {
            let all = sets(parts)?
                .into_iter()
                .reduce(|all, part| Arc::new(all.and(&part)));
            all.unwrap_or_else(|| Arc::clone(universe))
        }
        Condition::Any(parts) => sets(parts)?
            .into_iter()
            .reduce(|any, part| Arc::new(any.or(&part)))
            .unwrap_or_default(),
        Condition::Not(part) => Arc::new(set(engine, results, part)?.complement_in(universe)),
        Condition::HasTag(tag) => results.members(tag).unwrap_or_default(),
        Condition::UserInList(list) => {
            let users = engine
                .inputs
                .user_lists
                .get(list)
                .cloned()
                .unwrap_or_default();
            Arc::new(users.and(universe))
        }
        Condition::InAudience(audience) => match engine.book.audiences.get(audience) {
            Some(rule) => evaluate(engine, results, rule)?,
            None => bail!("there is no audience `{audience}`"),
        },
        _ => bail!("this condition looks at more than tags"),
    })
}

/// Whether a condition is algebra over tags alone.
pub fn is_algebra(condition: &Condition) -> bool {
    match condition {
        Condition::Constant(_)
        | Condition::HasTag(_)
        | Condition::UserInList(_)
        | Condition::InAudience(_) => true,
        Condition::All(parts) | Condition::Any(parts) => parts.iter().all(is_algebra),
        Condition::Not(part) => is_algebra(part),
        _ => false,
    }
}
