//! The file format: what a scenario may say.
//!
//! A file is a YAML stream of scenarios (JSON, being YAML, too). Unknown keys are errors.

mod forms;
mod repeated;
mod sections;
mod supply;

use std::collections::BTreeMap;

use domain::{AudienceDefinition, Date, ListKey, TagDefinition, Time};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_saphyr::Spanned;

use self::sections::{or_default, several};
pub use self::supply::Supply;
use super::exact::{Exact, Lines};
use crate::table::WrittenTable;
use crate::tracking_plan::WrittenEvent;
use crate::yaml;

/// A test of tags: steps in time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows.
    pub scenario: Spanned<String>,
    /// The zone of the workspace; UTC if left out.
    pub timezone: Option<String>,
    /// How long events are kept, such as `30d`; for ever if left out.
    pub event_retention: Option<String>,
    /// What happens, one after the other.
    #[serde(deserialize_with = "several")]
    pub steps: Vec<Step>,
}

/// Something happens, and then something must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The clock; left out, that of the step before.
    pub at: Option<Instant>,
    /// Definitions, which replace those of the same key.
    #[serde(default, deserialize_with = "or_default")]
    pub define: Define,
    /// Events, in the order in which they arrive.
    #[serde(default, deserialize_with = "several")]
    pub ingest: Vec<Ingest>,
    /// Members of tags that people supply, one after the other.
    #[serde(default, deserialize_with = "several")]
    pub supply: Vec<Supply>,
    /// What must hold after the refresh.
    #[serde(default, deserialize_with = "or_default")]
    pub expect: Expect,
}

/// Definitions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Define {
    /// Files and folders of definitions that are taken over before what is defined here, as seen
    /// from the folder of this file.
    #[serde(default)]
    pub from: Texts,
    /// Tags.
    #[serde(default, deserialize_with = "several")]
    pub tags: Vec<TagDefinition>,
    /// Keys of tags whose drafts are put in force.
    #[serde(default)]
    pub publish: Texts,
    /// Audiences.
    #[serde(default, deserialize_with = "several")]
    pub audiences: Vec<AudienceDefinition>,
    /// Lists with their members.
    #[serde(default, deserialize_with = "several")]
    pub lists: Vec<List>,
    /// Tables with their rows.
    #[serde(default, deserialize_with = "several")]
    pub tables: Vec<WrittenTable>,
    /// Events of the tracking plan.
    #[serde(default, deserialize_with = "several")]
    pub events: Vec<WrittenEvent>,
}

impl Define {
    /// Whether it defines the tag or audience of that key itself.
    pub fn has_rule(&self, kind: &str, key: &str) -> bool {
        match kind {
            "tag" => self.tags.iter().any(|tag| tag.key.as_str() == key),
            _ => self.audiences.iter().any(|one| one.key.as_str() == key),
        }
    }
}

/// A list and its members: users or values, not both.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// What rules call it.
    pub key: ListKey,
    /// Keys of users.
    pub users: Option<Names>,
    /// Values.
    pub values: Option<Vec<Exact>>,
}

/// An event: whose, when, and one of `track`, `identify`, `page`, `screen`, `group`, `alias` and
/// `holdings`; or one of `link`, `merge`, `split`, `erase` and `import`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingest {
    /// The user's account.
    pub user: Option<String>,
    /// The visitor's id, where there is no account.
    pub anonymous: Option<String>,
    /// The name of what happened.
    pub track: Option<String>,
    /// Attributes: each is set as a whole, null unsets it, a name with dots sets that path.
    pub identify: Option<Exact>,
    /// The name of the page that was seen.
    pub page: Option<String>,
    /// The name of the screen that was seen.
    pub screen: Option<String>,
    /// When it happened; left out, at the step's instant.
    pub at: Option<Exact>,
    /// As many events as this, the first one at `at`.
    pub times: Option<u32>,
    /// How long each of them is after the one before: `1h`.
    pub every: Option<String>,
    /// When it arrived; left out, at the step's instant.
    pub received_at: Option<Instant>,
    /// What is known about it.
    pub properties: Option<Exact>,
    /// The sender's id of it: the same id of the same source counts once.
    pub message_id: Option<String>,
    /// What brought it.
    pub source: Option<String>,
    /// The visitor's id that the user had before.
    pub alias: Option<String>,
    /// Identities that were seen together: the others with the first, or all with `user`.
    pub link: Option<Names>,
    /// Identities that are not one user: the others with the first, or all with `user`.
    pub split: Option<Names>,
    /// Identities that are one user, whatever they were before.
    pub merge: Option<Names>,
    /// Users of whom nothing is kept.
    pub erase: Option<Names>,
    /// Users who are known from then on.
    pub import: Option<Import>,
    /// All that is held in this identity's wallet: it replaces what was, and adds to what other
    /// identities of the user hold.
    pub holdings: Option<Exact>,
    /// The id of a group to which the user belongs.
    pub group: Option<String>,
    /// What is known about the group.
    pub traits: Option<Exact>,
    /// Where and with what it was sent.
    pub context: Option<Exact>,
    /// The place in the source's own order, for sources that have one; 0 if left out.
    pub position: Option<u64>,
}

/// An import; its users may stand alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Keys of users.
    pub users: Names,
}

impl Ingest {
    /// When it happened, if it says so.
    ///
    /// # Errors
    /// In words, for what is no time.
    pub fn instant(&self, lines: &Lines<'_>) -> Result<Option<Time>, String> {
        let Some(at) = &self.at else {
            return Ok(None);
        };
        let written = at.json(lines);
        let text = written
            .as_str()
            .map_or_else(|| written.to_string(), str::to_owned);
        let date = || Date::parse(&text).map(Date::midnight_utc);
        match Time::parse(&text).or_else(date) {
            Some(time) => Ok(Some(time)),
            None => Err(format!(
                "`{text}` is no time such as `2026-11-01T10:00:00Z`"
            )),
        }
    }
}

/// What must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Who has which tag.
    #[serde(default, deserialize_with = "or_default")]
    pub tags: BTreeMap<String, Members>,
    /// Who is in which audience.
    #[serde(default, deserialize_with = "or_default")]
    pub audiences: BTreeMap<String, Members>,
    /// The attributes of users, by dotted paths; null: not set.
    #[serde(default, deserialize_with = "or_default")]
    pub attributes: BTreeMap<String, BTreeMap<String, Exact>>,
    /// The values of tags, by user; null: none.
    #[serde(default, deserialize_with = "or_default")]
    pub values: BTreeMap<String, BTreeMap<String, Exact>>,
    /// How many users have which tag.
    #[serde(default, deserialize_with = "or_default")]
    pub counts: BTreeMap<String, Counts>,
    /// Who got a tag, compared with the step before.
    #[serde(default, deserialize_with = "or_default")]
    pub entered: BTreeMap<String, Members>,
    /// Who lost a tag.
    #[serde(default, deserialize_with = "or_default")]
    pub left: BTreeMap<String, Members>,
    /// Definitions of this step that are refused, with a part of the message.
    #[serde(default, deserialize_with = "or_default")]
    pub rejected: Said,
    /// What is said about definitions of this step that are accepted.
    #[serde(default, deserialize_with = "or_default")]
    pub hints: Said,
}

/// Users: exactly these; at each value named exactly these; or some who are in and some not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Exactly these.
    pub exactly: Option<Vec<String>>,
    /// By value, exactly these.
    pub by_value: BTreeMap<String, Vec<String>>,
    /// At least these.
    pub includes: Vec<String>,
    /// None of these.
    pub excludes: Vec<String>,
}

/// A number of users, or one for each value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Of a tag, whatever its value.
    All(u64),
    /// By value.
    ByValue(BTreeMap<String, u64>),
}

/// Names of users: one, or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

/// What is said of definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// By the key of the definition.
    ByKey(BTreeMap<String, Texts>),
    /// Of whichever.
    OfAny(Texts),
}

impl Default for Said {
    fn default() -> Self {
        Self::ByKey(BTreeMap::new())
    }
}

/// One text or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<String>);

/// An instant, or a date, which is its first instant in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub Time);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        Time::parse(&written)
            .or_else(|| Date::parse(&written).map(Date::midnight_utc))
            .map(Self)
            .ok_or_else(|| {
                D::Error::custom(format!(
                    "`{written}` is no time such as `2026-11-01T10:00:00Z`"
                ))
            })
    }
}

/// The scenarios of a file, each by itself: a mistake in one leaves the others.
pub fn read(text: &str) -> Vec<Result<Scenario, serde_saphyr::Error>> {
    let mut bytes = text.as_bytes();
    let documents = serde_saphyr::read_with_options(&mut bytes, yaml::options());
    let scenarios = documents.flat_map(|document: Result<Document, _>| match document {
        Ok(Document(scenarios)) => scenarios.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    });
    scenarios.collect()
}

/// A document of a file: a scenario, or a list of them.
#[derive(Clone, Debug)]
struct Document(Vec<Scenario>);
