//! The names of a small quest platform.

use std::collections::BTreeSet;

use domain::{
    AudienceKey, Cell, EventName, ListKey, ListKind, Table, TableDefinition, TableKey, TableRow,
    TagKey,
};

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
        ("orders", "total"),
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
    vocabulary
        .attributes
        .extend(["positions".into(), "holdings".into(), "orders".into()]);
    vocabulary.collections = BTreeSet::from(["positions".into(), "roles".into(), "orders".into()]);
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
    let chains = chains();
    vocabulary
        .tables
        .insert(chains.key().clone(), std::sync::Arc::new(chains));
    vocabulary
        .audiences
        .insert(AudienceKey::new("whales").unwrap());
    vocabulary
}

/// Two chains with their names and prices.
fn chains() -> Table {
    let cell = |column: &str, value: &str| Cell {
        column: column.into(),
        value: value.into(),
    };
    let row = |id: &str, name: &str, usd: &str| TableRow {
        cells: vec![cell("id", id), cell("name", name), cell("usd", usd)],
    };
    let definition = TableDefinition {
        key: TableKey::new("chains").unwrap(),
        name: Default::default(),
        description: String::new(),
        by: None,
        rows: vec![
            row("bsc", "BNB Chain", "600"),
            row("eth", "Ethereum", "3000.5"),
        ],
    };
    definition.table().unwrap()
}
