//! Members and counts of expressions. The universe is passed down: a complement is a
//! difference from what is there already.

use std::sync::Arc;

use domain::UserSet;

use crate::Error;
use crate::expression::AudienceExpression;
use crate::ports::Sets;

/// The users in an audience.
///
/// # Errors
/// Where a tag or a list is not among the sets.
pub fn members(expression: &AudienceExpression, sets: &dyn Sets) -> Result<Arc<UserSet>, Error> {
    match expression {
        AudienceExpression::Everyone => Ok(sets.universe()),
        AudienceExpression::Nobody => Ok(Arc::default()),
        AudienceExpression::Tag(tag) => sets
            .tag(tag)
            .ok_or_else(|| Error::UnknownTag { tag: tag.clone() }),
        AudienceExpression::TagWith(tag, value) => Ok(match sets.tag_with(tag, value) {
            Some(set) => set,
            None if sets.tag(tag).is_some() => Arc::default(),
            None => return Err(Error::UnknownTag { tag: tag.clone() }),
        }),
        AudienceExpression::List(list) => {
            let set = sets
                .list(list)
                .ok_or_else(|| Error::UnknownList { list: list.clone() })?;
            Ok(Arc::new(set.and(&sets.universe())))
        }
        AudienceExpression::Not(inner) => Ok(Arc::new(
            members(inner, sets)?.complement_in(&sets.universe()),
        )),
        AudienceExpression::All(parts) => all(parts, sets),
        AudienceExpression::Any(parts) => any(parts, sets),
        AudienceExpression::AtLeast(count, parts) => at_least(*count as usize, parts, sets),
    }
}

/// How many users are in an audience, with as few sets built as possible.
///
/// # Errors
/// As [`members`].
pub fn count(expression: &AudienceExpression, sets: &dyn Sets) -> Result<u64, Error> {
    match expression {
        AudienceExpression::Not(inner) => Ok(sets.universe().len() - count(inner, sets)?),
        AudienceExpression::All(parts) => match parts.split_last() {
            Some((AudienceExpression::Not(without), rest)) => {
                let rest = AudienceExpression::all(rest.to_vec());
                let (rest, without) = (members(&rest, sets)?, members(without, sets)?);
                Ok(rest.len() - rest.intersection_len(&without))
            }
            Some((last, rest)) => {
                let rest = members(&AudienceExpression::all(rest.to_vec()), sets)?;
                Ok(rest.intersection_len(&*members(last, sets)?))
            }
            None => Ok(sets.universe().len()),
        },
        AudienceExpression::Any(parts) => match parts.as_slice() {
            [one, other] if !is_negated(one) && !is_negated(other) => {
                let (one, other) = (members(one, sets)?, members(other, sets)?);
                Ok(one.len() + other.len() - one.intersection_len(&other))
            }
            _ => Ok(members(expression, sets)?.len()),
        },
        other => Ok(members(other, sets)?.len()),
    }
}

fn is_negated(expression: &AudienceExpression) -> bool {
    matches!(expression, AudienceExpression::Not(_))
}

/// The sets of the plain parts, and of what is inside the negated ones.
type Sides = (Vec<Arc<UserSet>>, Vec<Arc<UserSet>>);

fn sides(parts: &[AudienceExpression], sets: &dyn Sets) -> Result<Sides, Error> {
    let (mut plain, mut negated) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            AudienceExpression::Not(inner) => negated.push(members(inner, sets)?),
            other => plain.push(members(other, sets)?),
        }
    }
    Ok((plain, negated))
}

/// The smallest set first, then ever smaller: who is in the rest, and not in the negated.
fn all(parts: &[AudienceExpression], sets: &dyn Sets) -> Result<Arc<UserSet>, Error> {
    let (mut plain, mut negated) = sides(parts, sets)?;
    plain.sort_by_key(|set| set.len());
    // The greatest take away most.
    negated.sort_by_key(|set| std::cmp::Reverse(set.len()));
    let both = |kept: Arc<UserSet>, set: Arc<UserSet>| {
        if kept.is_empty() {
            kept
        } else {
            Arc::new(kept.and(&set))
        }
    };
    let kept = plain
        .into_iter()
        .reduce(both)
        .unwrap_or_else(|| sets.universe());
    Ok(negated.into_iter().fold(kept, |kept, set| {
        if kept.is_empty() {
            kept
        } else {
            Arc::new(kept.minus(&set))
        }
    }))
}

/// Who is in a plain part; with negated parts, everyone but who is in all of what they negate
/// and in no plain one.
fn any(parts: &[AudienceExpression], sets: &dyn Sets) -> Result<Arc<UserSet>, Error> {
    let (mut plain, mut negated) = sides(parts, sets)?;
    plain.sort_by_key(|set| set.len());
    negated.sort_by_key(|set| set.len());
    let plain = plain
        .into_iter()
        .reduce(|one, other| Arc::new(one.or(&other)))
        .unwrap_or_default();
    let Some(out) = negated
        .into_iter()
        .reduce(|one, other| Arc::new(one.and(&other)))
    else {
        return Ok(plain);
    };
    Ok(Arc::new(out.minus(&plain).complement_in(&sets.universe())))
}

/// Level n holds who is in at least n + 1 of the parts so far.
fn at_least(
    count: usize,
    parts: &[AudienceExpression],
    sets: &dyn Sets,
) -> Result<Arc<UserSet>, Error> {
    let mut levels: Vec<UserSet> = vec![UserSet::new(); count];
    for part in parts {
        let set = members(part, sets)?;
        for level in (0..levels.len()).rev() {
            let below = level.checked_sub(1).and_then(|below| levels.get(below));
            let reached = below.map_or_else(|| (*set).clone(), |below| below.and(&set));
            if let Some(level) = levels.get_mut(level) {
                *level = level.or(&reached);
            }
        }
    }
    Ok(levels.pop().map_or_else(|| sets.universe(), Arc::new))
}
