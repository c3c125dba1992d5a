//! Supplying tags: setting them by hand and importing their members; in force at once, with whatever uses them.

mod import;

use std::sync::Arc;

use anyhow::Result;
use catalog::{Error, Setting};
use domain::{
    Keep, Signature, Supplied, SuppliedType, Supplier, TagKey, TagStatus, UserNumber, nearest,
};
use tags::GivenTag;

pub use self::import::{ImportedTag, TagImport};
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
/// Errors of the catalog: there is no such tag, or it is not set by hand; nobody knows the user; the value is none of
/// the tag's type. The store's.
pub fn by_hand(
    engine: &mut Engine,
    (tag, written): (&TagKey, &str),
    wanted: &ByHand,
    signature: &Signature,
) -> Result<Done> {
    let supplied = supplied_by(engine, tag, Supplier::Hand)?;
    let Some(user) = engine.users.user(written) else {
        return Err(not_found("user", written, None).into());
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
    Ok(Done {
        user,
        computed: follow(engine, tag)?,
    })
}

/// How a tag is supplied, if it is supplied so.
///
/// # Errors
/// There is no such tag, it is supplied otherwise, or it is paused.
pub(crate) fn supplied_by(engine: &Engine, tag: &TagKey, by: Supplier) -> Result<Supplied, Error> {
    let tags = || engine.definitions.tags.iter().map(|tag| &tag.definition);
    let Some(definition) = tags().find(|definition| definition.key == *tag) else {
        let near = nearest(tag.as_str(), tags().map(|tag| tag.key.as_str()));
        return Err(not_found("tag", tag.as_str(), near));
    };
    if definition.state() == TagStatus::Paused {
        let problem = format!("tag `{tag}` is paused: `muster resume {tag}` first");
        return Err(Error::Invalid { problem });
    }
    let supplied = supplied::of_tag(definition);
    supplied
        .filter(|supplied| supplied.by == by)
        .ok_or_else(|| {
            let problem = match (by, supplied) {
                (Supplier::Hand, Some(_)) => {
                    format!("tag `{tag}` is imported: `muster import tag` gives its members")
                }
                (Supplier::Import, Some(_)) => {
                    format!("tag `{tag}` is set by hand: `muster tag set` gives its members")
                }
                (Supplier::Hand, None) => format!(
                    "tag `{tag}` follows from a rule: only tags defined with `by_hand` are set on single users"
                ),
                (Supplier::Import, None) => format!(
                    "tag `{tag}` follows from a rule: only tags defined with `imported` have members that are imported"
                ),
            };
            Error::Invalid { problem }
        })
}

fn not_found(what: &'static str, key: &str, near: Option<&str>) -> Error {
    Error::NotFound {
        what,
        key: key.to_owned(),
        hint: near.map(str::to_owned),
    }
}

/// The canonical text of a value.
pub(crate) fn value_of(
    tag: &TagKey,
    of: SuppliedType,
    written: Option<&str>,
) -> Result<String, Error> {
    let invalid = |problem: String| Error::Invalid { problem };
    match (of, written) {
        (SuppliedType::Flag, None) => Ok(String::new()),
        (_, None) => Err(invalid(format!(
            "tag `{tag}` has a value of type {}: say which",
            of.name()
        ))),
        (_, Some(written)) => {
            let value = of.read(written);
            let value = value.map_err(|error| invalid(format!("tag `{tag}`: {error}")))?;
            Ok(crate::display::value(&value))
        }
    }
}

/// Refuses a value that would be one too many.
fn refuse_too_many(engine: &Engine, tag: &TagKey, value: &str) -> Result<(), Error> {
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

fn too_many_values(tag: &TagKey) -> Error {
    let most = Supplied::MOST_VALUES;
    let problem = format!(
        "tag `{tag}` would have more than {most} different values, each of which is counted by itself: \
         give it fewer, or the type number, time or date"
    );
    Error::Invalid { problem }
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
    let user = |written: &str| engine.users.user(written);
    let members = supplied::members(&engine.platform, tag, supplied, &user)?;
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
