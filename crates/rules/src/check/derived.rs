//! Changes as events: what they are changes of, and which properties they have.

use domain::TagKey;

use super::Checker;
use super::scope::{EventScope, Scope};
use crate::checked::DerivedEvent;
use crate::located::{Located, TextRange};
use crate::mistake::History;
use crate::vocabulary::TagKind;

/// The properties of a change.
pub(super) const OLD_AND_NEW: [&str; 2] = ["old", "new"];

impl Checker<'_> {
    /// `changed(attr)`, and what is known of its properties.
    pub(super) fn changed(
        &mut self,
        path: &Located<Vec<String>>,
        scope: &mut EventScope,
    ) -> DerivedEvent {
        let range = path.range;
        let path = match path.node.as_slice() {
            [user, rest @ ..] if user == "user" && !rest.is_empty() => rest.join("."),
            all => all.join("."),
        };
        self.demand_attribute(&path, range);
        self.advise_members(&path, range);
        scope.properties.extend(OLD_AND_NEW.map(Into::into));
        let others = &self.vocabulary.attributes_without_numbers;
        if !others.contains(path.as_str()) {
            scope.numbers.extend(OLD_AND_NEW.map(Into::into));
        }
        DerivedEvent::Changed(path.into())
    }

    /// The tag whose coming or going is an event, and what is known of its properties.
    pub(super) fn recorded(
        &mut self,
        key: &Located<String>,
        scope: &mut EventScope,
    ) -> Option<TagKey> {
        let tag = self.tag(key, Scope::User)?;
        if let Some(TagKind::Values(_)) = self.vocabulary.tags.get(&tag) {
            scope.properties.extend(OLD_AND_NEW.map(Into::into));
            scope.properties.insert("value".into());
        }
        Some(tag)
    }

    /// `changed(social)`: an object itself only comes and goes.
    fn advise_members(&mut self, path: &str, range: TextRange) {
        let inside = format!("{path}.");
        let attributes = &self.vocabulary.attributes;
        let Some(member) = attributes.iter().find(|other| other.starts_with(&inside)) else {
            return;
        };
        self.remark(range, History::ObjectChanged { path, member });
    }
}
