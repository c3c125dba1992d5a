//! Tags set by hand: setting and unsetting one for a user.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Signature, TagKey, TagValue, UserKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::{App, now};
use crate::asked::{Asked, Sent, UserAndTagInPath};
use crate::ports::UserTag;
use crate::ports::by_hand::{Setting, SettingTo};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingSent {
    /// A text, or a number; left out where the tag has no values.
    #[serde(default)]
    value: Value,
    #[serde(default)]
    author: String,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnsetQuery {
    #[serde(default)]
    author: String,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
pub(super) struct SettingAnswer {
    user: UserKey,
    tag: TagKey,
    entered: Vec<ChangedTag>,
    left: Vec<ChangedTag>,
    /// Tags are being computed: the setting is in force when that has ended.
    pending: bool,
}

#[derive(Serialize)]
struct ChangedTag {
    key: TagKey,
    values: Vec<TagValue>,
}

impl From<UserTag> for ChangedTag {
    fn from(tag: UserTag) -> Self {
        Self {
            key: tag.tag,
            values: tag.values,
        }
    }
}

/// `PUT /api/v1/users/{user}/tags/{tag}` with `{"value": …, "author": …, "reason": …}`
pub(super) async fn set(
    State(app): State<App>,
    UserAndTagInPath(user, tag): UserAndTagInPath,
    Sent(sent): Sent<SettingSent>,
) -> Result<(StatusCode, Json<SettingAnswer>), Problem> {
    let value = match sent.value {
        Value::Null => None,
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => return Err(Problem::invalid("`value` is a text or a number")),
    };
    let to = SettingTo::Set(value);
    make(&app, Setting { tag, user, to }, (sent.author, sent.reason)).await
}

/// `DELETE /api/v1/users/{user}/tags/{tag}?author=&reason=`
pub(super) async fn unset(
    State(app): State<App>,
    UserAndTagInPath(user, tag): UserAndTagInPath,
    Asked(query): Asked<UnsetQuery>,
) -> Result<(StatusCode, Json<SettingAnswer>), Problem> {
    let to = SettingTo::Unset;
    make(
        &app,
        Setting { tag, user, to },
        (query.author, query.reason),
    )
    .await
}

async fn make(
    app: &App,
    setting: Setting,
    (author, reason): (String, String),
) -> Result<(StatusCode, Json<SettingAnswer>), Problem> {
    let signature = Signature {
        author,
        reason,
        at: now(),
    };
    let (user, tag) = (setting.user.clone(), setting.tag.clone());
    let done = app
        .ask(move |platform| platform.by_hand.set(&setting, &signature))
        .await?;
    let changed = |tags: Vec<UserTag>| tags.into_iter().map(ChangedTag::from).collect();
    let status = match done.is_pending {
        true => StatusCode::ACCEPTED,
        false => StatusCode::OK,
    };
    let answer = SettingAnswer {
        user,
        tag,
        entered: changed(done.entered),
        left: changed(done.left),
        pending: done.is_pending,
    };
    Ok((status, Json(answer)))
}
