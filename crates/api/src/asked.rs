//! Reads requests into what handlers are asked; what cannot be read is a problem in words.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::{TagKey, UserKey};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The query of a request.
pub(crate) struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(Problem::invalid(rejection.body_text())),
        }
    }
}

/// The JSON body of a request.
pub(crate) struct Sent<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(Json(sent)) => Ok(Self(sent)),
            Err(rejection) => {
                let (status, code) = match rejection.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => {
                        (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large")
                    }
                    StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json")
                    }
                    _ => (StatusCode::BAD_REQUEST, "invalid_request"),
                };
                Err(Problem::new(status, code, rejection.body_text()))
            }
        }
    }
}

/// The tag that the path names.
pub(crate) struct TagInPath(pub TagKey);

impl<S: Send + Sync> FromRequestParts<S> for TagInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = text_in_path(parts, state).await?;
        // What is no key names no tag.
        TagKey::new(&text).map(Self).map_err(|_| unknown_tag(&text))
    }
}

/// The user whom the path names.
pub(crate) struct UserInPath(pub UserKey);

impl<S: Send + Sync> FromRequestParts<S> for UserInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = text_in_path(parts, state).await?;
        text.parse().map(Self).map_err(|_| unknown_user(&text))
    }
}

/// The user and the tag that the path names.
pub(crate) struct UserAndTagInPath(pub UserKey, pub TagKey);

impl<S: Send + Sync> FromRequestParts<S> for UserAndTagInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((user, tag)) = path.map_err(|rejected| Problem::invalid(rejected.body_text()))?;
        let key = user.parse().map_err(|_| unknown_user(&user))?;
        let tag = TagKey::new(&tag).map_err(|_| unknown_tag(&tag))?;
        Ok(Self(key, tag))
    }
}

async fn text_in_path<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String, Problem> {
    match Path::from_request_parts(parts, state).await {
        Ok(Path(text)) => Ok(text),
        Err(rejection) => Err(Problem::invalid(rejection.body_text())),
    }
}

/// There is no tag of that key.
pub(crate) fn unknown_tag(key: &str) -> Problem {
    Problem::not_found(format!("there is no tag `{}`", shortened(key)))
}

/// Nobody is known by that key.
pub(crate) fn unknown_user(key: &str) -> Problem {
    Problem::not_found(format!("no user `{}` is known", shortened(key)))
}

/// The user after whom a page begins, if one is named.
pub(crate) fn cursor(after: Option<&str>) -> Result<Option<UserKey>, Problem> {
    let read = |text: &str| {
        text.parse()
            .map_err(|_| Problem::invalid("`after` names no user"))
    };
    after.map(read).transpose()
}

/// What a message can show of a text.
fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}
