//! Numbers beyond 128 bits, powers of ten, and the one normal form of a number.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};

use super::{Decimal, Repr};

/// `mantissa / 10^scale` without a bound.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Large {
    pub(super) mantissa: BigInt,
    pub(super) scale: u32,
}

impl Large {
    /// The mantissa at a scale that is at least this number's.
    pub(super) fn mantissa_at(&self, scale: u32) -> BigInt {
        match scale.saturating_sub(self.scale) {
            0 => self.mantissa.clone(),
            more => &self.mantissa * big_power_of_ten(more),
        }
    }
}

impl From<Large> for Decimal {
    /// Brings a number into its normal form: no trailing zero places, small where it fits.
    fn from(mut large: Large) -> Self {
        strip_large(&mut large);
        match (large.mantissa.to_i128(), u8::try_from(large.scale)) {
            (Some(mantissa), Ok(scale)) => Self(Repr::Small { mantissa, scale }),
            _ => Self(Repr::Large(Box::new(large))),
        }
    }
}

/// Strips zero places by halving steps, so that long runs of zeros cost few divisions.
fn strip_large(large: &mut Large) {
    if large.mantissa.is_zero() {
        large.scale = 0;
        return;
    }
    let mut step = 1_u32 << 31;
    while step > 0 {
        while step <= large.scale && u64::from(step) <= large.mantissa.bits() / 3 {
            let (quotient, remainder) = large.mantissa.div_rem(&big_power_of_ten(step));
            if !remainder.is_zero() {
                break;
            }
            large.mantissa = quotient;
            large.scale -= step;
        }
        step /= 2;
    }
}

/// Strips the trailing zero places of `mantissa / 10^scale`.
pub(super) fn without_trailing_zeros(mut mantissa: i128, mut scale: u8) -> (i128, u8) {
    // 64-bit division is several times faster than 128-bit division, and nearly all numbers fit.
    while scale > 0 {
        if let Ok(mut short) = i64::try_from(mantissa) {
            if short == 0 {
                return (0, 0);
            }
            while scale > 0 && short % 10 == 0 {
                short /= 10;
                scale -= 1;
            }
            return (i128::from(short), scale);
        }
        if mantissa % 10 != 0 {
            break;
        }
        mantissa /= 10;
        scale -= 1;
    }
    (mantissa, scale)
}

/// 10^0 … 10^38: all powers of ten that fit.
const POWERS: [i128; 39] = {
    let mut powers = [1_i128; 39];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// 10^exponent, if it fits.
#[inline]
pub(super) fn power_of_ten(exponent: u8) -> Option<i128> {
    POWERS.get(usize::from(exponent)).copied()
}

/// 10^exponent without a bound.
pub(super) fn big_power_of_ten(exponent: u32) -> BigInt {
    match u8::try_from(exponent).ok().and_then(power_of_ten) {
        Some(power) => BigInt::from(power),
        None => BigInt::from(10).pow(exponent),
    }
}
