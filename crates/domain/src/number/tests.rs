//! Decimals against big-integer rationals.
