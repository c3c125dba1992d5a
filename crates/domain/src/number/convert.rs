//! Decimals from and to the machine's numbers.

use super::large::power_of_ten;
use super::{Decimal, Repr};

/// Integers up to here are exact as `f64`.
const EXACT_IN_F64: u128 = 1 << 53;

/// The greatest power of ten that is exact as `f64`.
const EXACT_POWER: u8 = 22;

impl Decimal {
    /// The shortest decimal that reads back as this float, cut to 18 places; `None` for NaN
    /// and infinities.
    #[must_use]
    pub fn from_f64(float: f64) -> Option<Self> {
        // Rust writes the shortest digits that read back.
        if float.is_finite() {
            Self::parse(&format!("{float:e}"))
        } else {
            None
        }
    }

    /// The value as an `i64`, if it is an integer and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match self.0 {
            Repr::Small { mantissa, scale: 0 } => i64::try_from(mantissa).ok(),
            _ => None,
        }
    }

    /// The nearest float: for display and percentages only, never for a comparison.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        if let Repr::Small { mantissa, scale } = self.0
            && mantissa.unsigned_abs() <= EXACT_IN_F64
            && scale <= EXACT_POWER
            && let Some(power) = power_of_ten(scale)
        {
            // Both are exact, so the one division rounds once.
            return mantissa as f64 / power as f64;
        }
        self.to_string().parse().unwrap_or(f64::NAN)
    }
}

impl From<i128> for Decimal {
    fn from(integer: i128) -> Self {
        Self::from_mantissa(integer, 0)
    }
}

impl From<i64> for Decimal {
    fn from(integer: i64) -> Self {
        Self::from_mantissa(i128::from(integer), 0)
    }
}

impl From<u64> for Decimal {
    fn from(integer: u64) -> Self {
        Self::from_mantissa(i128::from(integer), 0)
    }
}

impl From<i32> for Decimal {
    fn from(integer: i32) -> Self {
        Self::from_mantissa(i128::from(integer), 0)
    }
}

impl From<u32> for Decimal {
    fn from(integer: u32) -> Self {
        Self::from_mantissa(i128::from(integer), 0)
    }
}

impl From<usize> for Decimal {
    fn from(integer: usize) -> Self {
        // A usize has 64 bits at most, so that an i128 holds it.
        Self::from_mantissa(integer as i128, 0)
    }
}
