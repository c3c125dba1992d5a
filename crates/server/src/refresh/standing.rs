//! How a tag stands: fresh, due, failed; and when it is computed next. A pure function of what is known.

use catalog::{Definitions, TagFreshness, Versioned};
use domain::{LocalizedText, RefreshPolicy, Said, TagDefinition, TagKey, TagStatus, Time, Zone};

use super::AllFreshness;
use crate::config::RefreshConfig;
use crate::display::grouped;
use crate::platform::Platform;

/// What is known of a tag.
#[derive(Clone, Debug)]
pub struct TagState<'a> {
    /// Its definition in force.
    pub definition: &'a Versioned<TagDefinition>,
    /// What came of its computations; `None` before the first.
    pub freshness: Option<&'a TagFreshness>,
    /// What is assumed where the definition says nothing.
    pub config: &'a RefreshConfig,
    /// The zone of its schedule.
    pub zone: Zone,
}

/// How a tag stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its members are as fresh as its policy wants them.
    Fresh,
    /// It is to be computed; until then its last members are shown.
    Due,
    /// It could not be computed; its last members are shown.
    Failed,
    /// It was never computed.
    NotComputed,
    /// It is paused; its last members are shown.
    Paused,
}

impl Standing {
    /// The word for it in answers to programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Due => "due",
            Self::Failed => "failed",
            Self::NotComputed => "not_computed",
            Self::Paused => "paused",
        }
    }
}

domain::words! {
    /// Why a tag is not as fresh as one might wish.
    pub(super) enum Why {
        Paused { key: String },
            "已暂停，保留最后的成员：用 `muster resume {key}` 恢复计算",
            "it is paused and keeps its last members: `muster resume {key}` lets it be computed again";
        Never,
            "还没有计算过",
            "it has not been computed yet";
        OnlyByHand { key: String },
            "还没有计算过：它只在手动计算时刷新，用 `muster compute {key}`",
            "it has not been computed yet: it is computed by hand only, by `muster compute {key}`";
        NewDefinition { computed: u32, defined: u32 },
            "成员来自第 {computed} 版定义，第 {defined} 版等待计算",
            "its members are those of version {computed}; version {defined} waits to be computed";
        NewDefinitionByHand { computed: u32, defined: u32, key: String },
            "成员来自第 {computed} 版定义，第 {defined} 版等待手动计算，用 `muster compute {key}`",
            "its members are those of version {computed}; version {defined} waits to be computed by hand, by `muster compute {key}`";
        LeftOut { count: String },
            "查询结果里有 {count} 行的用户还没有人认识，没有计入",
            "rows of its query that name no known user are left out: {count}";
        Waits { time: String },
            "自 {time} 起等待计算：`muster serve` 或 `muster compute --due` 会计算它",
            "it waits to be computed since {time}: `muster serve` or `muster compute --due` will do it";
    }
}

impl<'a> TagState<'a> {
    /// The states of all tags in force.
    pub fn all(
        definitions: &'a Definitions,
        freshness: &'a AllFreshness,
        platform: &'a Platform,
    ) -> impl Iterator<Item = Self> {
        definitions.tags.iter().map(|definition| Self {
            definition,
            freshness: freshness.get(&definition.definition.key),
            config: &platform.config.refresh,
            zone: zone_of(&definition.definition, &platform.zone),
        })
    }

    /// The policy in force.
    pub fn policy(&self) -> &'a RefreshPolicy {
        let own = self.definition.definition.refresh.as_ref();
        own.unwrap_or(&self.config.default)
    }

    /// Its key.
    pub fn key(&self) -> &'a TagKey {
        &self.definition.definition.key
    }

    /// Whether it is not computed at present.
    pub fn is_paused(&self) -> bool {
        self.definition.definition.state() == TagStatus::Paused
    }

    /// Whether only somebody's hand makes it.
    pub fn is_by_hand(&self) -> bool {
        *self.policy() == RefreshPolicy::ByHand
    }

    /// Whether it is computed as soon as something has changed.
    pub fn follows_changes(&self) -> bool {
        *self.policy() == RefreshPolicy::RealTime && !self.is_paused()
    }

    /// Whether its members are those of its definition in force.
    pub fn is_of_current_version(&self) -> bool {
        let success = self.freshness.and_then(|fresh| fresh.success);
        success.is_some_and(|success| success.version == self.definition.version)
    }

    /// When it is computed next; `None` where only somebody's hand makes it.
    pub fn next_run(&self) -> Option<Time> {
        if self.is_by_hand() || self.is_paused() {
            return None;
        }
        let changed_at = self.definition.updated_at;
        let Some(fresh) = self.freshness else {
            return Some(changed_at);
        };
        if fresh.attempted_version != self.definition.version {
            return Some(changed_at);
        }
        let last = fresh.attempted_at;
        if fresh.failures > 0 {
            return last.checked_add(self.config.pause(fresh.failures));
        }
        match self.policy() {
            RefreshPolicy::RealTime => last.checked_add(self.config.real_time_check.0),
            policy => policy.next_after(last, &self.zone),
        }
    }

    /// Whether it is to be computed at an instant.
    pub fn is_due(&self, now: Time) -> bool {
        if self.is_by_hand() || self.is_paused() {
            return false;
        }
        let is_over = self.next_run().is_some_and(|next| next <= now);
        let attempted = self.freshness.map(|fresh| fresh.attempted_version);
        is_over || attempted != Some(self.definition.version)
    }

    /// How it stands at an instant.
    pub fn standing(&self, now: Time) -> Standing {
        if self.is_paused() {
            return Standing::Paused;
        }
        let Some(fresh) = self.freshness else {
            return Standing::NotComputed;
        };
        if fresh.error.is_some() {
            return Standing::Failed;
        }
        match (
            fresh.success,
            self.is_due(now) || !self.is_of_current_version(),
        ) {
            (None, _) => Standing::NotComputed,
            (Some(_), true) => Standing::Due,
            (Some(_), false) => Standing::Fresh,
        }
    }

    /// Why it does not stand better, or what its freshness leaves out, in words for its author; `None` where all is well.
    pub fn why(&self, now: Time) -> Option<LocalizedText> {
        let key = self.key().to_string();
        let is_by_hand = self.is_by_hand();
        let version = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let defined = version(self.definition.version);
        let computed = self.freshness.and_then(|fresh| fresh.success);
        let left_out = computed.map_or(0, |success| success.members.left_out);
        let computed = computed.map_or(0, |success| version(success.version));
        let why = match self.standing(now) {
            Standing::Fresh if left_out > 0 => Why::LeftOut {
                count: grouped(left_out),
            },
            Standing::Fresh => return None,
            Standing::Paused => Why::Paused { key },
            Standing::Failed => return self.freshness?.error.clone(),
            Standing::NotComputed if is_by_hand => Why::OnlyByHand { key },
            Standing::NotComputed => Why::Never,
            Standing::Due if self.is_of_current_version() => Why::Waits {
                time: self.next_run()?.to_string(),
            },
            Standing::Due if is_by_hand => Why::NewDefinitionByHand {
                computed,
                defined,
                key,
            },
            Standing::Due => Why::NewDefinition { computed, defined },
        };
        Some(why.in_both())
    }
}

/// The zone of a tag's calendar and schedule.
fn zone_of(tag: &TagDefinition, workspace: &Zone) -> Zone {
    let own = tag.timezone.as_deref().map(Zone::named);
    own.and_then(Result::ok)
        .unwrap_or_else(|| workspace.clone())
}
