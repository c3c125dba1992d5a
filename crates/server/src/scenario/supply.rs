//! Members of tags that people supply, as a scenario gives them.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::{Setting, SuppliedMember};
use domain::{SuppliedType, Supplier, TagKey, Time};

use super::exact::{Exact, Lines};
use super::file::Supply;
use super::store::MemoryStore;
use crate::rulebook::Rulebook;
use crate::supplied::{self, Members};

/// What was imported and set by hand.
#[derive(Debug, Default)]
pub struct Supplied {
    imported: BTreeMap<TagKey, (Time, Vec<SuppliedMember>)>,
    settings: BTreeMap<TagKey, Vec<Setting>>,
}

impl Supplied {
    /// Takes an entry in.
    ///
    /// # Errors
    /// In words: the tag is not supplied so, a user is unknown, or a value is none of the tag's type.
    pub fn take(
        &mut self,
        entry: &Supply,
        (book, store): (&Rulebook, &MemoryStore),
        lines: &Lines<'_>,
        at: Time,
    ) -> Result<(), String> {
        match (&entry.import, &entry.set, &entry.unset) {
            (Some(tag), None, None) => {
                let (key, of) = supplied_tag(book, tag, Supplier::Import)?;
                let new = members(entry, of, lines)?;
                let (as_of, members) = self.imported.entry(key).or_insert((at, Vec::new()));
                *as_of = at;
                if !entry.add {
                    members.clear();
                }
                members.extend(new);
                Ok(())
            }
            (None, Some(tag), None) => {
                let (key, of) = supplied_tag(book, tag, Supplier::Hand)?;
                let written = entry.value.as_ref().map(|value| text(value, lines));
                let value = crate::supply::value_of(&key, of, written.as_deref())
                    .map_err(|error| error.to_string())?;
                self.set(entry, key, Some(value), (store, at))
            }
            (None, None, Some(tag)) => {
                let (key, _) = supplied_tag(book, tag, Supplier::Hand)?;
                self.set(entry, key, None, (store, at))
            }
            _ => Err("says one of `import`, `set` and `unset`".to_owned()),
        }
    }

    fn set(
        &mut self,
        entry: &Supply,
        tag: TagKey,
        value: Option<String>,
        (store, at): (&MemoryStore, Time),
    ) -> Result<(), String> {
        let user = entry.user.as_ref().ok_or("says no `user`")?;
        if store.named(user).is_none() {
            return Err(format!("no user `{user}` is known"));
        }
        self.settings.entry(tag.clone()).or_default().push(Setting {
            tag,
            user: user.clone(),
            value,
            author: entry.author.clone(),
            reason: entry.reason.clone(),
            at,
        });
        Ok(())
    }

    /// Puts it in force: users are who they are by now.
    pub fn give(&self, book: &mut Rulebook, store: &MemoryStore) {
        book.supplied.clear();
        for tag in &book.tags {
            let key = &tag.definition.key;
            let Some(supplied) = supplied::of_tag(&tag.definition) else {
                continue;
            };
            let members = match supplied.by {
                Supplier::Import => self.imported.get(key).map(|(at, members)| {
                    let members = members.iter();
                    let members =
                        members.map(|member| (store.named(&member.user), member.value.clone()));
                    Members::imported(supplied.of, Some(*at), members)
                }),
                Supplier::Hand => self.settings.get(key).map(|settings| {
                    let settings = settings.iter().cloned();
                    let settings = settings.map(|setting| (store.named(&setting.user), setting));
                    Members::set_by_hand(supplied.of, settings)
                }),
            };
            book.supplied
                .extend(members.map(|members| (key.clone(), Arc::new(members))));
        }
    }
}

/// The tag of that name, if it is supplied so.
fn supplied_tag(
    book: &Rulebook,
    name: &str,
    by: Supplier,
) -> Result<(TagKey, SuppliedType), String> {
    let key = TagKey::new(name).map_err(|error| error.to_string())?;
    let tag = book.tag(&key).map(|tag| &tag.definition);
    match tag.and_then(supplied::of_tag) {
        Some(supplied) if supplied.by == by => Ok((key, supplied.of)),
        _ => {
            let form = match by {
                Supplier::Import => "imported",
                Supplier::Hand => "by_hand",
            };
            Err(format!(
                "there is no tag `{name}` that is defined with `{form}`"
            ))
        }
    }
}

fn members(
    entry: &Supply,
    of: SuppliedType,
    lines: &Lines<'_>,
) -> Result<Vec<SuppliedMember>, String> {
    let plain = entry.users.iter().flat_map(|users| &users.0);
    let plain = plain.map(|user| (user, None));
    let valued = entry.values.iter().flatten();
    let valued = valued.map(|(user, value)| (user, Some(text(value, lines))));
    let member = |(user, value): (&String, Option<String>)| {
        let value = match (of, value) {
            (SuppliedType::Flag, None) => String::new(),
            (of, value) => {
                let value = of.read(value.as_deref().unwrap_or_default());
                let value = value.map_err(|error| format!("user `{user}`: {error}"))?;
                crate::display::value(&value)
            }
        };
        let user = user.clone();
        Ok(SuppliedMember { user, value })
    };
    plain.chain(valued).map(member).collect()
}

/// A value as it is written.
fn text(value: &Exact, lines: &Lines<'_>) -> String {
    match value.json(lines) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}
