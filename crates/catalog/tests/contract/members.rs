//! The members of lists.

use catalog::{Applied, Change, ErrorKind};
use domain::{ListKey, ListKind};

use crate::{at, is, list, on_each};

fn binance() -> ListKey {
    ListKey::new("binance").unwrap()
}

#[test]
fn a_member_counts_once_however_often_it_is_added() {
    on_each(async |catalog| {
        catalog
            .apply(&[Change::PutList(list("binance", ListKind::Users))], at(1))
            .await
            .unwrap();
        assert_eq!(
            catalog
                .add_members(&binance(), &["u2", "u1", "u2"])
                .await
                .unwrap(),
            2
        );
        assert_eq!(
            catalog
                .add_members(&binance(), &["u1", "u3"])
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            catalog.members(&binance()).await.unwrap(),
            ["u1", "u2", "u3"]
        );
        assert_eq!(
            catalog.definitions().await.unwrap().member_counts[&binance()],
            3
        );
        assert_eq!(
            catalog
                .remove_members(&binance(), &["u1", "u9"])
                .await
                .unwrap(),
            1
        );
        assert_eq!(catalog.members(&binance()).await.unwrap(), ["u2", "u3"]);
        assert_eq!(
            catalog.definitions().await.unwrap().member_counts[&binance()],
            2
        );
    });
}

#[test]
fn the_revision_grows_exactly_when_a_list_changes() {
    on_each(async |catalog| {
        catalog
            .apply(&[Change::PutList(list("binance", ListKind::Users))], at(1))
            .await
            .unwrap();
        let before = catalog.revision().await.unwrap();
        catalog.add_members(&binance(), &["u1"]).await.unwrap();
        assert_eq!(catalog.revision().await.unwrap(), before + 1);
        catalog.add_members(&binance(), &["u1"]).await.unwrap();
        let same = Change::SetMembers(binance(), vec!["u1".to_owned(), "u1".to_owned()]);
        assert_eq!(
            catalog.apply(&[same], at(2)).await.unwrap(),
            [Applied::Unchanged]
        );
        assert_eq!(catalog.revision().await.unwrap(), before + 1);
        let other = Change::SetMembers(binance(), vec!["u2".to_owned()]);
        assert_eq!(
            catalog.apply(&[other], at(2)).await.unwrap(),
            [Applied::Changed]
        );
        assert_eq!(catalog.members(&binance()).await.unwrap(), ["u2"]);
        assert_eq!(catalog.revision().await.unwrap(), before + 2);
    });
}

#[test]
fn members_keep_their_letters_and_differ_by_case() {
    on_each(async |catalog| {
        catalog
            .apply(&[Change::PutList(list("binance", ListKind::Values))], at(1))
            .await
            .unwrap();
        let texts = ["a", "A", " a", "日本", "'; drop table lists; --"];
        assert_eq!(catalog.add_members(&binance(), &texts).await.unwrap(), 5);
        let mut stored = catalog.members(&binance()).await.unwrap();
        stored.sort();
        let mut wanted = texts.to_vec();
        wanted.sort_unstable();
        assert_eq!(stored, wanted);
    });
}

#[test]
fn an_unknown_list_and_an_impossible_member_are_refused_whole() {
    on_each(async |catalog| {
        is(
            ErrorKind::NotFound,
            catalog.add_members(&binance(), &["u1"]).await,
        );
        is(ErrorKind::NotFound, catalog.members(&binance()).await);
        catalog
            .apply(&[Change::PutList(list("binance", ListKind::Users))], at(1))
            .await
            .unwrap();
        let long = "x".repeat(513);
        is(
            ErrorKind::Invalid,
            catalog.add_members(&binance(), &["u1", &long]).await,
        );
        is(
            ErrorKind::Invalid,
            catalog.add_members(&binance(), &["u1", ""]).await,
        );
        assert!(catalog.members(&binance()).await.unwrap().is_empty());
    });
}

#[test]
fn a_list_with_members_keeps_its_kind_and_a_removed_one_its_members_not() {
    on_each(async |catalog| {
        let users = Change::PutList(list("binance", ListKind::Users));
        let values = Change::PutList(list("binance", ListKind::Values));
        catalog
            .apply(std::slice::from_ref(&users), at(1))
            .await
            .unwrap();
        catalog
            .apply(std::slice::from_ref(&values), at(2))
            .await
            .unwrap();
        catalog.add_members(&binance(), &["x"]).await.unwrap();
        let message = is(
            ErrorKind::Conflict,
            catalog.apply(std::slice::from_ref(&users), at(3)).await,
        );
        assert!(message.contains("empty it before"), "{message}");
        catalog
            .apply(&[Change::RemoveList(binance())], at(4))
            .await
            .unwrap();
        catalog.apply(&[users], at(5)).await.unwrap();
        assert!(catalog.members(&binance()).await.unwrap().is_empty());
    });
}

#[test]
#[ignore = "measures; run it with --release"]
fn a_million_members_are_added_and_read_in_seconds() {
    on_each(async |catalog| {
        catalog
            .apply(&[Change::PutList(list("binance", ListKind::Users))], at(1))
            .await
            .unwrap();
        let scattered = |n: u64| {
            format!(
                "0x{:032x}",
                u128::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
            )
        };
        let members: Vec<String> = (0..1_000_000).map(scattered).collect();
        let start = std::time::Instant::now();
        for batch in members.chunks(50_000) {
            catalog.add_members(&binance(), batch).await.unwrap();
        }
        println!("added in {:?}", start.elapsed());
        let start = std::time::Instant::now();
        assert_eq!(
            catalog.members(&binance()).await.unwrap().len(),
            members.len()
        );
        println!("read in {:?}", start.elapsed());
    });
}
