//! Users: what is known about one, and the tags of one.

use axum::Json;
use axum::extract::State;
use domain::{Event, EventName, EventType, TagKey, TagValue, Time, UserKey, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Document};

use crate::app::App;
use crate::asked::{Asked, UserInPath, unknown_user};
use crate::ports::Profile;
use crate::problem::Problem;

/// Events in an answer, if the asker does not say.
const EVENTS: usize = 20;
/// The most events in an answer.
const MOST_EVENTS: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileQuery {
    events: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct ProfileAnswer {
    user: UserKey,
    attributes: Map<String, Document>,
    recent_events: Vec<EventAnswer>,
}

#[derive(Serialize)]
struct EventAnswer {
    time: Time,
    #[serde(rename = "type")]
    kind: EventType,
    event: EventName,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    properties: Map<String, Document>,
}

impl From<Profile> for ProfileAnswer {
    fn from(profile: Profile) -> Self {
        Self {
            user: profile.user,
            attributes: document(&profile.attributes, &[]),
            recent_events: profile
                .recent_events
                .iter()
                .map(EventAnswer::from)
                .collect(),
        }
    }
}

impl From<&Event> for EventAnswer {
    fn from(event: &Event) -> Self {
        Self {
            time: event.time,
            kind: event.kind,
            event: event.name.clone(),
            message_id: event.message_id.as_deref().map(str::to_owned),
            properties: document(&event.properties, &event.unset),
        }
    }
}

fn document<N: AsRef<str>>(named: &[(N, Value)], unset: &[N]) -> Map<String, Document> {
    let set = named
        .iter()
        .map(|(name, value)| (name.as_ref().to_owned(), value.to_json()));
    let unset = unset
        .iter()
        .map(|name| (name.as_ref().to_owned(), Document::Null));
    set.chain(unset).collect()
}

/// `GET /api/v1/users/{user}?events=`
pub(super) async fn one(
    State(app): State<App>,
    UserInPath(user): UserInPath,
    Asked(query): Asked<ProfileQuery>,
) -> Result<Json<ProfileAnswer>, Problem> {
    let events = query.events.unwrap_or(EVENTS);
    if events > MOST_EVENTS {
        return Err(Problem::invalid(format!(
            "`events` must be 0 to {MOST_EVENTS}"
        )));
    }
    let unknown = unknown_user(&user.to_string());
    let profile = app
        .ask(move |platform| platform.members.profile(&user, events))
        .await?;
    profile
        .map(|profile| Json(ProfileAnswer::from(profile)))
        .ok_or(unknown)
}

#[derive(Serialize)]
pub(super) struct TagsAnswer {
    user: UserKey,
    data_as_of: Option<Time>,
    tags: Vec<UserTagAnswer>,
}

#[derive(Serialize)]
struct UserTagAnswer {
    key: TagKey,
    values: Vec<TagValue>,
}

/// `GET /api/v1/users/{user}/tags`
pub(super) async fn tags(
    State(app): State<App>,
    UserInPath(user): UserInPath,
) -> Result<Json<TagsAnswer>, Problem> {
    let asked = user.clone();
    let found = app
        .ask(move |platform| platform.members.user_tags(&asked))
        .await?;
    let found = found.ok_or_else(|| unknown_user(&user.to_string()))?;
    let tags = found.tags.into_iter();
    Ok(Json(TagsAnswer {
        user,
        data_as_of: found.data_as_of,
        tags: tags
            .map(|tag| UserTagAnswer {
                key: tag.tag,
                values: tag.values,
            })
            .collect(),
    }))
}
