//! Supplying tags: setting them by hand and importing their members; in force at once, with whatever uses them.

mod import;
mod refusal;

use std::sync::Arc;

use anyhow::Result;
use catalog::Setting;
use domain::{
    Keep, Signature, Supplied, SuppliedType, Supplier, TagKey, TagStatus, UserNumber, nearest,
};
use tags::GivenTag;

pub use self::import::{ImportedTag, TagImport};
pub use self::refusal::Refusal;
use self::refusal::Why;
use crate::compute::{self, Computed};
use crate::engine::Engine;
use crate::supplied::{self, Members};

/// What is to be done for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByHand {
    /// The tag is set; with a value, where it has values.
    Set(Option<String>),
    /// The tag is unset.
    Unset,
}

/// What a setting did.
#[derive(Clone, Debug)]
pub struct Done {
    /// For whom.
    pub user: UserNumber,
    /// Which tags changed with it; `None` where nothing was computed yet, or nothing changed.
    pub computed: Option<Computed>,
}

/// Sets a tag for a user, or unsets it, and lets what uses it follow for that user.
///
/// # Errors
/// As [`write_by_hand`] and [`follow`].
pub fn by_hand(
    engine: &mut Engine,
    (tag, written): (&TagKey, &str),
    wanted: &ByHand,
    signature: &Signature,
) -> Result<Done> {
    let user = write_by_hand(engine, (tag, written), wanted, signature)?;
    Ok(Done {
        user,
        computed: follow(engine, tag)?,
    })
}

/// Writes that a tag is set for a user, or unset; nothing follows yet.
///
/// # Errors
/// A [`Refusal`]: there is no such tag, or it is not set by hand; nobody knows the user; the value is none of the tag's
/// type. The store's.
pub fn write_by_hand(
    engine: &Engine,
    (tag, written): (&TagKey, &str),
    wanted: &ByHand,
    signature: &Signature,
) -> Result<UserNumber> {
    let supplied = supplied_by(engine, tag, Supplier::Hand)?;
    let Some(user) = engine.users.user(written) else {
        let user = written.to_owned();
        return Err(Refusal::from(Why::UnknownUser { user }).into());
    };
    let value = match wanted {
        ByHand::Unset => None,
        ByHand::Set(value) => Some(value_of(tag, supplied.of, value.as_deref())?),
    };
    if let Some(value) = &value {
        refuse_too_many(engine, tag, value)?;
    }
    let setting = Setting {
        tag: tag.clone(),
        user: written.to_owned(),
        value,
        author: signature.author.clone(),
        reason: signature.reason.clone(),
        at: signature.at,
    };
    let platform = Arc::clone(&engine.platform);
    platform.wait(platform.catalog.set_by_hand(&setting))?;
    Ok(user)
}

/// How a tag is supplied, if it is supplied so.
///
/// # Errors
/// There is no such tag, it is supplied otherwise, or it is paused.
pub(crate) fn supplied_by(
    engine: &Engine,
    tag: &TagKey,
    by: Supplier,
) -> Result<Supplied, Refusal> {
    let tags = || engine.definitions.tags.iter().map(|tag| &tag.definition);
    let key = tag.to_string();
    let Some(definition) = tags().find(|definition| definition.key == *tag) else {
        let near = nearest(tag.as_str(), tags().map(|tag| tag.key.as_str()));
        let why = match near.map(str::to_owned) {
            Some(meant) => Why::MisspeltTag { tag: key, meant },
            None => Why::UnknownTag { tag: key },
        };
        return Err(why.into());
    };
    if definition.state() == TagStatus::Paused {
        return Err(Why::Paused { tag: key }.into());
    }
    let supplied = supplied::of_tag(definition);
    if let Some(supplied) = supplied.filter(|supplied| supplied.by == by) {
        return Ok(supplied);
    }
    let why = match (by, supplied) {
        (Supplier::Hand, Some(_)) => Why::IsImported { tag: key },
        (Supplier::Import, Some(_)) => Why::IsByHand { tag: key },
        (Supplier::Hand, None) => Why::NotByHand { tag: key },
        (Supplier::Import, None) => Why::NotImported { tag: key },
    };
    Err(why.into())
}

/// The canonical text of a value.
pub(crate) fn value_of(
    tag: &TagKey,
    of: SuppliedType,
    written: Option<&str>,
) -> Result<String, Refusal> {
    let tag = tag.to_string();
    match (of, written) {
        (SuppliedType::Flag, None) => Ok(String::new()),
        (_, None) => Err(Why::NeedsValue { tag, of: of.name() }.into()),
        (_, Some(written)) => {
            let value = of.read(written);
            let value = value.map_err(|error| Why::WrongValue { tag, error })?;
            Ok(crate::display::value(&value))
        }
    }
}

/// Refuses a value that would be one too many.
fn refuse_too_many(engine: &Engine, tag: &TagKey, value: &str) -> Result<(), Refusal> {
    let members = engine.book.supplied.get(tag);
    let Some(GivenTag::Layers { values, .. }) = members.map(|members| &members.given) else {
        return Ok(());
    };
    let is_new = values.iter().all(|(known, _)| **known != *value);
    if is_new && values.len() >= Supplied::MOST_VALUES {
        return Err(too_many_values(tag));
    }
    Ok(())
}

fn too_many_values(tag: &TagKey) -> Refusal {
    Refusal::from(Why::TooManyValues {
        tag: tag.to_string(),
        most: Supplied::MOST_VALUES,
    })
}

/// Reads who has a supplied tag now, and lets the results follow: the tag and whatever uses it, for those for whom it
/// has changed. `None` where nothing was computed yet, or nobody is concerned.
///
/// # Errors
/// The store's.
pub fn follow(engine: &mut Engine, tag: &TagKey) -> Result<Option<Computed>> {
    let read = engine.book.tag(tag);
    let Some(supplied) = read.and_then(|tag| supplied::of_tag(&tag.definition)) else {
        return Ok(None);
    };
    let members = supplied::members(&engine.platform, tag, supplied, &engine.users)?;
    let Some(results) = engine.results.as_deref() else {
        engine.book.supplied.insert(tag.clone(), members);
        return Ok(None);
    };
    let before = GivenTag::as_it_was(results, tag, Keep::First)
        .unwrap_or_else(|| Members::none(supplied.of).given);
    let users = supplied::changed(&before, &members.given);
    engine.book.supplied.insert(tag.clone(), members);
    if users.is_empty() {
        return Ok(None);
    }
    compute::follow(engine, tag, users).map(Some)
}
