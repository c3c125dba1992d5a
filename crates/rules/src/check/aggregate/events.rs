//! Which events an aggregate takes, and what is known of their properties.

use std::collections::BTreeSet;

use domain::{EventName, nearest};

use super::Checker;
use crate::check::name::is_known;
use crate::check::scope::{EventScope, Scope};
use crate::checked::{DerivedEvent, EventSelector};
use crate::located::{Located, TextRange};
use crate::mistake::{Aggregates, Correction, Groups, Names};
use crate::print::{event_text, printed_name};
use crate::tree::EventPattern;

impl Checker<'_> {
    /// The events of an aggregate. In a group they are among the group's; `count()` takes all
    /// of them.
    pub(in crate::check) fn events_in(
        &mut self,
        range: TextRange,
        patterns: &[Located<EventPattern>],
        scope: Scope<'_>,
    ) -> Option<(EventSelector, EventScope)> {
        let Scope::Group(group) = scope else {
            if patterns.is_empty() {
                return self.fail(range, Aggregates::NoEvent);
            }
            return Some(self.events(patterns));
        };
        if patterns.is_empty() {
            return Some((group.events.clone(), group.of_event.clone()));
        }
        let (events, of_event) = self.events(patterns);
        if let Some(outside) = outside(&events, &group.events) {
            let mistake = Groups::OtherEvent {
                name: &outside,
                all: &group.of_event.written,
            };
            return self.fail(range, mistake);
        }
        if covers(&events, &group.events) {
            return Some((group.events.clone(), of_event));
        }
        Some((events, of_event))
    }

    /// The events selected, and what is known of their properties.
    pub(in crate::check) fn events(
        &mut self,
        patterns: &[Located<EventPattern>],
    ) -> (EventSelector, EventScope) {
        let mut selector = EventSelector::default();
        let mut written = Vec::new();
        let mut scope = EventScope::default();
        for pattern in patterns {
            match &pattern.node {
                EventPattern::Name(name) | EventPattern::Event(name) => {
                    let name = self.event(name, pattern);
                    scope.is_unknown |= !scope.add(self.vocabulary, name.as_str());
                    selector.names.insert(name);
                }
                EventPattern::Prefix(prefix) => {
                    self.prefix(prefix, pattern);
                    selector.prefixes.insert(prefix.as_str().into());
                }
                EventPattern::Changed(path) => {
                    let change = self.changed(path, &mut scope);
                    selector.derived.insert(change);
                }
                EventPattern::Linked(sort) => {
                    let change = self.identity_change(DerivedEvent::Linked, sort, &mut scope);
                    selector.derived.extend(change);
                }
                EventPattern::Unlinked(sort) => {
                    let change = self.identity_change(DerivedEvent::Unlinked, sort, &mut scope);
                    selector.derived.extend(change);
                }
                EventPattern::Entered(key) => {
                    let tag = self.recorded(key, &mut scope);
                    selector.derived.extend(tag.map(DerivedEvent::Entered));
                }
                EventPattern::Left(key) => {
                    let tag = self.recorded(key, &mut scope);
                    selector.derived.extend(tag.map(DerivedEvent::Left));
                }
                EventPattern::Any => {
                    selector.prefixes.insert("".into());
                }
            }
            written.push(match &pattern.node {
                EventPattern::Name(name) | EventPattern::Event(name) => printed_name(name),
                other => event_text(other),
            });
        }
        for name in self.vocabulary.events.keys() {
            if !selector.prefixes.is_empty() && selector.takes(name) {
                scope.add(self.vocabulary, name.as_str());
            }
        }
        scope.written = if written.len() == 1 {
            written.concat()
        } else {
            format!("({})", written.join(", "))
        };
        scope.is_unknown |= self.vocabulary.events.is_empty();
        (without_covered(selector), scope)
    }

    /// What is known of the properties of events, without telling what is unknown.
    pub(in crate::check) fn known_of(&self, patterns: &[Located<EventPattern>]) -> EventScope {
        let mut scope = EventScope::default();
        for pattern in patterns {
            if let EventPattern::Name(name) | EventPattern::Event(name) = &pattern.node
                && !scope.add(self.vocabulary, name)
                && let Some(own) = of_call(name)
            {
                scope.add(self.vocabulary, own);
            }
        }
        scope.is_unknown = true;
        scope
    }

    /// The event of that name: `page`, `screen` and `group` are the tracking API's.
    fn event(&mut self, name: &str, pattern: &Located<EventPattern>) -> EventName {
        let vocabulary = self.vocabulary;
        if vocabulary.events.contains_key(name) {
            return EventName::new(name);
        }
        if let Some(own) = of_call(name) {
            return EventName::new(own);
        }
        if self.is_full() {
            return EventName::new(name);
        }
        let meant = nearest(name, vocabulary.events.keys().map(EventName::as_str));
        let correction = match meant {
            None => self.instead_of_event(name),
            Some(_) => Correction::meant(meant),
        };
        let mistake = Names::UnknownEvent { name, correction };
        self.tell_unknown(pattern.range, name, mistake, meant.map(printed_name));
        EventName::new(name)
    }

    /// What a name is that is no event and like none.
    fn instead_of_event(&self, name: &str) -> Correction {
        if is_known(&self.vocabulary.attributes, name) {
            return Correction::IsAttribute {
                printed: printed_name(name),
            };
        }
        let events = &self.vocabulary.events;
        let has_it = events.iter().find(|(_, all)| all.contains(name));
        match has_it {
            Some((event, _)) => Correction::IsProperty {
                event: printed_name(event.as_str()),
                property: printed_name(name),
            },
            None => Correction::among(name, None, events.keys().map(as_written)),
        }
    }

    fn prefix(&mut self, prefix: &str, pattern: &Located<EventPattern>) {
        let is_known = self.is_full()
            || self
                .vocabulary
                .events
                .keys()
                .any(|name| name.as_str().starts_with(prefix));
        if !is_known {
            self.remark(pattern.range, Names::UnknownPrefix { prefix });
        }
    }
}

/// An event's name as rules write it.
fn as_written(name: &EventName) -> &str {
    match name.as_str() {
        EventName::PAGE => "page",
        EventName::SCREEN => "screen",
        EventName::GROUP => "group",
        sent => sent,
    }
}

/// The name under which the events of a call of the tracking API are found.
fn of_call(name: &str) -> Option<&'static str> {
    match name {
        "page" => Some(EventName::PAGE),
        "screen" => Some(EventName::SCREEN),
        "group" => Some(EventName::GROUP),
        _ => None,
    }
}

/// What the one takes of which the other takes nothing, as it is written.
fn outside(one: &EventSelector, other: &EventSelector) -> Option<String> {
    let mut names = one.names.iter().filter(|name| !other.takes(name));
    let meets = |prefix: &str| {
        let mut names = other.names.iter();
        let mut prefixes = other.prefixes.iter();
        names.any(|name| !name.is_own() && name.as_str().starts_with(prefix))
            || prefixes.any(|other| other.starts_with(prefix) || prefix.starts_with(&**other))
    };
    let name = names.next().map(|name| printed_name(name.as_str()));
    let change = || one.derived.difference(&other.derived).next();
    let prefix = || one.prefixes.iter().find(|prefix| !meets(prefix));
    name.or_else(|| change().map(ToString::to_string))
        .or_else(|| {
            let prefix = prefix()?;
            Some(event_text(&match prefix.is_empty() {
                true => EventPattern::Any,
                false => EventPattern::Prefix(prefix.to_string()),
            }))
        })
}

/// Whether the one takes all that the other takes.
fn covers(one: &EventSelector, other: &EventSelector) -> bool {
    let has_prefix = |prefix: &str| one.prefixes.iter().any(|own| prefix.starts_with(&**own));
    other.names.iter().all(|name| one.takes(name))
        && other.prefixes.iter().all(|prefix| has_prefix(prefix))
        && other.derived.is_subset(&one.derived)
}

/// Without names and prefixes that a shorter prefix takes anyway.
pub(in crate::check) fn without_covered(selector: EventSelector) -> EventSelector {
    let EventSelector {
        names,
        prefixes,
        derived,
    } = selector;
    let shortest: BTreeSet<_> = prefixes
        .iter()
        .filter(|prefix| {
            !prefixes
                .iter()
                .any(|other| other != *prefix && prefix.starts_with(&**other))
        })
        .cloned()
        .collect();
    let by_prefix = EventSelector {
        prefixes: shortest,
        derived,
        ..EventSelector::default()
    };
    let names = names
        .into_iter()
        .filter(|name| !by_prefix.takes(name))
        .collect();
    EventSelector { names, ..by_prefix }
}
