//! What a user holds in all wallets.

/// The attribute under which an identity tells what it holds: a list, mostly of objects. Rules see
/// under it what all identities of a user hold.
pub const HOLDINGS: &str = "holdings";
