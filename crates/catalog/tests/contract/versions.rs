//! The versions of definitions, and the states of tags.

use catalog::{Applied, Catalog, Change, ErrorKind};
use domain::{Signature, TagDefinition, TagStatus, Time};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};

use crate::{at, is, key, list, on_each, tag};

fn signed(author: &str, reason: &str, time: i64) -> Signature {
    Signature {
        author: author.to_owned(),
        reason: reason.to_owned(),
        at: at(time),
    }
}

fn whale(rule: &str, status: TagStatus) -> TagDefinition {
    TagDefinition {
        status: Some(status),
        ..tag("whale", rule)
    }
}

async fn put(catalog: &Catalog, rule: &str, status: TagStatus, time: i64) -> Applied {
    let put = [Change::PutTag(whale(rule, status))];
    catalog.apply(&put, at(time)).await.unwrap()[0]
}

/// Rule, version and state of each tag: in force, drafts, archived.
async fn stand(catalog: &Catalog) -> [Vec<(String, u64)>; 3] {
    let all = catalog.definitions().await.unwrap();
    [&all.tags, &all.drafts, &all.archived].map(|tags| {
        let told = tags.iter().map(|tag| {
            let rule = format!("{:?}", tag.definition.body).replace("Rule(\"", "");
            let told = format!(
                "{} {}",
                rule.replace("\")", ""),
                tag.definition.state().name()
            );
            (told, tag.version)
        });
        told.collect()
    })
}

#[test]
fn every_change_is_a_version_with_author_reason_and_instant() {
    on_each(async |catalog| {
        let change = |rule: &str| [Change::PutTag(tag("whale", rule))];
        let ann = signed("ann", "they trade more now", 10);
        catalog.apply(&change("a"), ann.clone()).await.unwrap();
        let bob = signed("bob", "", 20);
        catalog.apply(&change("b"), bob.clone()).await.unwrap();
        // The same again is no version.
        catalog.apply(&change("b"), at(25)).await.unwrap();
        let remove = [Change::RemoveTag(key("whale"))];
        catalog.apply(&remove, ann.clone()).await.unwrap();

        let versions = catalog.tag_versions(&key("whale")).await.unwrap();
        let told: Vec<_> = versions
            .iter()
            .map(|version| {
                (
                    version.number,
                    version.definition.clone(),
                    version.signature.clone(),
                )
            })
            .collect();
        let expected = [
            (3, None, ann.clone()),
            (2, Some(tag("whale", "b")), bob),
            (1, Some(tag("whale", "a")), ann),
        ];
        assert_eq!(told, expected);
        let message = is(
            ErrorKind::NotFound,
            catalog.tag_versions(&key("shrimp")).await,
        );
        assert_eq!(message, "there is no tag `shrimp`");
    });
}

#[test]
fn other_definitions_have_versions_too() {
    on_each(async |catalog| {
        let users = list("binance", domain::ListKind::Users);
        let put = [Change::PutList(users.clone())];
        catalog.apply(&put, signed("ann", "new", 1)).await.unwrap();
        let versions = catalog.list_versions(&users.key).await.unwrap();
        assert_eq!(versions[0].definition, Some(users));
        assert_eq!(versions[0].signature, signed("ann", "new", 1));
    });
}

#[test]
fn a_draft_stands_beside_the_version_in_force_until_it_is_published() {
    on_each(async |catalog| {
        use TagStatus::{Draft, InReview, Published};
        assert_eq!(put(&catalog, "a", Published, 1).await, Applied::Added);
        assert_eq!(put(&catalog, "b", Draft, 2).await, Applied::Changed);
        assert_eq!(put(&catalog, "b", Draft, 3).await, Applied::Unchanged);
        let expected = [
            vec![("a published".to_owned(), 1)],
            vec![("b draft".to_owned(), 2)],
            vec![],
        ];
        assert_eq!(stand(&catalog).await, expected);
        put(&catalog, "c", InReview, 4).await;
        let expected = [
            vec![("a published".to_owned(), 1)],
            vec![("c in_review".to_owned(), 3)],
            vec![],
        ];
        assert_eq!(stand(&catalog).await, expected);
        // Another text is put in force: the draft waits.
        put(&catalog, "d", Published, 5).await;
        let expected = [
            vec![("d published".to_owned(), 4)],
            vec![("c in_review".to_owned(), 3)],
            vec![],
        ];
        assert_eq!(stand(&catalog).await, expected);
        put(&catalog, "c", Published, 6).await;
        assert_eq!(
            stand(&catalog).await,
            [vec![("c published".to_owned(), 5)], vec![], vec![]]
        );
        assert_eq!(put(&catalog, "c", Published, 7).await, Applied::Unchanged);
    });
}

#[test]
fn what_is_in_force_again_withdraws_the_draft() {
    on_each(async |catalog| {
        use TagStatus::{Draft, Published};
        put(&catalog, "a", Published, 1).await;
        put(&catalog, "b", Draft, 2).await;
        assert_eq!(put(&catalog, "a", Published, 3).await, Applied::Changed);
        assert_eq!(
            stand(&catalog).await,
            [vec![("a published".to_owned(), 3)], vec![], vec![]]
        );
        assert_eq!(put(&catalog, "a", Published, 4).await, Applied::Unchanged);
    });
}

#[test]
fn a_tag_begins_as_a_draft_is_paused_and_is_archived() {
    on_each(async |catalog| {
        use TagStatus::{Archived, Draft, Paused, Published};
        assert_eq!(put(&catalog, "a", Draft, 1).await, Applied::Added);
        put(&catalog, "b", Draft, 2).await;
        assert_eq!(
            stand(&catalog).await,
            [vec![], vec![("b draft".to_owned(), 2)], vec![]]
        );
        put(&catalog, "b", Published, 3).await;
        put(&catalog, "b", Paused, 4).await;
        assert_eq!(
            stand(&catalog).await,
            [vec![("b paused".to_owned(), 4)], vec![], vec![]]
        );
        put(&catalog, "b", Archived, 5).await;
        assert_eq!(
            stand(&catalog).await,
            [vec![], vec![], vec![("b archived".to_owned(), 5)]]
        );
        put(&catalog, "c", Draft, 6).await;
        let expected = [
            vec![],
            vec![("c draft".to_owned(), 6)],
            vec![("b archived".to_owned(), 5)],
        ];
        assert_eq!(stand(&catalog).await, expected);
    });
}

/// A store as version 0.1 left it.
const BEFORE_VERSIONS: &str = "
    delete from _sqlx_migrations where version = 4;
    drop table definition_versions;
    alter table definitions drop column newest;
    alter table definitions drop column draft;
    insert into definitions (kind, definition_key, definition, version, created_at, updated_at, removed_at) values
        ('tag', 'whale', '{\"key\":\"whale\",\"rule\":\"true\"}', 3, 10, 30, null),
        ('tag', 'gone', '{\"key\":\"gone\",\"rule\":\"true\"}', 1, 10, 10, 40);";

#[tokio::test]
async fn a_store_without_versions_gets_those_it_still_knows() {
    let folder = tempfile::tempdir().unwrap();
    Catalog::open(folder.path()).await.unwrap().close().await;
    let options = SqliteConnectOptions::new().filename(folder.path().join(Catalog::FILE));
    let mut connection = options.connect().await.unwrap();
    connection.execute(BEFORE_VERSIONS).await.unwrap();
    connection.close().await.unwrap();

    let catalog = Catalog::open(folder.path()).await.unwrap();
    let all = catalog.definitions().await.unwrap();
    assert_eq!((all.tags.len(), all.tags[0].version), (1, 3));
    let numbers = |versions: Vec<catalog::Version<TagDefinition>>| -> Vec<(u64, bool, Time)> {
        let told = versions.iter().map(|version| {
            (
                version.number,
                version.definition.is_some(),
                version.signature.at,
            )
        });
        told.collect()
    };
    let versions = catalog.tag_versions(&key("whale")).await.unwrap();
    assert_eq!(numbers(versions), [(3, true, at(30))]);
    let versions = catalog.tag_versions(&key("gone")).await.unwrap();
    assert_eq!(numbers(versions), [(2, false, at(40)), (1, true, at(10))]);
    assert_eq!(
        put(&catalog, "a", TagStatus::Published, 50).await,
        Applied::Changed
    );
    assert_eq!(catalog.tag(&key("whale")).await.unwrap().version, 4);
    let back = [Change::PutTag(tag("gone", "true"))];
    assert_eq!(
        catalog.apply(&back, at(60)).await.unwrap(),
        [Applied::Added]
    );
    assert_eq!(catalog.tag(&key("gone")).await.unwrap().version, 3);
}
