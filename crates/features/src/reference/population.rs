//! Values over all users, by looking at every user again for every question.

use domain::{Decimal, UserKey, Value};
use rules::checked::{Condition, Measure, Population, RankEnd, Ranking, Ties};

use super::{OfUser, User};
use crate::evaluate;
use crate::place::elements;
use crate::population::{last_rank, quantile, tie_order};

/// What a user has among all known users.
pub(super) fn value(population: &Population, user: &OfUser<'_>) -> Option<Value> {
    match population {
        Population::Rank { ranking, end } => {
            let (own, ranked) = ranked(ranking, user)?;
            Some(number(1 + before(&own, &ranked, *end)))
        }
        Population::Within {
            ranking,
            end,
            bound,
            ties,
        } => {
            let Some((own, ranked)) = ranked(ranking, user) else {
                return Some(Value::Bool(false));
            };
            let mut rank = 1 + before(&own, &ranked, *end);
            if *ties == Ties::Cut {
                let precedes = |other: &&Ranked| other.by == own.by && other.order < own.order;
                rank += ranked.iter().filter(precedes).count();
            }
            Some(Value::Bool(
                rank as u64 <= last_rank(bound, ranked.len() as u64),
            ))
        }
        Population::Quantile { ranking, parts } => {
            let (own, ranked) = ranked(ranking, user)?;
            let greater = before(&own, &ranked, RankEnd::Greatest);
            let part = quantile(*parts, greater as u64, ranked.len() as u64);
            Some(Value::Number(Decimal::from(part)))
        }
        Population::Sharing(of) => {
            let sharing = |value: Value| {
                let shares = |other: &OfUser<'_>| values(of, other).contains(&value);
                everyone(user).iter().filter(|other| shares(other)).count()
            };
            let most = values(of, user).into_iter().map(sharing).max();
            Some(number(most.unwrap_or(0)))
        }
        Population::OfUser { identity, value } => {
            let named = values(identity, user);
            let other = named.iter().find_map(|named| identified(named, user))?;
            let is_known = other.is_known(user.world.now);
            evaluate::measure(value, &OfUser::new(other, user.world)).filter(|_| is_known)
        }
        Population::NamedBy { by, filter, sum } => {
            let everyone = everyone(user);
            let is_this = |named: &Value| {
                identified(named, user)
                    .is_some_and(|other| other.identities == user.user.identities)
            };
            let names_this =
                |other: &&OfUser<'_>| holds(filter, other) && values(by, other).iter().any(is_this);
            let naming: Vec<&OfUser<'_>> = everyone.iter().filter(names_this).collect();
            let Some(sum) = sum else {
                return Some(number(naming.len()));
            };
            let addends = naming.iter().filter_map(|other| scalar(sum, other));
            let addends = addends.filter_map(|value| value.to_number());
            Some(Value::Number(
                addends.fold(Decimal::ZERO, |sum, addend| &sum + &addend),
            ))
        }
    }
}

/// One who is ranked.
struct Ranked {
    by: Value,
    order: [u8; 32],
}

/// The user, and all who are ranked together with the user; nothing for one who is not ranked.
fn ranked(ranking: &Ranking, user: &OfUser<'_>) -> Option<(Ranked, Vec<Ranked>)> {
    let group = |other: &OfUser<'_>| ranking.per.as_ref().map(|per| scalar(per, other));
    let own_group = group(user);
    let is_grouped = own_group.as_ref().is_none_or(Option::is_some);
    let one = |other: &OfUser<'_>| {
        let by = scalar(&ranking.by, other)?;
        let key = other.user.identities.first().map(UserKey::text);
        let order = tie_order(key.map_or("", AsRef::as_ref));
        let is_in = is_grouped && group(other) == own_group && holds(&ranking.among, other);
        is_in.then_some(Ranked { by, order })
    };
    Some((one(user)?, everyone(user).iter().filter_map(one).collect()))
}

/// How many come strictly before one, seen from an end.
fn before(own: &Ranked, ranked: &[Ranked], end: RankEnd) -> usize {
    let is_before = |other: &&Ranked| match end {
        RankEnd::Greatest => other.by > own.by,
        RankEnd::Least => other.by < own.by,
    };
    ranked.iter().filter(is_before).count()
}

/// All known users.
fn everyone<'a>(user: &OfUser<'a>) -> Vec<OfUser<'a>> {
    let world = user.world;
    let known = world.users.iter().filter(|other| other.is_known(world.now));
    known.map(|other| OfUser::new(other, world)).collect()
}

fn holds(condition: &Condition, user: &OfUser<'_>) -> bool {
    evaluate::condition(condition, user)
}

/// The value, if it is one.
fn scalar(measure: &Measure, user: &OfUser<'_>) -> Option<Value> {
    evaluate::measure(measure, user)
        .filter(|value| !matches!(value, Value::List(_) | Value::Object(_)))
}

/// The values: a list has several.
fn values(measure: &Measure, user: &OfUser<'_>) -> Vec<Value> {
    let value = evaluate::measure(measure, user);
    value.map_or_else(Vec::new, |value| elements(&value).to_vec())
}

/// The user whom a text identifies.
fn identified<'a>(named: &Value, user: &OfUser<'a>) -> Option<&'a User> {
    let Value::Text(text) = named else {
        return None;
    };
    let world = user.world;
    let whose = |key: UserKey| {
        world
            .users
            .iter()
            .find(|other| other.identities.contains(&key))
    };
    UserKey::meant_by(text).find_map(whose)
}

fn number(count: usize) -> Value {
    Value::Number(Decimal::from(count))
}
