//! The names of a small quest platform.

use std::collections::BTreeSet;

use domain::{AudienceKey, EventName, ListKey, ListKind, TagKey};

use crate::checked::Place;
use crate::vocabulary::{TagKind, Vocabulary};

/// A small quest platform.
pub(crate) fn vocabulary() -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    let events = [
        ("quest_start", "quest_id"),
        ("quest_complete", "chain reward_usd quest_id community.name"),
        ("swap", "amount_usd chain token"),
        ("login", "device"),
        ("withdraw", "amount_usd"),
        ("tx", "gas_used gas_price chain to from wallet usd"),
        ("Order Completed", "price 奖励"),
        ("$page", "path context.page.url"),
    ];
    for (event, properties) in events {
        let properties = properties.split(' ').map(Into::into).collect();
        vocabulary.events.insert(EventName::new(event), properties);
    }
    let attributes = "app_version country kyc_level verified signup_at birthday roles email social.twitter.followers a b c";
    vocabulary.attributes = attributes.split(' ').map(Into::into).collect();
    let values = BTreeSet::from(["gold".into(), "silver".into()]);
    let tags = [
        ("sybil", TagKind::YesNo),
        ("tier", TagKind::Values(values)),
        ("lifetime_usd", TagKind::Metric(Place::Number)),
        ("3d_active", TagKind::YesNo),
    ];
    for (key, kind) in tags {
        vocabulary.tags.insert(TagKey::new(key).unwrap(), kind);
    }
    vocabulary
        .lists
        .insert(ListKey::new("staff").unwrap(), ListKind::Users);
    vocabulary
        .lists
        .insert(ListKey::new("hot_countries").unwrap(), ListKind::Values);
    vocabulary
        .audiences
        .insert(AudienceKey::new("whales").unwrap());
    vocabulary
}
