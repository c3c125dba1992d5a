//! What was found of queries.

use catalog::Digest;

use super::*;

#[test]
fn what_was_found_of_a_query_is_kept_for_what_found_it() {
    on_each(|catalog| async move {
        let (first, second) = (Digest([1; 32]), Digest([2; 32]));
        for (query, found) in [(first, "{}"), (second, "[]"), (second, "[1]")] {
            let kept = catalog.keep_checked_query("1.0", query, found).await;
            kept.unwrap();
        }
        let found = catalog.checked_queries("1.0").await.unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[&second], "[1]");
        // Another version finds for itself.
        assert!(catalog.checked_queries("2.0").await.unwrap().is_empty());
        catalog
            .keep_checked_query("2.0", first, "{}")
            .await
            .unwrap();
        assert!(catalog.checked_queries("1.0").await.unwrap().is_empty());
    });
}
