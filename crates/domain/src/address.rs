//! Addresses of the EVM chains: `0x` and 40 hex digits, compared in lower case everywhere.

use std::borrow::Cow;

/// Whether a text is an address: `0x` and 40 hex digits of either case.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 42 && bytes.starts_with(b"0x") && bytes.iter().skip(2).all(u8::is_ascii_hexdigit)
}

/// Whether an identity is a wallet by its text: `0x` and hex digits, as many as there are.
pub(crate) fn is_wallet(text: &str) -> bool {
    text.strip_prefix("0x")
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// An address in lower case; any other text as it is.
#[must_use]
pub fn canonical_address_or_same(text: &str) -> Cow<'_, str> {
    if is_address(text) && text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_lowered_and_nothing_else_is() {
        let mixed = "0xABCDEFabcdef0123456789ABCDEFabcdef012345";
        assert!(is_address(mixed));
        assert_eq!(canonical_address_or_same(mixed), mixed.to_lowercase());
        for other in [
            "",
            "0x",
            "0xABC",
            &mixed[..41],
            "0XABCDEFabcdef0123456789ABCDEFabcdef012345",
        ] {
            assert!(!is_address(other), "{other}");
            assert_eq!(canonical_address_or_same(other), other);
        }
        assert!(!is_address("0xABCDEFabcdef0123456789ABCDEFabcdef01234g"));
    }
}
