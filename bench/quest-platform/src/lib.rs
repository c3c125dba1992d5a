//! A deterministic synthetic Web3 quest platform of any size.
