//! Which events.

use super::speaker::{Speaker, Subject, say};
use crate::located::Located;
use crate::tree::{EventPattern, Expression};

/// How many events are spoken of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoken {
    /// `the first swap event`
    One,
    /// `the number of swap events`
    Several,
    /// `the user did swap`
    Done,
    /// `the next swap`, `no swap`
    Next,
}

impl Speaker<'_> {
    /// The events of an aggregate with what is demanded of them.
    pub(super) fn events(
        &self,
        patterns: &[Located<EventPattern>],
        filter: Option<&Expression>,
        spoken: Spoken,
    ) -> String {
        let events = self.patterns(patterns, spoken);
        let subject = match patterns {
            [] => self.grouped,
            _ => Subject::Events,
        };
        self.filtered(events, filter, subject)
    }

    fn patterns(&self, patterns: &[Located<EventPattern>], spoken: Spoken) -> String {
        if patterns.is_empty() {
            return match self.grouped {
                Subject::Elements => say!(self, "组内元素", "elements of the group"),
                _ => say!(self, "组内事件", "events of the group"),
            };
        }
        let (changes, sent): (Vec<_>, Vec<_>) = patterns
            .iter()
            .map(|pattern| &pattern.node)
            .partition(|pattern| pattern.is_derived());
        let sent = (!sent.is_empty()).then(|| self.sent(&sent, spoken));
        let changes = changes
            .into_iter()
            .filter_map(|change| self.change(change, spoken));
        let said: Vec<String> = sent.into_iter().chain(changes).collect();
        said.join(&say!(self, " 或 ", " or "))
    }

    /// Events that were sent.
    fn sent(&self, patterns: &[&EventPattern], spoken: Spoken) -> String {
        let is_named = patterns
            .iter()
            .all(|pattern| matches!(pattern, EventPattern::Name(_) | EventPattern::Event(_)));
        let kinds: Vec<String> = patterns
            .iter()
            .map(|pattern| self.pattern(pattern))
            .collect();
        let kinds = kinds.join(&say!(self, " 或 ", " or "));
        if is_named {
            return match spoken {
                Spoken::Done | Spoken::Next => kinds,
                Spoken::One => say!(self, "{kinds}", "{kinds} event"),
                Spoken::Several => say!(self, "{kinds}", "{kinds} events"),
            };
        }
        let is_any = patterns
            .iter()
            .any(|pattern| **pattern == EventPattern::Any);
        let kinds = match is_any {
            true => say!(self, "任何事件", "of any kind"),
            false => say!(self, "{kinds}", "called {kinds}"),
        };
        match spoken {
            Spoken::Done => say!(self, "{kinds}", "an event {kinds}"),
            Spoken::One | Spoken::Next => say!(self, "{kinds}", "event {kinds}"),
            Spoken::Several => say!(self, "{kinds}", "events {kinds}"),
        }
    }

    fn pattern(&self, pattern: &EventPattern) -> String {
        match pattern {
            EventPattern::Name(name) | EventPattern::Event(name) => self.event(name),
            EventPattern::Prefix(prefix) => {
                let prefix = self.name(prefix);
                say!(self, "以 {prefix} 开头的事件", "{prefix}…")
            }
            EventPattern::Any => say!(self, "任何事件", "anything"),
            change @ (EventPattern::Changed(_)
            | EventPattern::Entered(_)
            | EventPattern::Left(_)
            | EventPattern::Linked(_)
            | EventPattern::Unlinked(_)) => self.change(change, Spoken::One).unwrap_or_default(),
        }
    }
}
