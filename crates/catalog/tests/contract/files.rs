//! The file itself: opening again, newer versions, damage, two processes.

use catalog::{Catalog, Change, ErrorKind};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::{at, is, key, tag};

async fn in_file(folder: &std::path::Path, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(folder.join(Catalog::FILE));
    let mut connection = options.connect().await.unwrap();
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn what_was_written_is_there_when_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(folder.path()).await.unwrap();
    catalog
        .apply(&[Change::PutTag(tag("a", "true"))], at(1))
        .await
        .unwrap();
    // Not closed: as if the process had been killed.
    let again = Catalog::open(folder.path()).await.unwrap();
    assert_eq!(again.tag(&key("a")).await.unwrap().version, 1);
    again.close().await;
    catalog.close().await;
}

#[tokio::test]
async fn a_newer_layout_is_refused_in_words_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    Catalog::open(folder.path()).await.unwrap().close().await;
    in_file(
        folder.path(),
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (9999, 'later', 1, x'00', 1)",
    )
    .await;
    let message = is(ErrorKind::NewerStore, Catalog::open(folder.path()).await);
    assert!(
        message.contains("written by a newer version of Muster"),
        "{message}"
    );
    assert!(message.contains("9999"), "{message}");
}

#[tokio::test]
async fn a_file_that_is_no_catalogue_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join(Catalog::FILE),
        "no database at all ".repeat(100),
    )
    .unwrap();
    let message = is(ErrorKind::Bug, Catalog::open(folder.path()).await);
    assert!(message.contains("damaged"), "{message}");
    let message = is(
        ErrorKind::TryAgain,
        Catalog::open(&folder.path().join("nowhere")).await,
    );
    assert!(message.contains("cannot be opened"), "{message}");
}

#[tokio::test]
async fn a_definition_that_cannot_be_read_back_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(folder.path()).await.unwrap();
    catalog
        .apply(&[Change::PutTag(tag("a", "true"))], at(1))
        .await
        .unwrap();
    in_file(folder.path(), "update definitions set definition = '{'").await;
    let message = is(ErrorKind::Bug, catalog.definitions().await);
    assert!(
        message.contains("the definition of tag `a` cannot be read"),
        "{message}"
    );
}

#[tokio::test]
async fn writers_wait_for_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let one = Catalog::open(folder.path()).await.unwrap();
    let other = Catalog::open(folder.path()).await.unwrap();
    let counting = |catalog: Catalog| async move {
        for _ in 0..50 {
            catalog.reserve_arrivals(1).await.unwrap();
        }
    };
    let tasks = [one.clone(), other.clone(), one.clone(), other]
        .map(|catalog| tokio::spawn(counting(catalog)));
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(one.reserve_arrivals(1).await.unwrap(), 200);
}
