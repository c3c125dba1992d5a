//! Tags over the platform: the demonstration's, and as many random ones as a benchmark wants.

mod features;
mod mixed;
mod random;

pub use features::{FeatureTable, feature_tags};
pub use mixed::mixed_tags;
pub use random::{RandomTag, random_tags};

/// The definitions of the demonstration as YAML files: name and text. Tags of six groups with
/// names in 中文 and English, audiences and lists.
pub const DEMO_DEFINITIONS: [(&str, &str); 8] = [
    (
        "account_social.yaml",
        include_str!("../tags/account_social.yaml"),
    ),
    ("poh_kyc.yaml", include_str!("../tags/poh_kyc.yaml")),
    ("assets.yaml", include_str!("../tags/assets.yaml")),
    (
        "quests_communities.yaml",
        include_str!("../tags/quests_communities.yaml"),
    ),
    ("preferences.yaml", include_str!("../tags/preferences.yaml")),
    (
        "onchain_behaviour.yaml",
        include_str!("../tags/onchain_behaviour.yaml"),
    ),
    ("audiences.yaml", include_str!("../tags/audiences.yaml")),
    ("lists.yaml", include_str!("../tags/lists.yaml")),
];
