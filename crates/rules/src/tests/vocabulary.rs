//! The names of a small quest platform.

use std::collections::BTreeSet;

use domain::{
    AudienceKey, Cell, EventDefinition, EventName, ListKey, ListKind, LocalizedText,
    PropertyDefinition, PropertyType, Table, TableDefinition, TableKey, TableRow, TagKey,
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
    vocabulary.declare(&purchase());
    for (event, properties) in [
        ("quest_complete", "chain community.name"),
        ("swap", "chain token"),
        ("login", "device"),
        ("tx", "chain to from wallet"),
    ] {
        let properties = properties.split(' ').map(Into::into).collect();
        let event = EventName::new(event);
        vocabulary.events_without_numbers.insert(event, properties);
    }
    vocabulary.attributes_without_numbers = ["country".into(), "email".into()].into();
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
    let sybil = LocalizedText {
        zh: "女巫".into(),
        en: "Sybil attackers".into(),
    };
    let names = &mut vocabulary.names.tags;
    names.insert(TagKey::new("sybil").unwrap(), sybil);
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

/// An event of the tracking plan.
fn purchase() -> EventDefinition {
    let property = |key: &str, of_type, unit: Option<&str>| PropertyDefinition {
        of_type: Some(of_type),
        unit: unit.map(Into::into),
        ..PropertyDefinition::new(key)
    };
    let mut purchase = EventDefinition::new(EventName::new("purchase"));
    purchase.properties = vec![
        property("price", PropertyType::Number, Some("usd")),
        property("fee", PropertyType::Integer, Some("wei")),
        property("shop", PropertyType::Text, None),
        property("gift", PropertyType::Boolean, None),
        property("due", PropertyType::Date, None),
        property("items", PropertyType::Objects, None),
    ];
    if let Some(shop) = purchase.properties.get_mut(2) {
        shop.values = ["paris".into(), "tokyo".into()].into();
    }
    purchase
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
        description: LocalizedText::default(),
        by: None,
        rows: vec![
            row("bsc", "BNB Chain", "600"),
            row("eth", "Ethereum", "3000.5"),
        ],
    };
    definition.table().unwrap()
}
