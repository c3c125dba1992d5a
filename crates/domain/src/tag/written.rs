//! The flat form in which a tag's definition is written in YAML and JSON.

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};

use super::supplied::{Supplied, SuppliedForm, Supplier};
use super::{Case, Keep, Lifecycle, Lookalike, Rfm, TagBody, TagDefinition, TagStatus};
use crate::{Date, Error, LocalizedText, RefreshPolicy, TagKey, Time};

/// All keys that a tag's definition may have; which go together, the conversion decides.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    key: TagKey,
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    name: LocalizedText,
    #[serde(default, skip_serializing_if = "LocalizedText::is_empty")]
    description: LocalizedText,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    category: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cases: Option<Vec<Case>>,
    #[serde(default, rename = "else", skip_serializing_if = "Option::is_none")]
    otherwise: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keep: Option<Keep>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rfm: Option<Rfm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lifecycle: Option<Lifecycle>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lookalike: Option<Lookalike>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    imported: Option<SuppliedForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_hand: Option<SuppliedForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sql: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
    #[serde(
        default,
        deserialize_with = "instant_or_day",
        skip_serializing_if = "Option::is_none"
    )]
    as_of: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh: Option<RefreshPolicy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<TagStatus>,
}

/// An instant; a day is its first instant in UTC.
fn instant_or_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    let Some(written) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    match Date::parse(&written) {
        Some(day) => Ok(Some(day.midnight_utc())),
        None => written.parse().map(Some).map_err(D::Error::custom),
    }
}

impl TryFrom<Written> for TagDefinition {
    type Error = Error;

    fn try_from(written: Written) -> Result<Self, Error> {
        let refuse = |what: &str| Error::InvalidDefinition {
            problem: format!("tag `{}` {what}", written.key),
        };
        let is_layered = written.cases.is_some();
        if !is_layered && (written.otherwise.is_some() || written.keep.is_some()) {
            return Err(refuse("has `else` or `keep`, which go with `cases` only"));
        }
        if written.cases.as_ref().is_some_and(Vec::is_empty) {
            return Err(refuse("has no case: write at least one, or a `rule`"));
        }
        let cases = written.cases.map(|cases| TagBody::Cases {
            cases,
            otherwise: written.otherwise,
            keep: written.keep.unwrap_or_default(),
        });
        let supplied = |by, form: SuppliedForm| TagBody::Supplied(Supplied { by, of: form.of });
        let bodies = [
            written.rule.map(TagBody::Rule),
            cases,
            written.value.map(TagBody::Value),
            written.rfm.map(TagBody::Rfm),
            written.lifecycle.map(TagBody::Lifecycle),
            written.lookalike.map(TagBody::Lookalike),
            written
                .imported
                .map(|form| supplied(Supplier::Import, form)),
            written.by_hand.map(|form| supplied(Supplier::Hand, form)),
            written.sql.map(TagBody::Sql),
        ];
        let mut bodies = bodies.into_iter().flatten();
        let (Some(body), None) = (bodies.next(), bodies.next()) else {
            return Err(refuse(
                "needs exactly one of `rule`, `cases`, `value`, `rfm`, `lifecycle`, `lookalike`, `imported`, `by_hand` and `sql`",
            ));
        };
        if matches!(body, TagBody::Supplied(_))
            && (written.as_of.is_some() || written.timezone.is_some())
        {
            return Err(refuse(
                "has `as_of` or `timezone`, which go with rules only: people supply its members",
            ));
        }
        Ok(Self {
            name: written.name,
            description: written.description,
            category: written.category,
            timezone: written.timezone,
            as_of: written.as_of,
            refresh: written.refresh,
            status: written.status,
            ..Self::new(written.key, body)
        })
    }
}

impl From<TagDefinition> for Written {
    fn from(tag: TagDefinition) -> Self {
        let mut written = Self {
            key: tag.key,
            name: tag.name,
            description: tag.description,
            category: tag.category,
            rule: None,
            cases: None,
            otherwise: None,
            keep: None,
            value: None,
            rfm: None,
            lifecycle: None,
            lookalike: None,
            imported: None,
            by_hand: None,
            sql: None,
            timezone: tag.timezone,
            as_of: tag.as_of,
            refresh: tag.refresh,
            status: tag.status,
        };
        match tag.body {
            TagBody::Rule(rule) => written.rule = Some(rule),
            TagBody::Value(value) => written.value = Some(value),
            TagBody::Rfm(rfm) => written.rfm = Some(rfm),
            TagBody::Lifecycle(lifecycle) => written.lifecycle = Some(lifecycle),
            TagBody::Lookalike(lookalike) => written.lookalike = Some(lookalike),
            TagBody::Sql(sql) => written.sql = Some(sql),
            TagBody::Supplied(Supplied { by, of }) => {
                let form = Some(SuppliedForm { of });
                match by {
                    Supplier::Import => written.imported = form,
                    Supplier::Hand => written.by_hand = form,
                }
            }
            TagBody::Cases {
                cases,
                otherwise,
                keep,
            } => {
                written.cases = Some(cases);
                written.otherwise = otherwise;
                written.keep = (keep != Keep::First).then_some(keep);
            }
        }
        written
    }
}
