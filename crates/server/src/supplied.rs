//! Tags whose members people supply: who has them, by whom and as of when.

mod kept;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use catalog::Setting;
use domain::{
    Keep, Supplied, SuppliedType, Supplier, TagBody, TagDefinition, TagKey, Time, UserNumber,
    UserSet, Value,
};
use tags::GivenTag;

pub use self::kept::KeptSupply;
use crate::platform::Platform;
use crate::users::Users;

/// Who has a supplied tag, and where that comes from.
#[derive(Clone, Debug)]
pub struct Members {
    /// Who has it, known or not.
    pub given: GivenTag,
    /// When it was last imported, or set.
    pub as_of: Option<Time>,
    /// Of a tag that is set by hand, what was last set for each user.
    pub settings: BTreeMap<UserNumber, Setting>,
}

/// The supplied tags and their members.
pub type SuppliedTags = BTreeMap<TagKey, Arc<Members>>;

impl Members {
    /// Nobody, yet.
    pub fn none(of: SuppliedType) -> Self {
        Self::imported(of, None, std::iter::empty())
    }

    /// Members that were imported: keys that name nobody are left out, and of two that turn out to be one user the
    /// later one counts.
    pub fn imported(
        of: SuppliedType,
        as_of: Option<Time>,
        members: impl Iterator<Item = (Option<UserNumber>, String)>,
    ) -> Self {
        let known = members.filter_map(|(user, value)| Some((user?, value)));
        Self {
            given: given(of, &known.collect()),
            as_of,
            settings: BTreeMap::new(),
        }
    }

    /// Members that were set by hand, in the order in which they were: the last setting of a user counts, whichever
    /// key of the user it names.
    pub fn set_by_hand(
        of: SuppliedType,
        settings: impl Iterator<Item = (Option<UserNumber>, Setting)>,
    ) -> Self {
        let mut last = BTreeMap::new();
        let mut as_of = None;
        for (user, setting) in settings {
            as_of = as_of.max(Some(setting.at));
            if let Some(user) = user {
                last.insert(user, setting);
            }
        }
        let held = last.iter().filter_map(|(user, setting)| {
            let value = setting.value.clone()?;
            Some((*user, value))
        });
        Self {
            given: given(of, &held.collect()),
            as_of,
            settings: last,
        }
    }
}

/// What each member has, as a tag. Texts that are no values of the type, as they cannot be stored, give none.
fn given(of: SuppliedType, members: &BTreeMap<UserNumber, String>) -> GivenTag {
    let value = |(user, text): (&UserNumber, &String)| Some((*user, of.read(text).ok()?));
    match of {
        SuppliedType::Flag => GivenTag::Flag(Arc::new(members.keys().copied().collect())),
        SuppliedType::Text => {
            let mut values: BTreeMap<Arc<str>, UserSet> = BTreeMap::new();
            for (user, value) in members.iter().filter_map(value) {
                if let Value::Text(text) = value {
                    values.entry(text).or_default().insert(user);
                }
            }
            let values = values.into_iter();
            GivenTag::Layers {
                keep: Keep::First,
                values: values
                    .map(|(value, users)| (value, Arc::new(users)))
                    .collect(),
            }
        }
        SuppliedType::Number | SuppliedType::Time | SuppliedType::Date => {
            GivenTag::metric(members.iter().filter_map(value).collect())
        }
    }
}

/// How people supply a tag, if they do.
pub fn of_tag(tag: &TagDefinition) -> Option<Supplied> {
    match tag.body {
        TagBody::Supplied(supplied) => Some(supplied),
        _ => None,
    }
}

/// Reads the members of a tag; users are who they are by now.
///
/// # Errors
/// The catalog's.
pub fn members(
    platform: &Platform,
    tag: &TagKey,
    supplied: Supplied,
    users: &Users,
) -> Result<Arc<Members>> {
    let times = platform.catalog.tag_supplied(tag);
    let kept = &platform.kept_supply().tags;
    kept.get(&(tag.clone(), supplied), times, users, || {
        Ok(Arc::new(read(platform, tag, supplied, users)?))
    })
}

fn read(platform: &Platform, tag: &TagKey, supplied: Supplied, users: &Users) -> Result<Members> {
    let of = supplied.of;
    Ok(match supplied.by {
        Supplier::Import => {
            let imported = platform.wait(platform.catalog.imported(tag))?;
            let members = imported.members.into_iter();
            let members = members.map(|member| (users.user(&member.user), member.value));
            Members::imported(of, imported.as_of, members)
        }
        Supplier::Hand => {
            let settings = platform.wait(platform.catalog.settings_by_hand(tag))?;
            let settings = settings.into_iter();
            let settings = settings.map(|setting| (users.user(&setting.user), setting));
            Members::set_by_hand(of, settings)
        }
    })
}

/// The users who have a tag otherwise than another says.
pub fn changed(before: &GivenTag, after: &GivenTag) -> UserSet {
    let values = |tag: &GivenTag| -> BTreeMap<Option<Arc<str>>, Arc<UserSet>> {
        match tag {
            GivenTag::Flag(members) => BTreeMap::from([(None, Arc::clone(members))]),
            GivenTag::Layers { values, .. } => {
                let values = values.iter();
                values
                    .map(|(value, users)| (Some(Arc::clone(value)), Arc::clone(users)))
                    .collect()
            }
            GivenTag::Metric { members, .. } => BTreeMap::from([(None, Arc::clone(members))]),
        }
    };
    let (old, new) = (values(before), values(after));
    let nobody = Arc::default();
    let mut changed = UserSet::new();
    for value in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let (old, new) = (
            old.get(value).unwrap_or(&nobody),
            new.get(value).unwrap_or(&nobody),
        );
        changed = changed.or(&old.minus(new)).or(&new.minus(old));
    }
    if let (GivenTag::Metric { values: old, .. }, GivenTag::Metric { values: new, .. }) =
        (before, after)
    {
        let other = new
            .iter()
            .filter(|(user, value)| old.value(*user).as_ref() != Some(value));
        changed.extend(other.map(|(user, _)| user));
    }
    changed
}
