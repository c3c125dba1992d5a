//! Tags that are set by hand, as the HTTP faces ask for it.

use api::Error;
use api::ports::UserTag;
use api::ports::by_hand::{ByHand, Setting, SettingDone, SettingTo};
use domain::{Signature, TagValue, UserNumber};
use tags::Change;

use super::Service;
use super::life::refused;
use crate::supply;

impl ByHand for Service {
    fn set(&self, setting: &Setting, signature: &Signature) -> Result<SettingDone, Error> {
        let wanted = match &setting.to {
            SettingTo::Set(value) => supply::ByHand::Set(value.clone()),
            SettingTo::Unset => supply::ByHand::Unset,
        };
        let user = setting.user.to_string();
        let engine = &self.current().engine;
        let named = (&setting.tag, user.as_str());
        let user = supply::write_by_hand(engine, named, &wanted, signature).map_err(refused)?;
        let followed = self.follow_supplied(&setting.tag).map_err(refused)?;
        let is_pending = followed.is_none();
        let computed = followed.flatten();
        let changes = computed.map(|computed| computed.changes.changes);
        let changes = changes.unwrap_or_default();
        Ok(SettingDone {
            entered: tags(&changes, user, |change| &change.entered),
            left: tags(&changes, user, |change| &change.left),
            is_pending,
        })
    }
}

/// The tags and values whose changes concern a user.
fn tags(changes: &[Change], user: UserNumber, of: fn(&Change) -> &domain::UserSet) -> Vec<UserTag> {
    let concerned = changes.iter().filter(|change| of(change).contains(user));
    let tag = |change: &Change| UserTag {
        tag: change.slot.tag.clone(),
        values: change
            .slot
            .value
            .as_deref()
            .map(TagValue::new)
            .into_iter()
            .collect(),
    };
    concerned.map(tag).collect()
}
