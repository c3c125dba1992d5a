//! The ports in memory, for tests and examples: what is put in is what is answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Signature, TagKey, TagValue, Time, UserKey};

use super::by_hand::{ByHand, Setting, SettingDone, SettingTo};
use super::explanation::{Explanation, ExplanationQuestion, Subject};
use super::life::{Life, Previewed, TagChange, TagVersion, WhatIf};
use super::lineage::{Lineage, UnusedTag, Uses};
use super::past::{DifferenceQuestion, Past, TagDifference, TagTrend};
use super::{
    Catalogue, Member, MemberPage, Members, Overview, Profile, RuleAnswer, RuleQuestion, TagPage,
    UserTag, UserTags,
};
use crate::Error;

/// A platform whose answers were put in.
#[derive(Clone, Debug, Default)]
pub struct MemoryPlatform {
    /// What is defined.
    pub overview: Arc<Overview>,
    /// Why it is not ready; `None`: it is.
    pub unready: Option<String>,
    /// The users who are known.
    pub users: BTreeMap<UserKey, MemoryUser>,
    /// For whom a rule holds, by its text. A rule that follows the grammar and is not here holds
    /// for nobody.
    pub rules: BTreeMap<String, Vec<UserKey>>,
    /// What is answered when a tag or a rule is explained for a user.
    pub explanations: Vec<Explanation>,
    /// The versions of tags.
    pub versions: BTreeMap<TagKey, Vec<TagVersion>>,
    /// What any change would do.
    pub what_if: WhatIf,
    /// How tags went.
    pub trends: BTreeMap<TagKey, TagTrend>,
    /// What is answered when points of a tag's past are compared, whichever they are.
    pub differences: BTreeMap<TagKey, TagDifference>,
    /// What uses what.
    pub lineage: Vec<Uses>,
    /// The tags that mean the same.
    pub duplicates: Vec<Vec<TagKey>>,
    /// The tags that nobody needs.
    pub unused: Vec<UnusedTag>,
    /// As of when everything is true; `None`: nothing was computed.
    pub data_as_of: Option<Time>,
}

/// A user who was put in.
#[derive(Clone, Debug)]
pub struct MemoryUser {
    /// What is known.
    pub profile: Profile,
    /// The user's tags with their values.
    pub tags: BTreeMap<TagKey, Vec<TagValue>>,
}

impl Catalogue for MemoryPlatform {
    fn overview(&self) -> Result<Arc<Overview>, Error> {
        Ok(Arc::clone(&self.overview))
    }

    fn unready(&self) -> Option<String> {
        self.unready.clone()
    }
}

impl Members for MemoryPlatform {
    fn tag_members(&self, asked: &TagPage) -> Result<MemberPage, Error> {
        if self.overview.tag(&asked.tag).is_none() {
            return Err(Error::NotFound(format!("there is no tag `{}`", asked.tag)));
        }
        let has_value = |values: &[TagValue]| {
            asked
                .value
                .as_ref()
                .is_none_or(|value| values.contains(value))
        };
        let members = self.users.iter().filter_map(|(user, known)| {
            let values = known
                .tags
                .get(&asked.tag)
                .filter(|values| has_value(values))?;
            Some(Member {
                user: user.clone(),
                values: values.clone(),
            })
        });
        let members: Vec<Member> = members.collect();
        let users: Vec<UserKey> = members.iter().map(|member| member.user.clone()).collect();
        let (first, next) = self.page(&users, asked.after.as_ref(), asked.limit)?;
        Ok(MemberPage {
            count: count(&members),
            members: members.into_iter().skip(first).take(asked.limit).collect(),
            next,
            data_as_of: self.data_as_of,
        })
    }

    fn rule_members(&self, asked: &RuleQuestion) -> Result<RuleAnswer, Error> {
        rules::parse(&asked.rule).map_err(Error::Rule)?;
        let users = self
            .rules
            .get(&asked.rule)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let (first, next) = self.page(users, asked.after.as_ref(), asked.limit)?;
        Ok(RuleAnswer {
            count: count(users),
            error: None,
            known_users: self.overview.known_users,
            members: users
                .iter()
                .skip(first)
                .take(asked.limit)
                .cloned()
                .collect(),
            next: next.filter(|_| asked.limit > 0),
            data_as_of: asked
                .as_of
                .or(self.data_as_of)
                .unwrap_or(Time::from_millis(0)),
            rows_to_read: 0,
            diagnostics: Vec::new(),
        })
    }

    fn user_tags(&self, user: &UserKey) -> Result<Option<UserTags>, Error> {
        let Some(known) = self.users.get(user) else {
            return Ok(None);
        };
        let tags = known.tags.iter();
        let tags = tags.map(|(tag, values)| UserTag {
            tag: tag.clone(),
            values: values.clone(),
        });
        Ok(Some(UserTags {
            tags: tags.collect(),
            data_as_of: self.data_as_of,
        }))
    }

    fn profile(&self, user: &UserKey, events: usize) -> Result<Option<Profile>, Error> {
        let profile = self.users.get(user).map(|known| known.profile.clone());
        Ok(profile.map(|mut profile| {
            profile.recent_events.truncate(events);
            profile
        }))
    }

    fn explain(&self, asked: &ExplanationQuestion) -> Result<Option<Explanation>, Error> {
        match &asked.of {
            Subject::Tag(tag) if self.overview.tag(tag).is_none() => {
                return Err(Error::NotFound(format!("there is no tag `{tag}`")));
            }
            Subject::Rule(text) => drop(rules::parse(text).map_err(Error::Rule)?),
            Subject::Tag(_) | Subject::Audience(_) => {}
        }
        let user = asked.user.to_string();
        let is_asked = |of: &Subject| match (of, &asked.of) {
            (Subject::Audience(key), Subject::Rule(text)) => *text == format!("in audience({key})"),
            (of, asked) => of == asked,
        };
        let mut explanations = self.explanations.iter();
        Ok(explanations
            .find(|explanation| is_asked(&explanation.of) && explanation.user == user)
            .cloned())
    }
}

impl ByHand for MemoryPlatform {
    fn set(&self, setting: &Setting, _: &Signature) -> Result<SettingDone, Error> {
        if self.overview.tag(&setting.tag).is_none() {
            let message = format!("there is no tag `{}`", setting.tag);
            return Err(Error::NotFound(message));
        }
        let Some(known) = self.users.get(&setting.user) else {
            let message = format!("there is no user `{}`", setting.user);
            return Err(Error::NotFound(message));
        };
        let (tag, mut done) = (setting.tag.clone(), SettingDone::default());
        match (&setting.to, known.tags.get(&tag)) {
            (SettingTo::Set(value), None) => {
                let values = value.as_deref().map(TagValue::new).into_iter().collect();
                done.entered.push(UserTag { tag, values });
            }
            (SettingTo::Unset, Some(values)) => {
                let values = values.clone();
                done.left.push(UserTag { tag, values });
            }
            _ => {}
        }
        Ok(done)
    }
}

impl Life for MemoryPlatform {
    fn versions(&self, tag: &TagKey) -> Result<Vec<TagVersion>, Error> {
        if let Some(versions) = self.versions.get(tag) {
            return Ok(versions.clone());
        }
        match self.overview.tag(tag) {
            Some(_) => Ok(Vec::new()),
            None => Err(Error::NotFound(format!("there is no tag `{tag}`"))),
        }
    }

    fn preview(&self, change: &TagChange, _: &Previewed) -> Result<WhatIf, Error> {
        self.changed(change)
    }

    fn make(&self, change: &TagChange, _: &Signature) -> Result<WhatIf, Error> {
        let effect = self.changed(change)?;
        match effect.mistakes.as_slice() {
            [] => Ok(WhatIf {
                effects: Vec::new(),
                ..effect
            }),
            mistakes => Err(Error::Definitions(mistakes.to_vec())),
        }
    }
}

impl Past for MemoryPlatform {
    fn trend(&self, tag: &TagKey, _: u32) -> Result<TagTrend, Error> {
        let unknown = || Error::NotFound(format!("there is no tag `{tag}`"));
        self.overview.tag(tag).ok_or_else(unknown)?;
        Ok(self.trends.get(tag).cloned().unwrap_or_default())
    }

    fn difference(&self, asked: &DifferenceQuestion) -> Result<TagDifference, Error> {
        let found = self.differences.get(&asked.tag).cloned();
        found.ok_or_else(|| Error::NotFound(format!("there is no tag `{}`", asked.tag)))
    }
}

impl Lineage for MemoryPlatform {
    fn uses(&self, key: &str, kind: Option<&str>) -> Result<Vec<Uses>, Error> {
        let is_asked =
            |uses: &&Uses| uses.thing.key == key && kind.is_none_or(|kind| uses.thing.kind == kind);
        let found: Vec<Uses> = self.lineage.iter().filter(is_asked).cloned().collect();
        match found.is_empty() {
            true => Err(Error::NotFound(format!("nothing is called `{key}`"))),
            false => Ok(found),
        }
    }

    fn duplicates(&self) -> Result<Vec<Vec<TagKey>>, Error> {
        Ok(self.duplicates.clone())
    }

    fn unused(&self, _: u32) -> Result<Vec<UnusedTag>, Error> {
        Ok(self.unused.clone())
    }
}

impl MemoryPlatform {
    fn changed(&self, change: &TagChange) -> Result<WhatIf, Error> {
        let is_new = matches!(change, TagChange::Put(_));
        if is_new || self.overview.tag(change.tag()).is_some() {
            return Ok(self.what_if.clone());
        }
        let message = format!("there is no tag `{}`", change.tag());
        Err(Error::NotFound(message))
    }

    /// Where the page begins, and after whom the next one does.
    fn page(
        &self,
        users: &[UserKey],
        after: Option<&UserKey>,
        limit: usize,
    ) -> Result<(usize, Option<UserKey>), Error> {
        let first = match after {
            None => 0,
            Some(after) if self.users.contains_key(after) => {
                users.partition_point(|user| user <= after)
            }
            Some(after) => return Err(Error::Invalid(format!("no user `{after}` is known"))),
        };
        let end = first.saturating_add(limit);
        let last = end.checked_sub(1).and_then(|last| users.get(last));
        Ok((first, last.filter(|_| end < users.len()).cloned()))
    }
}

fn count<T>(members: &[T]) -> u64 {
    u64::try_from(members.len()).unwrap_or(u64::MAX)
}
