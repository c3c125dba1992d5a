//! The past of tags as the HTTP faces ask it.

use anyhow::Error as Failure;
use api::Error;
use api::ports::past::{
    DifferenceQuestion, MovedUser, Past, RunDelta, TagDifference, TagTrend, TrendPoint,
};
use api::ports::{Member, MemberPage, TagPage};
use domain::{TagKey, TagValue, UserNumber, UserSet, When};

use super::{Service, page};
use crate::ask::{self, Answer, Question};
use crate::asked;
use crate::engine::Engine;
use crate::history::{History, Unanswerable};

/// A refusal of the record in the words of the port; anything else is a defect.
pub(super) fn refused(failure: Failure) -> Error {
    match failure.downcast::<Unanswerable>() {
        Ok(Unanswerable::NotFound(message)) => Error::NotFound(message),
        Ok(Unanswerable::Unknown(message)) => Error::Invalid(message),
        Err(failure) => Error::Bug(format!("{failure:#}")),
    }
}

/// The members of a tag as runs recorded them.
pub(super) fn members(engine: &Engine, asked: &TagPage, on: When) -> Result<MemberPage, Error> {
    if engine.definition(&asked.tag).is_none() {
        return Err(Error::NotFound(format!("there is no tag `{}`", asked.tag)));
    }
    asked::note(&engine.platform, [asked.tag.clone()]);
    let question = Question {
        expression: asked.tag.to_string(),
        on: Some(on),
        ..Question::default()
    };
    let answer = ask::ask(engine, &question).map_err(refused)?;
    let users = match &asked.value {
        None => answer.users.clone(),
        Some(value) => {
            let mut values = answer.values.iter();
            let found = values.find(|(known, _)| known.as_deref() == Some(value.as_str()));
            found.map(|(_, users)| users.clone()).unwrap_or_default()
        }
    };
    let (numbers, next) = page(engine, &users, asked.after.as_ref(), asked.limit)?;
    let member = |number| {
        Some(Member {
            user: engine.users.key(number)?.clone(),
            values: values_of(&answer, number),
        })
    };
    Ok(MemberPage {
        members: numbers.into_iter().filter_map(member).collect(),
        count: users.len(),
        next,
        data_as_of: Some(answer.as_of),
    })
}

fn values_of(answer: &Answer, user: UserNumber) -> Vec<TagValue> {
    let held = answer
        .values
        .iter()
        .filter(|(_, users)| users.contains(user));
    held.filter_map(|(value, _)| value.as_deref().map(TagValue::new))
        .collect()
}

impl Past for Service {
    fn trend(&self, tag: &TagKey, days: u32) -> Result<TagTrend, Error> {
        let current = self.current();
        let engine = &current.engine;
        let trend = History::of(engine).and_then(|history| history.trend(tag, days));
        let trend = trend.map_err(refused)?;
        let point = |point: crate::history::Point| TrendPoint {
            day: point.day,
            at: point.at,
            count: point.count,
            values: point
                .values
                .into_iter()
                .map(|(value, count)| (TagValue::new(&value), count))
                .collect(),
            entered: point.entered,
            left: point.left,
        };
        let delta = |delta: crate::history::Delta| RunDelta {
            at: delta.at,
            entered: delta.entered,
            left: delta.left,
        };
        Ok(TagTrend {
            zone: trend.zone,
            points: trend.points.into_iter().map(point).collect(),
            changes: trend.changes.into_iter().map(delta).collect(),
            since: trend.since,
        })
    }

    fn difference(&self, asked: &DifferenceQuestion) -> Result<TagDifference, Error> {
        let current = self.current();
        let engine = &current.engine;
        let found = History::of(engine)
            .and_then(|history| history.difference(&asked.tag, asked.from, asked.to))
            .map_err(refused)?;
        let moved: UserSet = found.moves().map(|(user, _)| user).collect();
        let (numbers, next) = page(engine, &moved, asked.after.as_ref(), asked.limit)?;
        let user = |number| {
            let [before, after] = found
                .values_of(number)
                .map(|values| values.iter().map(|value| TagValue::new(value)).collect());
            Some(MovedUser {
                user: engine.users.key(number)?.clone(),
                change: found.move_of(number).name(),
                before,
                after,
            })
        };
        Ok(TagDifference {
            from: found.from.at,
            to: found.to.at,
            entered: found.entered.len(),
            left: found.left.len(),
            changed: found.changed.len(),
            users: numbers.into_iter().filter_map(user).collect(),
            next,
        })
    }
}
