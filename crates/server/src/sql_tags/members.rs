//! The rows of a query as the members of a tag.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Keep, Kind, LocalizedText, Said, UserNumber, Value};
use tags::GivenTag;
use warehouse::QueryAnswer;

use crate::users::Users;

domain::words! {
    /// Why the rows of a query are no tag.
    enum Unfit {
        RepeatedUsers { count: usize, example: String },
            "查询给 {count} 个用户返回了不止一行，例如 `{example}`：每个用户只能有一个值，请 `GROUP BY user`，或者用 `argMax`、`any` 选出一个",
            "the query returns more than one row for {count} users, such as `{example}`: a user has one value, so `GROUP BY user`, or choose one with `argMax` or `any`";
        TooManyValues { count: usize, most: usize },
            "查询返回了 {count} 个不同的文本值，最多可以有 {most} 个：把它们归成几类，或者返回数字",
            "the query returns {count} different texts as values, where at most {most} may be: put them into classes, or return numbers";
        ValueTooLong { user: String, most: usize },
            "用户 `{user}` 的值超过了 {most} 个字：用 `leftUTF8(…, {most})` 截短它",
            "the value of user `{user}` has more than {most} letters: cut it with `leftUTF8(…, {most})`";
    }
}

/// The most different texts that a tag has as values.
const MOST_VALUES: usize = 1_000;

/// Letters of the longest value.
const LONGEST_VALUE: usize = 512;

/// What the rows of a query say.
#[derive(Debug)]
pub(super) struct Found {
    /// Who has the tag, with which value.
    pub given: GivenTag,
    /// How many rows name a user whom nobody knows.
    pub unknown: usize,
    /// How many rows had NULL for a user.
    pub without_user: usize,
}

/// What the rows of a query say of known users.
///
/// # Errors
/// Several rows for one user where there are values; values that are too many or too long.
pub(super) fn of(answer: QueryAnswer, users: &Users) -> Result<Found, LocalizedText> {
    let kind = answer.shape.value;
    let mut members: BTreeMap<UserNumber, Value> = BTreeMap::new();
    let mut seen: BTreeMap<UserNumber, usize> = BTreeMap::new();
    let (mut unknown, mut repeated) = (0, None);
    for row in answer.rows {
        let Some(user) = users.user(&row.user) else {
            unknown += 1;
            continue;
        };
        let rows = seen.entry(user).or_default();
        *rows += 1;
        if *rows > 1 && kind.is_some() {
            repeated.get_or_insert(row.user);
            continue;
        }
        match (kind, row.value) {
            (None, _) => members.insert(user, Value::Bool(true)),
            // An empty text is what a property has that is not there.
            (Some(_), Some(Value::Text(text))) if text.is_empty() => None,
            (Some(_), Some(Value::Text(text))) if text.chars().count() > LONGEST_VALUE => {
                let (user, most) = (row.user, LONGEST_VALUE);
                return Err(Unfit::ValueTooLong { user, most }.in_both());
            }
            (Some(_), Some(Value::Bool(false)) | None) => None,
            (Some(_), Some(value)) => members.insert(user, value),
        };
    }
    if let Some(example) = repeated {
        let count = seen.values().filter(|rows| **rows > 1).count();
        return Err(Unfit::RepeatedUsers { count, example }.in_both());
    }
    Ok(Found {
        given: tag_of(kind, members)?,
        unknown,
        without_user: answer.without_user,
    })
}

fn tag_of(
    kind: Option<Kind>,
    members: BTreeMap<UserNumber, Value>,
) -> Result<GivenTag, LocalizedText> {
    match kind {
        Some(Kind::Number) => Ok(GivenTag::metric(members.into_iter().collect())),
        Some(Kind::Text) => {
            let mut values: BTreeMap<Arc<str>, Vec<UserNumber>> = BTreeMap::new();
            for (user, value) in members {
                if let Value::Text(text) = value {
                    values.entry(text).or_default().push(user);
                }
            }
            let (count, most) = (values.len(), MOST_VALUES);
            if count > most {
                return Err(Unfit::TooManyValues { count, most }.in_both());
            }
            let sets = values.into_iter();
            let sets = sets.map(|(value, users)| (value, Arc::new(users.into_iter().collect())));
            Ok(GivenTag::Layers {
                keep: Keep::First,
                values: sets.collect(),
            })
        }
        _ => Ok(GivenTag::Flag(Arc::new(members.into_keys().collect()))),
    }
}
