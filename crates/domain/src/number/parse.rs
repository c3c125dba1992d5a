//! Texts that are wholly a number.

use std::str::FromStr;

use num_bigint::{BigInt, Sign};

use super::large::{Large, big_power_of_ten};
use super::{Decimal, PLACES};
use crate::Error;

/// The greatest exponent, in either direction, that a text may write.
const GREATEST_EXPONENT: i64 = 400;

/// Digits before the point that a text may write, its exponent applied.
const MOST_WHOLE_DIGITS: i64 = 800;

/// Whether a text had more places than a number keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// Every digit was kept.
    All,
    /// Non-zero digits after the 18th place were cut.
    Cut,
}

/// The parts of a written number: `[+-] whole [. places] [e exponent]`, digits only.
struct Written<'a> {
    is_negative: bool,
    whole: &'a [u8],
    places: &'a [u8],
    exponent: i64,
}

impl Decimal {
    /// Reads a text that is wholly a number: `[+-]digits[.digits][e[+-]digits]`.
    ///
    /// No spaces, no underscores, no bare point, exponents up to ±400. More than 18 places
    /// are cut toward zero. The range is not judged here; see [`Decimal::judged`].
    #[must_use]
    #[inline]
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self::parse_noting(text)?.0)
    }

    /// [`Decimal::parse`], telling also whether places were cut.
    #[must_use]
    pub fn parse_noting(text: &str) -> Option<(Self, Places)> {
        if let Some(short) = parse_short(text.as_bytes()) {
            return Some((short, Places::All));
        }
        assemble(&split(text.as_bytes())?)
    }
}

impl FromStr for Decimal {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| Error::text(text, "a number such as `12.5`"))
    }
}

/// The common case in one pass: up to 18 digits in all, no exponent.
fn parse_short(text: &[u8]) -> Option<Decimal> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 19 {
        return None;
    }
    let (mut mantissa, mut count, mut point) = (0_i64, 0_usize, None);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa
                    .checked_mul(10)?
                    .checked_add(i64::from(byte - b'0'))?;
                count += 1;
            }
            b'.' if point.is_none() && count > 0 => point = Some(count),
            _ => return None,
        }
    }
    let scale = match point {
        _ if count == 0 => return None,
        None => 0,
        Some(before) if before == count => return None,
        Some(before) => u8::try_from(count - before)
            .ok()
            .filter(|scale| *scale <= PLACES)?,
    };
    let signed = if is_negative { -mantissa } else { mantissa };
    Some(Decimal::from_mantissa(i128::from(signed), scale))
}

fn split(text: &[u8]) -> Option<Written<'_>> {
    let (is_negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (whole, rest) = leading_digits(rest)?;
    let (places, rest) = match rest {
        [b'.', rest @ ..] => leading_digits(rest)?,
        rest => (&[][..], rest),
    };
    let exponent = match rest {
        [] => 0,
        [b'e' | b'E', rest @ ..] => read_exponent(rest)?,
        _ => return None,
    };
    Some(Written {
        is_negative,
        whole,
        places,
        exponent,
    })
}

/// The digits at the start, at least one, and what follows them.
fn leading_digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 {
        None
    } else {
        text.split_at_checked(length)
    }
}

fn read_exponent(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        digits => (1, digits),
    };
    let (digits, rest) = leading_digits(digits)?;
    let exponent = digits.iter().try_fold(0_i64, |value, digit| {
        let next = value * 10 + i64::from(digit - b'0');
        (next <= GREATEST_EXPONENT).then_some(next)
    })?;
    rest.is_empty().then_some(sign * exponent)
}

/// Digits are chosen before they are multiplied, so that hostile lengths cost nothing.
fn assemble(written: &Written<'_>) -> Option<(Decimal, Places)> {
    let mut digits: Vec<u8> = written
        .whole
        .iter()
        .chain(written.places)
        .map(|digit| digit - b'0')
        .collect();
    let leading = digits.iter().take_while(|digit| **digit == 0).count();
    let before_point = i64::try_from(written.whole.len()).ok()? + written.exponent;
    if leading == digits.len() {
        return Some((Decimal::ZERO, Places::All));
    }
    if before_point - i64::try_from(leading).ok()? > MOST_WHOLE_DIGITS {
        return None;
    }
    let kept = usize::try_from(before_point + i64::from(PLACES)).unwrap_or(0);
    let cut = match digits.get(kept..) {
        Some(rest) if rest.iter().any(|digit| *digit != 0) => Places::Cut,
        _ => Places::All,
    };
    digits.truncate(kept);
    let places = i64::try_from(digits.len()).ok()? - before_point;
    let sign = if written.is_negative {
        Sign::Minus
    } else {
        Sign::Plus
    };
    let mantissa = BigInt::from_radix_be(sign, &digits, 10).unwrap_or_default();
    let large = match u32::try_from(places) {
        Ok(scale) => Large { mantissa, scale },
        Err(_) => {
            let zeros = u32::try_from(-places).ok()?;
            Large {
                mantissa: mantissa * big_power_of_ten(zeros),
                scale: 0,
            }
        }
    };
    Some((large.into(), cut))
}
