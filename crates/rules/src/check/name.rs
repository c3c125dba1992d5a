//! Names: attributes, properties, tags, lists, audiences; and what was meant by unknown ones.

use std::collections::BTreeSet;

use domain::{AudienceKey, ListKey, PropertyType, TagKey, nearest};

use super::Checker;
use super::place::place_of_type;
use super::scope::{EventScope, Scope};
use crate::checked::{Measure, Path, Place};
use crate::diagnostic::{Diagnostic, Severity};
use crate::located::{Located, TextRange};
use crate::mistake::{Conditions, Constants, Correction, Mistake, Names, TrackingPlan};
use crate::print::{printed_name, quoted};
use crate::sentence::key_called;
use crate::tree::{AggregateName, Expression, FunctionName, Node};
use crate::vocabulary::Plan;

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
        self.demand_attribute_in(path, range, place);
        Measure::Attribute {
            path: path.into(),
            place,
        }
    }

    /// Tells an attribute that nobody has seen.
    pub(super) fn demand_attribute(&mut self, path: &str, range: TextRange) {
        self.demand_attribute_in(path, range, Place::Any);
    }

    /// The same; what was meant is what can be of the place.
    fn demand_attribute_in(&mut self, path: &str, range: TextRange, place: Place) {
        let vocabulary = self.vocabulary;
        if self.is_full() || is_known(&vocabulary.attributes, path) {
            return;
        }
        if vocabulary.events.contains_key(path) {
            let printed = &printed_name(path);
            let mistake = Names::EventAsAttribute { path, printed };
            self.tell_unknown(range, path, mistake, None);
        } else if let Some((event, property)) = self.event_before(path) {
            let mistake = match property {
                "time" => Names::TimeAsAttribute { path, event },
                _ => Names::PropertyAsAttribute {
                    path,
                    event,
                    property,
                },
            };
            self.tell_unknown(range, path, mistake, None);
        } else if let Some((list, member)) = self.list_around(path) {
            let mistake = Names::MemberOfList { path, list, member };
            self.tell_unknown(range, path, mistake, None);
        } else if let Some(mistake) = not_an_attribute(path) {
            self.tell_unknown(range, path, mistake, None);
        } else {
            let others = &vocabulary.attributes_without_numbers;
            let is_meant = |known: &&Path| place != Place::Number || !others.contains(*known);
            let attributes = vocabulary.attributes.iter().filter(is_meant);
            let attributes = attributes.map(AsRef::as_ref);
            let meant = nearest(path, attributes.clone());
            let mistake = Names::UnknownAttribute {
                name: path,
                correction: Correction::among(path, meant, attributes),
            };
            self.tell_unknown(range, path, mistake, meant.map(printed_path));
        }
    }

    /// The event whose property a path would be, and the property.
    fn event_before<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str)> {
        let (event, property) = path.split_once('.')?;
        let is_event = self.vocabulary.events.contains_key(event);
        is_event.then_some((event, property))
    }

    /// The list that a path looks into, and what it looks for there.
    fn list_around<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str)> {
        let mut dots = path.match_indices('.').map(|(dot, _)| dot);
        dots.find_map(|dot| {
            let (list, member) = (path.get(..dot)?, path.get(dot + 1..)?);
            let is_list = self.vocabulary.collections.contains(list);
            is_list.then_some((list, member))
        })
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
            let mistake = TrackingPlan::OtherType {
                wanted: place,
                path,
                of_type,
            };
            return self.fail(range, mistake);
        }
        if let Some(list) = events.list_outside(path) {
            let mistake = Names::MemberOfEventList { path, list };
            self.tell_unknown(range, path, mistake, None);
        }
        let is_known_inside = is_known(&events.properties, path) || events.has_outside(path);
        if !self.is_full() && !events.is_unknown && !is_known_inside {
            let known = match place {
                Place::Number => &events.numbers,
                _ => &events.properties,
            };
            let properties = known.iter().map(AsRef::as_ref);
            let meant = nearest(path, properties.clone());
            let correction = match meant {
                Some(_) => Correction::meant(meant),
                None if is_known(&self.vocabulary.attributes, path) => Correction::OfUser {
                    path: path.to_owned(),
                },
                None if known.is_empty() => Correction::Unknown,
                None => Correction::has(path, properties),
            };
            let mistake = Names::UnknownProperty {
                events: &events.written,
                path,
                correction,
            };
            self.tell_unknown(range, path, mistake, meant.map(printed_path));
        }
        Some(Measure::Property {
            path: path.into(),
            place,
        })
    }

    /// `country = SG`: tells a name that nothing bears, where a text is compared and very likely
    /// only its quotes are missing.
    pub(super) fn tell_unquoted(&mut self, value: &Expression, place: Place, scope: Scope<'_>) {
        let Node::Name(parts) = &value.node else {
            return;
        };
        let ([name], Place::Text) = (parts.as_slice(), place) else {
            return;
        };
        let names = match scope {
            Scope::User if self.identity_value(parts).is_none() => &self.vocabulary.attributes,
            Scope::Event(events) if !events.is_unknown => &events.properties,
            _ => return,
        };
        let is_near = || nearest(name, names.iter().map(AsRef::as_ref)).is_some();
        let is_event = self.vocabulary.events.contains_key(name.as_str());
        let is_taken = is_event || is_known(names, name) || not_an_attribute(name).is_some();
        if self.is_full() || is_taken || is_near() {
            return;
        }
        let quoted = quoted(name);
        let correction = Correction::Text {
            quoted: quoted.clone(),
        };
        let mistake = match scope {
            Scope::Event(events) => Names::UnknownProperty {
                events: &events.written,
                path: name,
                correction,
            },
            _ => Names::UnknownAttribute { name, correction },
        };
        self.tell_unknown(value.range, name, mistake, Some(quoted));
    }

    /// The tag of that key; inside `where` there are none.
    pub(super) fn tag(&mut self, key: &Located<String>, scope: Scope<'_>) -> Option<TagKey> {
        if let Some(word) = scope.word() {
            let written = "tag(…)";
            return self.fail(key.range, Conditions::OfUserInside { written, word });
        }
        let tags = &self.vocabulary.tags;
        match TagKey::new(&key.node) {
            Ok(tag) if tags.contains_key(&tag) => Some(tag),
            Ok(tag) if self.vocabulary.names.tags.contains_key(&tag) => {
                let key_of = &key.node;
                self.fail(key.range, Names::TagWithMistakes { key: key_of })
            }
            Ok(_) => {
                let called = key_called(&self.vocabulary.names.tags, &key.node);
                let called = called.map(TagKey::as_str);
                let known = self.known(&key.node, tags.keys().map(TagKey::as_str), called);
                self.unknown_key(key, known, |key, correction| Names::UnknownTag {
                    key,
                    correction,
                })
            }
            Err(error) => self.fail(key.range, Constants::from(error)),
        }
    }

    pub(super) fn list(&mut self, key: &Located<String>) -> Option<ListKey> {
        let lists = &self.vocabulary.lists;
        match ListKey::new(&key.node) {
            Ok(list) if lists.contains_key(&list) => Some(list),
            Ok(_) => {
                let called = key_called(&self.vocabulary.names.lists, &key.node);
                let called = called.map(ListKey::as_str);
                let known = self.known(&key.node, lists.keys().map(ListKey::as_str), called);
                self.unknown_key(key, known, |key, correction| Names::UnknownList {
                    key,
                    correction,
                })
            }
            Err(error) => self.fail(key.range, Constants::from(error)),
        }
    }

    pub(super) fn audience(&mut self, key: &Located<String>) -> Option<AudienceKey> {
        let audiences = &self.vocabulary.audiences;
        match AudienceKey::new(&key.node) {
            Ok(audience) if audiences.contains(&audience) => Some(audience),
            Ok(_) => {
                let called = key_called(&self.vocabulary.names.audiences, &key.node);
                let called = called.map(AudienceKey::as_str);
                let known =
                    self.known(&key.node, audiences.iter().map(AudienceKey::as_str), called);
                self.unknown_key(key, known, |key, correction| Names::UnknownAudience {
                    key,
                    correction,
                })
            }
            Err(error) => self.fail(key.range, Constants::from(error)),
        }
    }

    /// What was meant among the names, or which there are, as long as there is room to tell it;
    /// `called` is the key of what people call so.
    pub(super) fn known<'n>(
        &self,
        written: &str,
        names: impl Iterator<Item = &'n str> + Clone,
        called: Option<&'n str>,
    ) -> Known<'n> {
        if self.is_full() {
            return Known::default();
        }
        if let Some(key) = called {
            let correction = Correction::CalledSo {
                key: key.to_owned(),
            };
            return Known {
                meant: called,
                correction,
            };
        }
        let meant = nearest(written, names.clone());
        let correction = Correction::among(written, meant, names);
        Known { meant, correction }
    }

    /// Tells a key that nothing has.
    pub(super) fn unknown_key<T>(
        &mut self,
        key: &Located<String>,
        Known { meant, correction }: Known<'_>,
        mistake: fn(&str, Correction) -> Names<'_>,
    ) -> Option<T> {
        let diagnostic = Diagnostic::at(key.range, mistake(&key.node, correction));
        self.refuse(diagnostic.with_fix_if_known(meant.map(str::to_owned)))
    }

    /// Tells an unknown event, property or attribute, once for each name: a warning as long as
    /// the tracking plan is open.
    pub(super) fn tell_unknown(
        &mut self,
        range: TextRange,
        name: &str,
        mistake: Names<'_>,
        fix: Option<String>,
    ) {
        if !self.told.insert((mistake.code(), name.to_owned())) {
            return;
        }
        let diagnostic = Diagnostic::at(range, mistake).with_fix_if_known(fix);
        match self.vocabulary.plan {
            Plan::Open => self.tell(Diagnostic {
                severity: Severity::Warning,
                ..diagnostic
            }),
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

/// What is known instead of an unknown key.
#[derive(Default)]
pub(super) struct Known<'n> {
    /// The key that was very likely meant.
    meant: Option<&'n str>,
    correction: Correction,
}

/// What to write instead of words that are no attributes.
fn not_an_attribute(word: &str) -> Option<Names<'_>> {
    let is_function =
        AggregateName::from_word(word).is_some() || FunctionName::from_word(word).is_some();
    match word.to_ascii_lowercase().as_str() {
        "null" | "none" | "nil" => Some(Names::NullAsAttribute { word }),
        "today" | "yesterday" => Some(Names::WindowAsAttribute { word }),
        _ if is_function => Some(Names::FunctionAsAttribute { word }),
        _ => None,
    }
}

/// A dotted path as it is written.
fn printed_path(path: &str) -> String {
    path.split('.')
        .map(printed_name)
        .collect::<Vec<_>>()
        .join(".")
}

/// Whether a path is known, or is an object or a list of objects of which a member is.
pub(in crate::check) fn is_known(paths: &BTreeSet<Path>, path: &str) -> bool {
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
