//! The canonical text of a number: plain digits, no exponent, no trailing zeros, no `-0`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use super::{Decimal, Repr};

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small { mantissa, scale: 0 } => fmt::Display::fmt(mantissa, formatter),
            Repr::Small { mantissa, scale } => {
                let digits = mantissa.unsigned_abs().to_string();
                write_plain(formatter, &digits, usize::from(*scale), *mantissa >= 0)
            }
            Repr::Large(large) => {
                let digits = large.mantissa.magnitude().to_string();
                let scale = usize::try_from(large.scale).unwrap_or(usize::MAX);
                write_plain(formatter, &digits, scale, !self.is_negative())
            }
        }
    }
}

fn write_plain(
    formatter: &mut fmt::Formatter<'_>,
    digits: &str,
    scale: usize,
    is_nonnegative: bool,
) -> fmt::Result {
    let mut text = String::with_capacity(digits.len() + 2);
    match digits
        .len()
        .checked_sub(scale)
        .and_then(|whole| digits.split_at_checked(whole))
    {
        Some((whole, "")) => text.push_str(whole),
        Some((whole, places)) => {
            text.push_str(if whole.is_empty() { "0" } else { whole });
            text.push('.');
            text.push_str(places);
        }
        None => {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', scale - digits.len()));
            text.push_str(digits);
        }
    }
    formatter.pad_integral(is_nonnegative, "", &text)
}

impl fmt::Debug for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Decimal({self})")
    }
}

impl Serialize for Decimal {
    /// As text, so that no reader loses a digit.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
