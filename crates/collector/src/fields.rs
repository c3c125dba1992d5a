//! The members of a JSON object as flat fields: dotted paths with stored texts.

mod read;
mod single;
#[cfg(test)]
mod tests;
mod value;

use domain::stored;

use crate::Invalid;

pub(crate) use read::{Group, GroupSeed};
pub(crate) use single::{Single, StringSeed};
pub(crate) use value::Named;

/// The members of JSON objects, flat: an object is a marker and its members under dotted paths.
///
/// Each path is there once; of repeated members the last counts. The buffers are used again, so
/// that reading allocates nothing once they have grown.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Paths and values, one behind the other.
    text: String,
    fields: Vec<Field>,
    /// The path that is being read.
    path: String,
    /// The most fields.
    most: usize,
    has_too_many: bool,
}

#[derive(Clone, Copy, Debug)]
struct Field {
    path: Part,
    value: Part,
    kind: FieldKind,
    /// Most paths differ in this, so that few are compared.
    tag: u64,
}

/// A part of the text.
#[derive(Clone, Copy, Debug)]
struct Part {
    start: usize,
    end: usize,
}

/// What the JSON of a field was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldKind {
    Text,
    Number,
    Truth,
    List,
    Object,
    Null,
}

impl Fields {
    /// Room for so many fields at most.
    #[must_use]
    pub fn with_most(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    /// Reads one JSON object in place of what was there.
    ///
    /// # Errors
    /// [`Invalid::NotUtf8`], [`Invalid::NotJson`], [`Invalid::TooManyFields`].
    pub fn read(&mut self, json: &[u8]) -> Result<(), Invalid> {
        self.clear();
        read::object(self, json)
    }

    /// Forgets all fields.
    pub fn clear(&mut self) {
        self.text.clear();
        self.fields.clear();
        self.path.clear();
        self.has_too_many = false;
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The fields in order: the path and the text as `domain::stored` reads it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|field| (self.part(field.path), self.part(field.value)))
    }

    /// The stored text at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.find(path).map(|field| self.part(field.value))
    }

    /// Adds a text, unless the path is there already.
    pub(crate) fn add_text(&mut self, path: &str, text: &str) {
        if self.find(path).is_none() {
            self.path.clear();
            self.path.push_str(path);
            self.push_text(text);
            self.path.clear();
        }
    }

    /// Adds the fields of another whose paths begin with `prefix`, without it, unless a field of
    /// that name is here: a member is set as a whole.
    pub(crate) fn add_missing(&mut self, other: &Self, prefix: &str) {
        let own = self.fields.len();
        for field in &other.fields {
            let Some(path) = other.part(field.path).strip_prefix(prefix) else {
                continue;
            };
            let name = path.split('.').next().unwrap_or(path);
            if !self.has_name(name, own) {
                self.set_prefix(path);
                self.push(field.kind, |out| out.push_str(other.part(field.value)));
                self.path.clear();
            }
        }
    }

    /// Forgets the fields whose paths another has too.
    pub(crate) fn remove_paths_of(&mut self, other: &Self) {
        let text = &self.text;
        self.fields.retain(|field| {
            let path = text
                .get(field.path.start..field.path.end)
                .unwrap_or_default();
            other.find(path).is_none()
        });
    }

    /// Whether a path begins so.
    pub(crate) fn has_prefix(&self, prefix: &str) -> bool {
        self.fields
            .iter()
            .any(|field| self.part(field.path).starts_with(prefix))
    }

    /// Whether one of the first `count` fields is a member of that name, or inside it.
    fn has_name(&self, name: &str, count: usize) -> bool {
        self.fields.iter().take(count).any(|field| {
            let rest = self.part(field.path).strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// The most fields there may be.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Whether more fields were met than there may be.
    pub(crate) fn has_too_many(&self) -> bool {
        self.has_too_many
    }

    /// Sets what all paths begin with, from now on.
    pub(crate) fn set_prefix(&mut self, prefix: &str) {
        self.path.clear();
        self.path.push_str(prefix);
    }

    #[inline]
    fn part(&self, part: Part) -> &str {
        self.text.get(part.start..part.end).unwrap_or_default()
    }

    #[inline]
    fn find(&self, path: &str) -> Option<&Field> {
        let tag = tag(path);
        self.fields
            .iter()
            .find(|field| field.tag == tag && self.part(field.path) == path)
    }

    /// Forgets the field at the path that is being read, and what is inside it.
    #[inline]
    fn forget_current(&mut self) {
        if self.find(&self.path).is_none() {
            return;
        }
        let (text, path) = (&self.text, self.path.as_str());
        self.fields.retain(|field| {
            let own = text
                .get(field.path.start..field.path.end)
                .unwrap_or_default();
            own.strip_prefix(path)
                .is_none_or(|rest| !rest.is_empty() && !rest.starts_with('.'))
        });
    }

    /// Adds a field at the path that is being read.
    #[inline]
    fn push(&mut self, kind: FieldKind, write: impl FnOnce(&mut String)) {
        if self.fields.len() >= self.most {
            self.has_too_many = true;
            return;
        }
        let start = self.text.len();
        self.text.push_str(&self.path);
        let between = self.text.len();
        write(&mut self.text);
        self.fields.push(Field {
            path: Part {
                start,
                end: between,
            },
            value: Part {
                start: between,
                end: self.text.len(),
            },
            kind,
            tag: tag(&self.path),
        });
    }

    #[inline]
    fn push_text(&mut self, text: &str) {
        self.push(FieldKind::Text, |out| {
            if text.starts_with(stored::MARK) {
                out.push(stored::MARK);
                out.push('t');
            }
            out.push_str(text);
        });
    }
}

/// A path's length and last eight bytes.
#[inline]
fn tag(path: &str) -> u64 {
    let bytes = path.as_bytes();
    let last = match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => bytes
            .iter()
            .fold(0, |tag, byte| tag << 8 | u64::from(*byte)),
    };
    last ^ (bytes.len() as u64) << 56
}
