//! Tags: all, one, and the members of one.

use axum::Json;
use axum::extract::State;
use domain::{
    Language, LocalizedText, TagDefinition, TagKey, TagStatus, TagValue, Time, UserKey, When,
};
use rules::sentence::{Names, sentence_of_body};
use serde::{Deserialize, Serialize};

use super::{FreshnessAnswer, LONGEST_PAGE, limit};
use crate::app::App;
use crate::asked::{Asked, TagInPath, cursor, unknown_tag};
use crate::found::Search;
use crate::ports::{Member, TagKind, TagOverview, TagPage, ValueCount};
use crate::problem::Problem;

/// The most tags on a page.
const LONGEST_LIST: usize = 20_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    q: Option<String>,
    state: Option<TagStatus>,
    category: Option<String>,
    after: Option<TagKey>,
    limit: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct TagList {
    tags: Vec<TagAnswer>,
    /// How many tags are on all pages.
    count: usize,
    known_users: u64,
    next: Option<TagKey>,
}

#[derive(Serialize)]
struct TagAnswer {
    key: TagKey,
    name: LocalizedText,
    description: LocalizedText,
    category: String,
    kind: &'static str,
    /// The word with which files begin its body.
    form: &'static str,
    status: TagStatus,
    version: u64,
    /// The number of a draft beside it.
    draft: Option<u64>,
    /// The version whose members are counted.
    computed_version: Option<u64>,
    count: u64,
    values: Vec<ValueAnswer>,
    freshness: FreshnessAnswer,
}

#[derive(Serialize)]
struct ValueAnswer {
    value: TagValue,
    count: u64,
}

impl From<&TagOverview> for TagAnswer {
    fn from(tag: &TagOverview) -> Self {
        let definition = &tag.definition;
        Self {
            key: definition.key.clone(),
            name: definition.name.clone(),
            description: definition.description.clone(),
            category: definition.category.clone(),
            kind: kind_name(tag.kind),
            form: definition.body.form(),
            status: definition.state(),
            version: tag.versions.shown,
            draft: tag.versions.draft,
            computed_version: tag.versions.computed,
            count: tag.count,
            values: tag.values.iter().map(ValueAnswer::from).collect(),
            freshness: FreshnessAnswer::from(&tag.freshness),
        }
    }
}

impl From<&ValueCount> for ValueAnswer {
    fn from(value: &ValueCount) -> Self {
        Self {
            value: value.value.clone(),
            count: value.count,
        }
    }
}

fn kind_name(kind: TagKind) -> &'static str {
    match kind {
        TagKind::Condition => "condition",
        TagKind::Layered => "layered",
        TagKind::Metric => "metric",
    }
}

/// `GET /api/v1/tags?q=&state=&category=&after=&limit=`, without a state all that are not archived
pub(super) async fn list(
    State(app): State<App>,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<TagList>, Problem> {
    let overview = app.overview().await?;
    let limit = query
        .limit
        .map_or(Ok(LONGEST_LIST), |asked| limit(Some(asked), LONGEST_LIST))?;
    let search = Search::new(query.q.as_deref(), query.category.as_deref()).in_state(query.state);
    let found: Vec<&TagOverview> = search.among(&overview.tags).collect();
    let first = match &query.after {
        None => 0,
        Some(after) => found
            .iter()
            .position(|tag| tag.definition.key == *after)
            .map(|at| at + 1)
            .ok_or_else(|| Problem::invalid("`after` names no tag of this list"))?,
    };
    let page: Vec<&TagOverview> = found.iter().skip(first).take(limit).copied().collect();
    let is_last = first + page.len() == found.len();
    Ok(Json(TagList {
        tags: page.iter().map(|tag| TagAnswer::from(*tag)).collect(),
        count: found.len(),
        known_users: overview.known_users,
        next: page
            .last()
            .filter(|_| !is_last)
            .map(|tag| tag.definition.key.clone()),
    }))
}

#[derive(Serialize)]
pub(super) struct OneTag {
    #[serde(flatten)]
    tag: TagAnswer,
    known_users: u64,
    /// The rule in both languages; `null` for one with mistakes.
    sentence: Option<LocalizedText>,
    /// As it is written in a file of definitions.
    definition: TagDefinition,
}

/// The rule of a tag in both languages.
fn sentence(definition: &TagDefinition, names: &Names) -> Option<LocalizedText> {
    let said = |language| sentence_of_body(&definition.body, language, names);
    Some(LocalizedText {
        zh: said(Language::Chinese)?,
        en: said(Language::English)?,
    })
}

/// `GET /api/v1/tags/{key}`
pub(super) async fn one(
    State(app): State<App>,
    TagInPath(key): TagInPath,
) -> Result<Json<OneTag>, Problem> {
    let overview = app.overview().await?;
    let tag = overview
        .tag(&key)
        .ok_or_else(|| unknown_tag(key.as_str()))?;
    Ok(Json(OneTag {
        tag: TagAnswer::from(tag),
        known_users: overview.known_users,
        sentence: sentence(&tag.definition, &overview.names()),
        definition: tag.definition.clone(),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MembersQuery {
    value: Option<TagValue>,
    on: Option<When>,
    after: Option<String>,
    limit: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct MembersAnswer {
    tag: TagKey,
    count: u64,
    data_as_of: Option<Time>,
    members: Vec<MemberAnswer>,
    next: Option<UserKey>,
}

#[derive(Serialize)]
struct MemberAnswer {
    user: UserKey,
    values: Vec<TagValue>,
}

impl From<Member> for MemberAnswer {
    fn from(member: Member) -> Self {
        Self {
            user: member.user,
            values: member.values,
        }
    }
}

/// `GET /api/v1/tags/{key}/members?value=&on=&after=&limit=`
pub(super) async fn members(
    State(app): State<App>,
    TagInPath(tag): TagInPath,
    Asked(query): Asked<MembersQuery>,
) -> Result<Json<MembersAnswer>, Problem> {
    let asked = TagPage {
        tag: tag.clone(),
        value: query.value,
        on: query.on,
        after: cursor(query.after.as_deref())?,
        limit: limit(query.limit, LONGEST_PAGE)?,
    };
    let page = app
        .ask(move |platform| platform.members.tag_members(&asked))
        .await?;
    Ok(Json(MembersAnswer {
        tag,
        count: page.count,
        data_as_of: page.data_as_of,
        members: page.members.into_iter().map(MemberAnswer::from).collect(),
        next: page.next,
    }))
}
