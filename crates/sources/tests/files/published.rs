//! The published files that the folder `MUSTER_PUBLISHED_DATA` has; without it nothing is read.

use std::path::PathBuf;

use sources::files::{
    Delimiter, EventMapping, FileSource, InputFile, ListMapping, Mapping, NameFrom, ProfileMapping,
    ReadOptions, RowBatch, TimeColumn, TimeFormat,
};

use crate::support;

/// All batches of a file, none of whose rows is refused; `None` where the file is not there.
fn read(
    file: &str,
    mapping: Mapping,
    adapt: impl FnOnce(&mut ReadOptions),
) -> Option<Vec<RowBatch>> {
    let Some(folder) = std::env::var_os("MUSTER_PUBLISHED_DATA") else {
        println!("skipped: MUSTER_PUBLISHED_DATA does not say where `{file}` is");
        return None;
    };
    let spool = tempfile::tempdir().unwrap();
    let input = InputFile::open(&PathBuf::from(folder).join(file), spool.path()).unwrap();
    let mut options = support::options();
    adapt(&mut options);
    let source = FileSource::open(&input, &mapping, &options).unwrap();
    let batches: Vec<RowBatch> = source.map(|batch| batch.unwrap()).collect();
    for batch in &batches {
        assert_eq!(batch.rejected.first(), None, "{file}");
    }
    Some(batches)
}

fn accepted(batches: &[RowBatch]) -> usize {
    batches.iter().map(RowBatch::accepted).sum()
}

fn events(user: &str, time: &str, format: TimeFormat) -> Mapping {
    Mapping::Events(EventMapping {
        user: user.to_owned(),
        time: Some(TimeColumn {
            column: time.to_owned(),
            format,
            zone: Default::default(),
        }),
        name: NameFrom::Constant("purchase".to_owned()),
        message_id: None,
        position: None,
        types: Vec::new(),
    })
}

fn profiles(user: &str) -> Mapping {
    Mapping::Profiles(ProfileMapping {
        user: user.to_owned(),
        time: None,
        types: Vec::new(),
        zone: Default::default(),
    })
}

#[test]
fn purchases_in_columns_between_spaces() {
    let mapping = events("customer", "date", "%Y%m%d".parse().unwrap());
    let Some(batches) = read("cdnow/CDNOW_sample.txt", mapping, |options| {
        options.delimiter = Some(Delimiter::Spaces);
        let names = ["master", "customer", "date", "quantity", "dollars"];
        options.header = Some(names.map(str::to_owned).to_vec());
    }) else {
        return;
    };
    assert_eq!(accepted(&batches), 6_919);
    let first = &batches[0].events;
    assert_eq!(
        (first.users.get(0), first.times[0].to_string().as_str()),
        ("0001", "1997-01-01T00:00:00Z")
    );
    assert_eq!(first.properties.get(0, "dollars"), Some("29.33"));
    let mapping = events("customer_id", "date", "%Y%m%d".parse().unwrap());
    let master = read("cdnow/CDNOW_master.txt", mapping, |options| {
        options.delimiter = Some(Delimiter::Spaces);
    });
    assert_eq!(accepted(&master.unwrap()), 69_659);
}

#[test]
fn traders_wallets_and_lists_in_compressed_csv() {
    if let Some(batches) = read(
        "cow/mainnet-trader-data.csv.gz",
        profiles("account"),
        |_| {},
    ) {
        assert!(accepted(&batches) > 10_000);
    }
    if let Some(batches) = read(
        "uniswap/uniswap_airdrop.csv.gz",
        profiles("address"),
        |_| {},
    ) {
        assert_eq!(accepted(&batches), 252_803);
        let amounts = &batches[0].profiles.attributes;
        assert_eq!(amounts.get(0, "amount_wei"), Some("400000000000000000000"));
    }
    let list = Mapping::List(ListMapping::Users {
        column: "account".to_owned(),
    });
    if let Some(batches) = read("cow/excluded_accounts.csv", list, |_| {}) {
        assert!(
            batches[0]
                .members
                .keys
                .iter()
                .all(|key| key == key.to_lowercase())
        );
    }
}

#[test]
fn transactions_and_labels_of_a_chain() {
    let mapping = events("from_address", "block_timestamp", TimeFormat::Detected);
    let file = "ethereum/transactions_03300000_03399999_small.csv.gz";
    if let Some(batches) = read(file, mapping, |_| {}) {
        assert_eq!(accepted(&batches), 19_999);
    }
    let list = Mapping::List(ListMapping::Values {
        column: "address".to_owned(),
        value_type: None,
    });
    if let Some(batches) = read("ethereum/etherscan_tags.csv.gz", list, |_| {}) {
        assert_eq!(accepted(&batches), 38_617);
    }
}

#[test]
fn purchases_and_households_in_parquet() {
    let mapping = events(
        "household_id",
        "transaction_timestamp",
        TimeFormat::Detected,
    );
    if let Some(batches) = read("completejourney/transactions.parquet", mapping, |_| {}) {
        assert_eq!(accepted(&batches), 1_469_307);
    }
    for file in ["demographics", "campaigns", "coupon_redemptions"] {
        let file = format!("completejourney/{file}.parquet");
        if let Some(batches) = read(&file, profiles("household_id"), |_| {}) {
            assert!(accepted(&batches) > 100);
        }
    }
}
