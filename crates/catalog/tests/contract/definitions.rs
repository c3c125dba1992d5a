//! Definitions and their versions.

use catalog::{Applied, Change, ErrorKind};
use domain::{
    AudienceDefinition, AudienceKey, Cell, EventDefinition, EventName, ListKind, LocalizedText,
    PropertyDefinition, PropertyType, TableDefinition, TableKey, TableRow,
};

use crate::{at, is, key, list, on_each, tag};

#[test]
fn a_definition_reads_back_and_a_change_is_a_new_version() {
    on_each(async |catalog| {
        let put = [Change::PutTag(tag("whale", "sum(swap.amount_usd) > 1e5"))];
        assert_eq!(catalog.apply(&put, at(10)).await.unwrap(), [Applied::Added]);
        let stored = catalog.tag(&key("whale")).await.unwrap();
        assert_eq!(
            stored.definition,
            tag("whale", "sum(swap.amount_usd) > 1e5")
        );
        assert_eq!(
            (stored.version, stored.created_at, stored.updated_at),
            (1, at(10), at(10))
        );

        assert_eq!(
            catalog.apply(&put, at(20)).await.unwrap(),
            [Applied::Unchanged]
        );
        assert_eq!(catalog.tag(&key("whale")).await.unwrap(), stored);
        assert_eq!(catalog.revision().await.unwrap(), 1);

        let changed = [Change::PutTag(tag("whale", "true"))];
        assert_eq!(
            catalog.apply(&changed, at(30)).await.unwrap(),
            [Applied::Changed]
        );
        let stored = catalog.tag(&key("whale")).await.unwrap();
        assert_eq!(
            (stored.version, stored.created_at, stored.updated_at),
            (2, at(10), at(30))
        );
        assert_eq!(catalog.revision().await.unwrap(), 2);
    });
}

#[test]
fn an_event_of_the_tracking_plan_has_any_name_and_keeps_what_is_said_of_it() {
    on_each(async |catalog| {
        let mut event = EventDefinition::new(EventName::new("Order Completed"));
        event.description = LocalizedText {
            zh: "下单".into(),
            en: "An order".into(),
        };
        event.properties.push(PropertyDefinition {
            of_type: Some(PropertyType::Number),
            unit: Some("usd".into()),
            required: true,
            values: ["1".into(), "2".into()].into(),
            ..PropertyDefinition::new("price.net")
        });
        let put = [Change::PutEvent(event.clone())];
        assert_eq!(catalog.apply(&put, at(1)).await.unwrap(), [Applied::Added]);
        assert_eq!(
            catalog.apply(&put, at(2)).await.unwrap(),
            [Applied::Unchanged]
        );
        let stored = &catalog.definitions().await.unwrap().events;
        assert_eq!((&stored[0].definition, stored[0].version), (&event, 1));
        let wrong = [Change::PutEvent(EventDefinition::new(EventName::new(
            "$identify",
        )))];
        is(ErrorKind::Invalid, catalog.apply(&wrong, at(3)).await);
        let remove = [Change::RemoveEvent(event.key)];
        assert_eq!(
            catalog.apply(&remove, at(4)).await.unwrap(),
            [Applied::Removed]
        );
        assert_eq!(catalog.definitions().await.unwrap().events, []);
        is(ErrorKind::NotFound, catalog.apply(&remove, at(5)).await);
    });
}

#[test]
fn a_table_reads_back_with_its_rows_in_their_order() {
    on_each(async |catalog| {
        let cell = |column: &str, value: &str| Cell {
            column: column.into(),
            value: value.into(),
        };
        let row = |id: &str, usd: &str| TableRow {
            cells: vec![cell("id", id), cell("usd", usd)],
        };
        let table = |rows| TableDefinition {
            key: TableKey::new("chains").unwrap(),
            name: LocalizedText::default(),
            description: LocalizedText::default(),
            by: None,
            rows,
        };
        let put = |rows| [Change::PutTable(table(rows))];
        let rows = vec![row("eth", "3000.5"), row("bsc", "600")];
        assert_eq!(
            catalog.apply(&put(rows.clone()), at(1)).await.unwrap(),
            [Applied::Added]
        );
        let stored = &catalog.definitions().await.unwrap().tables;
        assert_eq!(stored[0].definition, table(rows.clone()));
        let twice = put(vec![row("eth", "1"), row("eth", "2")]);
        is(ErrorKind::Invalid, catalog.apply(&twice, at(2)).await);
        let key = TableKey::new("chains").unwrap();
        let removed = catalog.apply(&[Change::RemoveTable(key)], at(3)).await;
        assert_eq!(removed.unwrap(), [Applied::Removed]);
        assert_eq!(catalog.definitions().await.unwrap().tables, []);
    });
}

#[test]
fn a_removed_tag_is_gone_and_its_version_goes_on_when_it_comes_back() {
    on_each(async |catalog| {
        let put = [Change::PutTag(tag("whale", "true"))];
        catalog.apply(&put, at(1)).await.unwrap();
        let removed = catalog
            .apply(&[Change::RemoveTag(key("whale"))], at(2))
            .await
            .unwrap();
        assert_eq!(removed, [Applied::Removed]);
        is(ErrorKind::NotFound, catalog.tag(&key("whale")).await);
        assert_eq!(catalog.definitions().await.unwrap().tags, []);
        assert_eq!(catalog.apply(&put, at(3)).await.unwrap(), [Applied::Added]);
        // The removal was a version, too.
        assert_eq!(catalog.tag(&key("whale")).await.unwrap().version, 3);
    });
}

#[test]
fn an_unknown_key_is_answered_with_the_nearest_one() {
    on_each(async |catalog| {
        catalog
            .apply(&[Change::PutTag(tag("whale", "true"))], at(1))
            .await
            .unwrap();
        let message = is(ErrorKind::NotFound, catalog.tag(&key("whael")).await);
        assert_eq!(message, "there is no tag `whael`: did you mean `whale`?");
        let message = is(
            ErrorKind::NotFound,
            catalog
                .apply(&[Change::RemoveTag(key("shrimp"))], at(2))
                .await,
        );
        assert_eq!(message, "there is no tag `shrimp`");
    });
}

#[test]
fn all_changes_are_made_or_none() {
    on_each(async |catalog| {
        let changes = [
            Change::PutTag(tag("a", "true")),
            Change::RemoveTag(key("b")),
        ];
        is(ErrorKind::NotFound, catalog.apply(&changes, at(1)).await);
        assert_eq!(
            *catalog.definitions().await.unwrap(),
            catalog::Definitions::default()
        );
    });
}

#[test]
fn everything_that_is_defined_comes_in_the_order_of_keys() {
    on_each(async |catalog| {
        let vip = AudienceDefinition {
            key: AudienceKey::new("vip").unwrap(),
            name: LocalizedText::same("VIP"),
            description: LocalizedText::same("the best"),
            rule: "tag(a) and not tag(b)".to_owned(),
        };
        let changes = [
            Change::PutTag(tag("b", "true")),
            Change::PutTag(tag("a", "true")),
            Change::PutTag(tag("高净值", "true")),
            Change::PutAudience(vip.clone()),
            Change::PutList(list("binance", ListKind::Users)),
        ];
        catalog.apply(&changes, at(1)).await.unwrap();
        let all = catalog.definitions().await.unwrap();
        let keys: Vec<&str> = all
            .tags
            .iter()
            .map(|tag| tag.definition.key.as_str())
            .collect();
        assert_eq!(keys, ["a", "b", "高净值"]);
        assert_eq!(all.audiences.len(), 1);
        assert_eq!(all.audiences[0].definition, vip);
        assert_eq!(all.lists[0].definition, list("binance", ListKind::Users));
        assert_eq!(all.member_counts.values().copied().collect::<Vec<_>>(), [0]);
        assert_eq!(catalog.audience(&vip.key).await.unwrap().definition, vip);
    });
}

#[test]
fn fifteen_thousand_tags_are_applied_and_read_at_once() {
    on_each(async |catalog| {
        let put: Vec<Change> = (0..15_000)
            .map(|n| Change::PutTag(tag(&format!("t{n:05}"), "count(swap, last 30d) >= 3")))
            .collect();
        catalog.apply(&put, at(1)).await.unwrap();
        assert_eq!(catalog.definitions().await.unwrap().tags.len(), 15_000);
        let again = catalog.apply(&put, at(2)).await.unwrap();
        assert!(again.iter().all(|applied| *applied == Applied::Unchanged));
    });
}
