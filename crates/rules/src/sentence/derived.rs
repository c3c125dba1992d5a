//! Changes as events, in words.

use super::event::Spoken;
use super::speaker::{Speaker, say};
use crate::located::Located;
use crate::tree::{EventPattern, Expression};

impl EventPattern {
    /// Whether it is an event that nobody sent.
    pub(super) fn is_derived(&self) -> bool {
        matches!(
            self,
            Self::Changed(_)
                | Self::Linked(_)
                | Self::Unlinked(_)
                | Self::Entered(_)
                | Self::Left(_)
        )
    }
}

impl Speaker<'_> {
    /// A change: `a change of level`. Other events are said elsewhere.
    pub(super) fn change(&self, pattern: &EventPattern, spoken: Spoken) -> Option<String> {
        let said = match pattern {
            EventPattern::Changed(path) => {
                let path = self.path(&path.node);
                match spoken {
                    Spoken::Done => say!(self, "{path} 的变更", "a change of {path}"),
                    Spoken::One | Spoken::Next => say!(self, "{path} 的变更", "change of {path}"),
                    Spoken::Several => say!(self, "{path} 的变更", "changes of {path}"),
                }
            }
            EventPattern::Linked(sort) => {
                let sort = self.identity_sort(&sort.node);
                match spoken {
                    Spoken::Done => say!(self, "{sort}的绑定", "a linking of {sort}"),
                    Spoken::One | Spoken::Next => say!(self, "{sort}的绑定", "linking of {sort}"),
                    Spoken::Several => say!(self, "{sort}的绑定", "linkings of {sort}"),
                }
            }
            EventPattern::Unlinked(sort) => {
                let sort = self.identity_sort(&sort.node);
                match spoken {
                    Spoken::Done => say!(self, "{sort}的解绑", "an unlinking of {sort}"),
                    Spoken::One | Spoken::Next => say!(self, "{sort}的解绑", "unlinking of {sort}"),
                    Spoken::Several => say!(self, "{sort}的解绑", "unlinkings of {sort}"),
                }
            }
            EventPattern::Entered(tag) => {
                let tag = self.tag(&tag.node);
                match spoken {
                    Spoken::Done => say!(self, "获得标签 {tag}", "an entry into the tag {tag}"),
                    Spoken::One | Spoken::Next => {
                        say!(self, "获得标签 {tag}", "entry into the tag {tag}")
                    }
                    Spoken::Several => say!(self, "获得标签 {tag}", "entries into the tag {tag}"),
                }
            }
            EventPattern::Left(tag) => {
                let tag = self.tag(&tag.node);
                match spoken {
                    Spoken::Done => say!(self, "失去标签 {tag}", "an exit from the tag {tag}"),
                    Spoken::One | Spoken::Next => {
                        say!(self, "失去标签 {tag}", "exit from the tag {tag}")
                    }
                    Spoken::Several => say!(self, "失去标签 {tag}", "exits from the tag {tag}"),
                }
            }
            EventPattern::Name(_)
            | EventPattern::Event(_)
            | EventPattern::Prefix(_)
            | EventPattern::Any => return None,
        };
        Some(said)
    }

    /// `tag(k) at t` as a condition.
    pub(super) fn had_tag(&self, tag: &str, at: &Expression) -> String {
        let (tag, at) = (self.tag(tag), self.operand(at));
        say!(
            self,
            "在 {at} 时有标签 {tag}",
            "the user had the tag {tag} at {at}"
        )
    }

    /// That events happened, which the user does or which befall the user.
    pub(super) fn happened(
        &self,
        patterns: &[Located<EventPattern>],
        when: &str,
        events: &str,
    ) -> String {
        if patterns.iter().all(|pattern| pattern.node.is_derived()) {
            return say!(self, "{when}发生过 {events}", "there was {events}{when}");
        }
        say!(self, "{when}做过 {events}", "the user did {events}{when}")
    }

    /// That none of the events happened.
    pub(super) fn did_not_happen(
        &self,
        patterns: &[Located<EventPattern>],
        when: &str,
        events: &str,
    ) -> String {
        if patterns.iter().all(|pattern| pattern.node.is_derived()) {
            return say!(
                self,
                "{when}没有发生过 {events}",
                "there was not {events}{when}"
            );
        }
        say!(
            self,
            "{when}没有做过 {events}",
            "the user did not do {events}{when}"
        )
    }
}
