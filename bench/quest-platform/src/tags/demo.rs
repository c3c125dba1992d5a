//! The definitions of the demonstration: the catalogue, and audiences and lists of its own.

/// Definition files: names, and texts from the folder of this file.
macro_rules! definition_files {
    ($($name:literal at $path:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!($path, $name)))),*]
    };
}

/// The definitions of the demonstration as YAML files: name and text. Tags of six groups with
/// names in 中文 and English, audiences, and lists with members in the place of the catalogue's.
pub const DEMO_DEFINITIONS: &[(&str, &str)] = definition_files![
    "account/sign_up.yaml" at "../../../../catalogue/",
    "account/profile.yaml" at "../../../../catalogue/",
    "account/social.yaml" at "../../../../catalogue/",
    "account/referral.yaml" at "../../../../catalogue/",
    "account/lifecycle.yaml" at "../../../../catalogue/",
    "identity/kyc.yaml" at "../../../../catalogue/",
    "identity/humanity.yaml" at "../../../../catalogue/",
    "identity/trust.yaml" at "../../../../catalogue/",
    "assets/wallets.yaml" at "../../../../catalogue/",
    "assets/wealth.yaml" at "../../../../catalogue/",
    "assets/holdings.yaml" at "../../../../catalogue/",
    "assets/chains.yaml" at "../../../../catalogue/",
    "quests/quests.yaml" at "../../../../catalogue/",
    "quests/check_ins.yaml" at "../../../../catalogue/",
    "quests/points.yaml" at "../../../../catalogue/",
    "quests/communities.yaml" at "../../../../catalogue/",
    "quests/airdrops.yaml" at "../../../../catalogue/",
    "preferences/interests.yaml" at "../../../../catalogue/",
    "preferences/tasks.yaml" at "../../../../catalogue/",
    "preferences/hours.yaml" at "../../../../catalogue/",
    "preferences/devices.yaml" at "../../../../catalogue/",
    "preferences/favourites.yaml" at "../../../../catalogue/",
    "onchain/swaps.yaml" at "../../../../catalogue/",
    "onchain/rfm.yaml" at "../../../../catalogue/",
    "onchain/transfers.yaml" at "../../../../catalogue/",
    "onchain/defi.yaml" at "../../../../catalogue/",
    "onchain/nfts.yaml" at "../../../../catalogue/",
    "onchain/sybil.yaml" at "../../../../catalogue/",
    "reference.yaml" at "../../../../catalogue/",
    "audiences.yaml" at "../../demo/",
    "lists.yaml" at "../../demo/",
];
