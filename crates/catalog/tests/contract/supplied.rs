//! The members of tags that people supply.

use catalog::{
    Catalog, Change, Digest, ErrorKind, Load, LoadMode, LoadStart, Setting, SuppliedMember,
};
use domain::{Supplied, SuppliedType, Supplier, TagBody, TagDefinition, Time};

use crate::{at, is, key, on_each, tag};

fn member(user: &str, value: &str) -> SuppliedMember {
    SuppliedMember {
        user: user.to_owned(),
        value: value.to_owned(),
    }
}

async fn open(catalog: &Catalog, content: u8) -> Load {
    let start = LoadStart {
        tag: key("vip"),
        source: Digest([content; 32]),
        mapping: Digest([1; 32]),
    };
    catalog.open_load(&start, at(1)).await.unwrap()
}

/// Loads rows behind those that are there.
async fn rows(catalog: &Catalog, load: Load, rows: &[(&str, &str)]) -> Load {
    let behind = Load {
        position: load.position + rows.len() as u64,
        ..load
    };
    let place = (load.position + 1)..;
    let rows = place
        .zip(rows)
        .map(|(place, (user, value))| (place, member(user, value)));
    let rows: Vec<_> = rows.collect();
    catalog.advance_load(&behind, &rows).await.unwrap();
    behind
}

async fn members(catalog: &Catalog) -> (Vec<(String, String)>, Option<Time>) {
    let imported = catalog.imported(&key("vip")).await.unwrap();
    let members = imported.members.into_iter();
    let pairs = members.map(|member| (member.user, member.value));
    (pairs.collect(), imported.as_of)
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(user, value): &(&str, &str)| ((*user).to_owned(), (*value).to_owned());
    of.iter().map(owned).collect()
}

#[test]
fn members_count_only_once_their_import_has_ended() {
    on_each(async |catalog| {
        let load = open(&catalog, 1).await;
        let load = rows(
            &catalog,
            load,
            &[("u1", "gold"), ("u2", "gold"), ("u1", "silver")],
        )
        .await;
        assert_eq!(members(&catalog).await, (Vec::new(), None));
        // The same import goes on where it was.
        assert_eq!(open(&catalog, 1).await, load);
        let vip = key("vip");
        let finish = catalog.finish_load(&vip, (&load, LoadMode::Replace), at(5));
        finish.await.unwrap();
        let there = pairs(&[("u2", "gold"), ("u1", "silver")]);
        assert_eq!(members(&catalog).await, (there.clone(), Some(at(5))));
        // Another takes its place at once, and at its end only.
        let other = open(&catalog, 2).await;
        assert_eq!(other.position, 0);
        let other = rows(&catalog, other, &[("u3", "gold")]).await;
        assert_eq!(members(&catalog).await, (there, Some(at(5))));
        let vip = key("vip");
        let finish = catalog.finish_load(&vip, (&other, LoadMode::Replace), at(6));
        finish.await.unwrap();
        let there = pairs(&[("u3", "gold")]);
        assert_eq!(members(&catalog).await, (there, Some(at(6))));
    });
}

#[test]
fn what_is_added_comes_behind_what_is_there() {
    on_each(async |catalog| {
        for (content, new) in [
            (1, [("u1", "a"), ("u2", "a")]),
            (2, [("u2", "b"), ("u3", "b")]),
        ] {
            let load = open(&catalog, content).await;
            let load = rows(&catalog, load, &new).await;
            assert_eq!(catalog.load_values(&load).await.unwrap(), 1);
            let vip = key("vip");
            let finish = catalog.finish_load(&vip, (&load, LoadMode::Add), at(3));
            finish.await.unwrap();
        }
        let there = pairs(&[("u1", "a"), ("u2", "b"), ("u3", "b")]);
        assert_eq!(members(&catalog).await.0, there);
    });
}

#[test]
fn another_import_gives_up_one_that_was_interrupted() {
    on_each(async |catalog| {
        let load = open(&catalog, 1).await;
        rows(&catalog, load, &[("u1", "")]).await;
        open(&catalog, 2).await;
        assert_eq!(open(&catalog, 1).await.position, 0);
    });
}

#[test]
fn of_each_key_the_last_setting_counts() {
    on_each(async |catalog| {
        let set = |user: &str, value: Option<&str>, millis| Setting {
            tag: key("kol"),
            user: user.to_owned(),
            value: value.map(str::to_owned),
            author: "ann".to_owned(),
            reason: "因为".to_owned(),
            at: at(millis),
        };
        let all = [
            set("u1", Some("big"), 1),
            set("u2", Some(""), 2),
            set("u1", None, 3),
        ];
        for setting in &all {
            catalog.set_by_hand(setting).await.unwrap();
        }
        let last = catalog.settings_by_hand(&key("kol")).await.unwrap();
        assert_eq!(last, all[1..]);
        assert!(
            catalog
                .settings_by_hand(&key("vip"))
                .await
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn a_tag_with_supplied_members_does_not_become_another() {
    on_each(async |catalog| {
        let supplied = |of| TagDefinition {
            body: TagBody::Supplied(Supplied {
                by: Supplier::Import,
                of,
            }),
            ..tag("vip", "")
        };
        let put = |tag: TagDefinition| [Change::PutTag(tag)];
        let flag = supplied(SuppliedType::Flag);
        catalog.apply(&put(flag.clone()), at(1)).await.unwrap();
        // Nobody has it yet.
        let text = supplied(SuppliedType::Text);
        catalog.apply(&put(text.clone()), at(1)).await.unwrap();
        let load = open(&catalog, 1).await;
        let load = rows(&catalog, load, &[("u1", "gold")]).await;
        let vip = key("vip");
        let finish = catalog.finish_load(&vip, (&load, LoadMode::Replace), at(2));
        finish.await.unwrap();
        let refused = catalog.apply(&put(flag.clone()), at(3)).await;
        is(ErrorKind::Conflict, refused);
        let refused = catalog.apply(&put(tag("vip", "true")), at(3)).await;
        is(ErrorKind::Conflict, refused);
        // Removed, it keeps them for when it comes back, unless it is another then.
        let remove = [Change::RemoveTag(key("vip"))];
        catalog.apply(&remove, at(4)).await.unwrap();
        catalog.apply(&put(text), at(5)).await.unwrap();
        assert_eq!(members(&catalog).await.0, pairs(&[("u1", "gold")]));
        catalog.apply(&remove, at(6)).await.unwrap();
        catalog.apply(&put(flag), at(7)).await.unwrap();
        assert_eq!(members(&catalog).await, (Vec::new(), None));
    });
}
