//! Names: attributes, properties, tags, lists, audiences; and what was meant by unknown ones.

use std::collections::BTreeSet;

use domain::{AudienceKey, ListKey, PropertyType, TagKey, nearest};

use super::Checker;
use super::place::{described, place_of_type};
use super::scope::{EventScope, Scope};
use crate::checked::{Measure, Path, Place};
use crate::diagnostic::{Code, Diagnostic};
use crate::located::{Located, TextRange};
use crate::tree::{AggregateName, Expression, FunctionName};
use crate::vocabulary::Plan;

/// The most names that a message lists.
const MOST_LISTED: usize = 8;

/// A name that nothing bears.
pub(super) struct Unknown<'n> {
    pub code: Code,
    /// What it should be: `event`.
    pub kind: &'static str,
    pub name: &'n str,
    pub range: TextRange,
    pub meant: Option<String>,
}

impl Checker<'_> {
    /// An attribute of the user, or a property of the event.
    pub(super) fn named(
        &mut self,
        expression: &Expression,
        parts: &[String],
        place: Place,
        scope: Scope<'_>,
    ) -> Option<Measure> {
        let range = expression.range;
        if let Scope::Element = scope {
            return Some(match parts {
                [user, rest @ ..] if user == "user" && !rest.is_empty() => {
                    self.attribute(&rest.join("."), range, place)
                }
                _ => self.member(parts.join("."), place),
            });
        }
        if let Some(value) = self.identity_value(parts)
            && (parts.len() > 1 || matches!(scope, Scope::User))
        {
            return Some(value.measure(place));
        }
        let Scope::Event(events) = scope else {
            let path = match parts {
                [user, rest @ ..] if user == "user" && !rest.is_empty() => rest.join("."),
                _ => parts.join("."),
            };
            return Some(self.attribute(&path, range, place));
        };
        match parts {
            [field] if field == "time" => {
                self.demand(expression, Place::Moment, place)?;
                Some(Measure::EventTime)
            }
            [field] if field == "source" => {
                self.demand(expression, Place::Text, place)?;
                Some(Measure::EventSource)
            }
            [field] if field == "event" => {
                self.demand(expression, Place::Text, place)?;
                Some(Measure::EventName)
            }
            [user, rest @ ..] if user == "user" && !rest.is_empty() => {
                Some(self.attribute(&rest.join("."), range, place))
            }
            [context, _, ..] if context == "context" => Some(Measure::Property {
                path: parts.join(".").into(),
                place,
            }),
            [properties, rest @ ..] if properties == "properties" && !rest.is_empty() => {
                self.property(&rest.join("."), range, place, events)
            }
            _ => self.property(&parts.join("."), range, place, events),
        }
    }

    pub(super) fn attribute(&mut self, path: &str, range: TextRange, place: Place) -> Measure {
        self.demand_attribute(path, range);
        Measure::Attribute {
            path: path.into(),
            place,
        }
    }

    /// Tells an attribute that nobody has seen.
    pub(super) fn demand_attribute(&mut self, path: &str, range: TextRange) {
        let vocabulary = self.vocabulary;
        if !self.is_full() && !is_known(&vocabulary.attributes, path) {
            if vocabulary.events.contains_key(path) {
                let message = format!(
                    "`{path}` is an event, not an attribute: write `did({0})` or `count({0})`",
                    crate::print::printed_name(path)
                );
                self.tell_unknown(Code::UnknownAttribute, range, path, message, None);
            } else if let Some(message) = not_an_attribute(path) {
                self.tell_unknown(Code::UnknownAttribute, range, path, message, None);
            } else {
                let meant = nearest(path, vocabulary.attributes.iter().map(AsRef::as_ref));
                let meant = meant.map(str::to_owned);
                self.unknown(Unknown {
                    code: Code::UnknownAttribute,
                    kind: "attribute",
                    name: path,
                    range,
                    meant,
                });
            }
        }
    }

    fn property(
        &mut self,
        path: &str,
        range: TextRange,
        place: Place,
        events: &EventScope,
    ) -> Option<Measure> {
        let of_type = events
            .declared
            .get(path)
            .and_then(|declared| declared.of_type);
        if let Some(of_type) = of_type
            && !fits(of_type, place)
        {
            let message = format!(
                "{} is needed here, `{path}` is declared as {of_type} in the tracking plan",
                described(place)
            );
            return self.fail(Code::WrongType, range, message);
        }
        let is_known_inside = is_known(&events.properties, path) || events.has_outside(path);
        if !self.is_full() && !events.is_unknown && !is_known_inside {
            let meant = nearest(path, events.properties.iter().map(AsRef::as_ref));
            let correction = meant.map(|meant| format!(": did you mean `{meant}`?"));
            let correction = correction.unwrap_or_else(|| {
                if is_known(&self.vocabulary.attributes, path) {
                    format!(": the user's attribute is `user.{path}`")
                } else {
                    listed(": it has ", events.properties.iter().map(AsRef::as_ref))
                }
            });
            let message = format!("`{}` has no property `{path}`{correction}", events.written);
            let meant = meant.map(str::to_owned);
            self.tell_unknown(Code::UnknownProperty, range, path, message, meant);
        }
        Some(Measure::Property {
            path: path.into(),
            place,
        })
    }

    /// The tag of that key; inside `where` there are none.
    pub(super) fn tag(&mut self, key: &Located<String>, scope: Scope<'_>) -> Option<TagKey> {
        if let Some(word) = scope.word() {
            let message =
                format!("`tag(…)` cannot stand inside `{word}`: join it outside with `and`");
            return self.fail(Code::NotAllowedHere, key.range, message);
        }
        let tags = &self.vocabulary.tags;
        match TagKey::new(&key.node) {
            Ok(tag) if tags.contains_key(&tag) => Some(tag),
            Ok(_) => {
                let meant = self.meant(&key.node, tags.keys().map(TagKey::as_str));
                self.unknown_key(key, Code::UnknownTag, "tag", meant)
            }
            Err(error) => self.fail(Code::InvalidConstant, key.range, error.to_string()),
        }
    }

    pub(super) fn list(&mut self, key: &Located<String>) -> Option<ListKey> {
        let lists = &self.vocabulary.lists;
        match ListKey::new(&key.node) {
            Ok(list) if lists.contains_key(&list) => Some(list),
            Ok(_) => {
                let meant = self.meant(&key.node, lists.keys().map(ListKey::as_str));
                self.unknown_key(key, Code::UnknownList, "list", meant)
            }
            Err(error) => self.fail(Code::InvalidConstant, key.range, error.to_string()),
        }
    }

    pub(super) fn audience(&mut self, key: &Located<String>) -> Option<AudienceKey> {
        let audiences = &self.vocabulary.audiences;
        match AudienceKey::new(&key.node) {
            Ok(audience) if audiences.contains(&audience) => Some(audience),
            Ok(_) => {
                let meant = self.meant(&key.node, audiences.iter().map(AudienceKey::as_str));
                self.unknown_key(key, Code::UnknownAudience, "audience", meant)
            }
            Err(error) => self.fail(Code::InvalidConstant, key.range, error.to_string()),
        }
    }

    /// The nearest of the names, and which there are, as long as there is room to tell it.
    pub(super) fn meant<'n>(
        &self,
        written: &str,
        names: impl Iterator<Item = &'n str> + Clone,
    ) -> (Option<String>, String) {
        if self.is_full() {
            return (None, String::new());
        }
        let meant = nearest(written, names.clone()).map(str::to_owned);
        let mut names = names.peekable();
        let known = match names.peek() {
            Some(_) => listed(": known are ", names),
            None => ": there are none yet".to_owned(),
        };
        (meant, known)
    }

    pub(super) fn unknown_key<T>(
        &mut self,
        key: &Located<String>,
        code: Code,
        kind: &str,
        (meant, known): (Option<String>, String),
    ) -> Option<T> {
        let correction = match &meant {
            Some(meant) => correction(Some(meant)),
            None => known,
        };
        let message = format!("unknown {kind} `{}`{correction}", key.node);
        let diagnostic = Diagnostic::error(code, key.range, message);
        self.refuse(match meant {
            Some(meant) => diagnostic.with_fix(meant),
            None => diagnostic,
        })
    }

    /// Tells an unknown event or attribute, once for each name.
    pub(super) fn unknown(&mut self, unknown: Unknown<'_>) {
        let Unknown {
            code,
            kind,
            name,
            range,
            meant,
        } = unknown;
        let message = format!("unknown {kind} `{name}`{}", correction(meant.as_deref()));
        self.tell_unknown(code, range, name, message, meant);
    }

    fn tell_unknown(
        &mut self,
        code: Code,
        range: TextRange,
        name: &str,
        message: String,
        meant: Option<String>,
    ) {
        if !self.told.insert((code, name.to_owned())) {
            return;
        }
        let diagnostic = match self.vocabulary.plan {
            Plan::Open => Diagnostic::warning(code, range, message),
            Plan::Closed => Diagnostic::error(code, range, message),
        };
        let fix = meant.map(|meant| printed_path(&meant));
        let diagnostic = match fix {
            Some(fix) => diagnostic.with_fix(fix),
            None => diagnostic,
        };
        match self.vocabulary.plan {
            Plan::Open => self.tell(diagnostic),
            Plan::Closed => {
                self.refuse::<()>(diagnostic);
            }
        }
    }
}

/// Whether values of a type can stand in a place: what has a text can stand where a text is needed.
fn fits(of_type: PropertyType, place: Place) -> bool {
    let is = place_of_type(of_type);
    matches!(place, Place::Text | Place::Any) || is.is_none_or(|is| is == place)
}

/// What to write instead of words that are no attributes.
fn not_an_attribute(word: &str) -> Option<String> {
    let is_function =
        AggregateName::from_word(word).is_some() || FunctionName::from_word(word).is_some();
    match word.to_ascii_lowercase().as_str() {
        "null" | "none" | "nil" => Some(format!(
            "there is no `{word}`: write `is not set`, or `is set`"
        )),
        _ if is_function => Some(format!("`{word}` is a function: write `{word}(…)`")),
        _ => None,
    }
}

/// Names as a message lists them, if they are few.
fn listed<'n>(before: &str, names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names
        .take(MOST_LISTED + 1)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.is_empty() || names.len() > MOST_LISTED {
        return String::new();
    }
    format!("{before}{}", names.join(", "))
}

fn correction(meant: Option<&str>) -> String {
    meant.map_or_else(String::new, |meant| format!(": did you mean `{meant}`?"))
}

/// A dotted path as it is written.
fn printed_path(path: &str) -> String {
    path.split('.')
        .map(crate::print::printed_name)
        .collect::<Vec<_>>()
        .join(".")
}

/// Whether a path is known, or is an object or a list of objects of which a member is.
fn is_known(paths: &BTreeSet<Path>, path: &str) -> bool {
    if paths.contains(path) {
        return true;
    }
    let members = format!("{path}.");
    paths
        .range::<str, _>((
            std::ops::Bound::Included(members.as_str()),
            std::ops::Bound::Unbounded,
        ))
        .next()
        .is_some_and(|next| next.starts_with(&members))
}
