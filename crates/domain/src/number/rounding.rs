//! Cutting, rounding, and the final judgement whether a result is a number of the language.

use std::sync::LazyLock;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};

use super::large::{Large, big_power_of_ten, power_of_ten};
use super::{Decimal, PLACES, Repr};

/// Digits before the point that a number with places after it may have.
const WHOLE_DIGITS: u32 = 58;

/// 10^58: decimals stay below it.
static DECIMAL_BOUND: LazyLock<BigInt> = LazyLock::new(|| big_power_of_ten(WHOLE_DIGITS));

/// Bits of the greatest integer, 2^256 − 1.
const INTEGER_BITS: u64 = 256;

/// What to do with the places that are left out.
#[derive(Clone, Copy)]
enum Direction {
    TowardZero,
    Down,
    HalfAwayFromZero,
}

impl Decimal {
    /// Rounds to so many places, a half away from zero: 2.5 → 3, −2.5 → −3.
    #[must_use]
    pub fn round(&self, places: u8) -> Self {
        self.to_places(places, Direction::HalfAwayFromZero)
    }

    /// Cuts to so many places, toward zero.
    #[must_use]
    pub fn cut(&self, places: u8) -> Self {
        self.to_places(places, Direction::TowardZero)
    }

    /// The integer part, cut toward zero.
    #[must_use]
    pub fn trunc(&self) -> Self {
        self.cut(0)
    }

    /// The greatest integer that is not greater.
    #[must_use]
    pub fn floor(&self) -> Self {
        self.to_places(0, Direction::Down)
    }

    /// The final judgement on a computed number: cut to 18 places, and `None` outside the
    /// language's range, which is ±(2^256 − 1) for integers and 58 digits before the point
    /// for all others.
    #[must_use]
    pub fn judged(self) -> Option<Self> {
        let cut = if self.scale() > PLACES {
            self.cut(PLACES)
        } else {
            self
        };
        let Repr::Large(large) = &cut.0 else {
            // An i128 has 39 digits: within the range at any scale.
            return Some(cut);
        };
        let within = if large.scale == 0 {
            large.mantissa.bits() <= INTEGER_BITS
        } else {
            let whole = &large.mantissa / big_power_of_ten(large.scale);
            whole.abs() < *DECIMAL_BOUND
        };
        within.then_some(cut)
    }

    /// The exact value × 10^scale, if that is an integer and fits.
    #[must_use]
    #[inline]
    pub fn mantissa_at(&self, scale: u8) -> Option<i128> {
        let Repr::Small {
            mantissa,
            scale: own,
        } = self.0
        else {
            return None;
        };
        match scale.checked_sub(own)? {
            0 => Some(mantissa),
            _ if mantissa == 0 => Some(0),
            more => mantissa.checked_mul(power_of_ten(more)?),
        }
    }

    /// The greatest integer not above value × 10^scale, if it fits.
    ///
    /// [`Decimal::mantissa_at`] tells whether it is exact.
    #[must_use]
    pub fn floor_at(&self, scale: u8) -> Option<i128> {
        if let Some(exact) = self.mantissa_at(scale) {
            return Some(exact);
        }
        let large = self.to_large();
        let fewer = large.scale.checked_sub(u32::from(scale))?;
        large.mantissa.div_floor(&big_power_of_ten(fewer)).to_i128()
    }

    fn to_places(&self, places: u8, direction: Direction) -> Self {
        if self.scale() <= places {
            return self.clone();
        }
        if let Repr::Small { mantissa, scale } = self.0 {
            let cut = cut_small(mantissa, scale - places, direction);
            return Self::from_mantissa(cut, places);
        }
        let large = self.to_large();
        let divisor = big_power_of_ten(large.scale.saturating_sub(u32::from(places)));
        let mantissa = match direction {
            Direction::TowardZero => large.mantissa / divisor,
            Direction::Down => large.mantissa.div_floor(&divisor),
            Direction::HalfAwayFromZero => {
                let half: BigInt = &divisor / 2;
                let away = if large.mantissa.is_negative() {
                    -half
                } else {
                    half
                };
                (large.mantissa + away) / divisor
            }
        };
        Large {
            mantissa,
            scale: u32::from(places),
        }
        .into()
    }
}

/// `mantissa / 10^places` as an integer.
fn cut_small(mantissa: i128, places: u8, direction: Direction) -> i128 {
    let Some(divisor) = power_of_ten(places) else {
        // Below 10^38 × 2 divided by 10^39 or more: nothing but the direction is left.
        let down = matches!(direction, Direction::Down) && mantissa < 0;
        return if down { -1 } else { 0 };
    };
    let (quotient, remainder) = (mantissa / divisor, mantissa % divisor);
    match direction {
        Direction::TowardZero => quotient,
        Direction::Down => quotient - i128::from(remainder < 0),
        Direction::HalfAwayFromZero => {
            // Not doubled: the remainder may be near the bound.
            let is_up = remainder.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2);
            if is_up {
                quotient + mantissa.signum()
            } else {
                quotient
            }
        }
    }
}
