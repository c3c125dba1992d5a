//! Square roots, to 18 places and cut.

use num_bigint::{BigInt, Sign};

use super::large::{Large, big_power_of_ten};
use super::{Decimal, PLACES};

impl Decimal {
    /// The square root of the quotient to 18 places, cut; `None` of negatives and by zero.
    #[must_use]
    pub fn quotient_root(&self, divisor: &Self) -> Option<Self> {
        if divisor.is_zero() {
            return None;
        }
        let (a, b) = (self.to_large(), divisor.to_large());
        // √(10^36 × a / b), in integers: cutting the quotient first changes no digit of the root.
        let raised = b.scale.saturating_add(2 * u32::from(PLACES));
        let dividend: BigInt = a.mantissa * big_power_of_ten(raised);
        let quotient = dividend / (b.mantissa * big_power_of_ten(a.scale));
        if quotient.sign() == Sign::Minus {
            return None;
        }
        let root = Large {
            mantissa: quotient.sqrt(),
            scale: u32::from(PLACES),
        };
        Some(root.into())
    }
}
