//! The import ledger.

use catalog::{Digest, ErrorKind, ImportId, ImportProgress, ImportStart, ImportState, Opened};

use crate::{at, is, on_each};

fn start(source: u8, mapping: u8) -> ImportStart {
    ImportStart {
        source: Digest([source; 32]),
        mapping: Digest([mapping; 32]),
        source_name: "swaps.csv".to_owned(),
    }
}

#[test]
fn the_same_source_with_the_same_mapping_is_imported_once() {
    on_each(async |catalog| {
        let Opened::New(id) = catalog.open_import(&start(1, 1), at(1)).await.unwrap() else {
            panic!("a new source is new");
        };
        let whole = ImportProgress {
            position: 100,
            batches: 2,
            rows_read: 100,
            rows_added: 97,
            rows_rejected: 3,
        };
        catalog.finish_import(id, &whole, at(2)).await.unwrap();
        let Opened::Done(record) = catalog.open_import(&start(1, 1), at(3)).await.unwrap() else {
            panic!("a finished import is done");
        };
        assert_eq!(
            (record.id, record.progress, record.state),
            (id, whole, ImportState::Done)
        );
        assert_eq!((record.started_at, record.updated_at), (at(1), at(2)));
        assert!(matches!(
            catalog.open_import(&start(1, 2), at(4)).await.unwrap(),
            Opened::New(_)
        ));
        assert!(matches!(
            catalog.open_import(&start(2, 1), at(4)).await.unwrap(),
            Opened::New(_)
        ));
        let ids: Vec<u64> = catalog
            .imports()
            .await
            .unwrap()
            .iter()
            .map(|record| record.id.0)
            .collect();
        assert_eq!(ids, [3, 2, 1]);
    });
}

#[test]
fn an_interrupted_import_goes_on_where_it_was() {
    on_each(async |catalog| {
        let Opened::New(id) = catalog.open_import(&start(1, 1), at(1)).await.unwrap() else {
            panic!("a new source is new");
        };
        let half = ImportProgress {
            position: 4096,
            batches: 1,
            rows_read: 50,
            ..ImportProgress::default()
        };
        catalog.advance_import(id, &half, at(2)).await.unwrap();
        let Opened::Resumed(record) = catalog.open_import(&start(1, 1), at(3)).await.unwrap()
        else {
            panic!("an open import resumes");
        };
        assert_eq!((record.id, record.progress), (id, half));
        assert_eq!(record.start, start(1, 1));
    });
}

#[test]
fn an_unknown_import_cannot_advance() {
    on_each(async |catalog| {
        let nothing = ImportProgress::default();
        let message = is(
            ErrorKind::NotFound,
            catalog.advance_import(ImportId(7), &nothing, at(1)).await,
        );
        assert_eq!(message, "there is no import `7`");
    });
}

#[test]
fn a_digest_reads_back_as_it_is_written() {
    let digest = Digest(std::array::from_fn(|n| n as u8 * 7));
    assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
    for text in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
        is(ErrorKind::Invalid, text.parse::<Digest>());
    }
}
