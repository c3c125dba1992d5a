//! Exact decimal numbers: no binary floats, unbounded while computing, judged only at the end.

mod arithmetic;
mod convert;
mod large;
mod order;
mod parse;
mod root;
mod rounding;
#[cfg(test)]
mod tests;
mod text;

use self::large::Large;
pub use self::parse::Places;

/// The places after the point that a number keeps; more are cut toward zero.
pub(crate) const PLACES: u8 = 18;

/// An exact decimal number.
///
/// 1, 1.0 and 1e0 are one value: a number is kept without trailing zero places, so that
/// equality and hash are by value. Numbers whose digits fit an `i128` need no allocation.
/// Arithmetic is exact and unbounded; [`Decimal::judged`] gives the final verdict.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Repr);

/// The two forms of a number. A number that fits `Small` is never `Large`.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// `mantissa / 10^scale`; the mantissa ends in no zero unless the scale is 0.
    Small { mantissa: i128, scale: u8 },
    /// The same for mantissas beyond `i128` or scales beyond `u8`.
    Large(Box<Large>),
}

impl Decimal {
    /// 0.
    pub const ZERO: Self = Self(Repr::Small {
        mantissa: 0,
        scale: 0,
    });
    /// 1.
    pub const ONE: Self = Self(Repr::Small {
        mantissa: 1,
        scale: 0,
    });

    /// The number `mantissa / 10^scale`.
    #[must_use]
    pub fn from_mantissa(mut mantissa: i128, mut scale: u8) -> Self {
        if scale != 0 {
            (mantissa, scale) = large::without_trailing_zeros(mantissa, scale);
        }
        Self(Repr::Small { mantissa, scale })
    }

    /// The number of places after the point; 255 also stands for more.
    #[must_use]
    pub fn scale(&self) -> u8 {
        match &self.0 {
            Repr::Small { scale, .. } => *scale,
            Repr::Large(large) => u8::try_from(large.scale).unwrap_or(u8::MAX),
        }
    }

    /// Whether there is nothing after the point.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.scale() == 0
    }

    /// Whether this is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// Whether this is less than 0.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small { mantissa, .. } => *mantissa < 0,
            Repr::Large(large) => large.mantissa.sign() == num_bigint::Sign::Minus,
        }
    }

    /// The number as a [`Large`], whichever form it has.
    fn to_large(&self) -> Large {
        match &self.0 {
            Repr::Small { mantissa, scale } => Large {
                mantissa: (*mantissa).into(),
                scale: u32::from(*scale),
            },
            Repr::Large(large) => large.as_ref().clone(),
        }
    }
}

impl Default for Decimal {
    fn default() -> Self {
        Self::ZERO
    }
}
