//! `+ - *` exactly, `/` to 18 places cut toward zero.

use std::ops::{Add, Mul, Neg, Sub};

use super::large::{Large, big_power_of_ten, power_of_ten};
use super::{Decimal, PLACES, Repr};

impl Decimal {
    /// The exact sum.
    #[must_use]
    #[inline]
    pub fn add(&self, other: &Self) -> Self {
        if let (
            Repr::Small {
                mantissa: a,
                scale: p,
            },
            Repr::Small {
                mantissa: b,
                scale: q,
            },
        ) = (&self.0, &other.0)
            && let Some((a, b, scale)) = aligned(*a, *p, *b, *q)
            && let Some(sum) = a.checked_add(b)
        {
            return Self::from_mantissa(sum, scale);
        }
        self.add_large(other)
    }

    /// The exact difference.
    #[must_use]
    #[inline]
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.neg())
    }

    /// The exact product.
    #[must_use]
    #[inline]
    pub fn mul(&self, other: &Self) -> Self {
        if let (
            Repr::Small {
                mantissa: a,
                scale: p,
            },
            Repr::Small {
                mantissa: b,
                scale: q,
            },
        ) = (&self.0, &other.0)
            && let Some(scale) = p.checked_add(*q)
            && let Some(product) = a.checked_mul(*b)
        {
            return Self::from_mantissa(product, scale);
        }
        let (a, b) = (self.to_large(), other.to_large());
        let scale = a.scale.saturating_add(b.scale);
        Large {
            mantissa: a.mantissa * b.mantissa,
            scale,
        }
        .into()
    }

    /// The quotient to 18 places, cut toward zero; `None` by zero.
    #[must_use]
    pub fn div(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        if let (
            Repr::Small {
                mantissa: a,
                scale: p,
            },
            Repr::Small {
                mantissa: b,
                scale: q,
            },
        ) = (&self.0, &other.0)
            && let Some(more) = PLACES
                .checked_add(*q)
                .and_then(|places| places.checked_sub(*p))
            && let Some(raised) = power_of_ten(more).and_then(|power| a.checked_mul(power))
            && let Some(quotient) = raised.checked_div(*b)
        {
            return Some(Self::from_mantissa(quotient, PLACES));
        }
        Some(self.div_large(other))
    }

    /// The number with the opposite sign.
    #[must_use]
    #[inline]
    pub fn neg(&self) -> Self {
        if let Repr::Small { mantissa, scale } = self.0
            && let Some(negated) = mantissa.checked_neg()
        {
            return Self(Repr::Small {
                mantissa: negated,
                scale,
            });
        }
        let large = self.to_large();
        Large {
            mantissa: -large.mantissa,
            scale: large.scale,
        }
        .into()
    }

    /// The distance from zero.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() {
            self.neg()
        } else {
            self.clone()
        }
    }

    #[cold]
    fn add_large(&self, other: &Self) -> Self {
        let (a, b) = (self.to_large(), other.to_large());
        let scale = a.scale.max(b.scale);
        Large {
            mantissa: a.mantissa_at(scale) + b.mantissa_at(scale),
            scale,
        }
        .into()
    }

    /// Big integers divide toward zero, which is the cut that is wanted; `other` is not 0.
    #[cold]
    fn div_large(&self, other: &Self) -> Self {
        let (a, b) = (self.to_large(), other.to_large());
        let wanted = b.scale.saturating_add(u32::from(PLACES));
        let dividend = a.mantissa_at(wanted.max(a.scale));
        // Where the dividend has more places than are wanted, the divisor takes them instead.
        let divisor = b.mantissa * big_power_of_ten(a.scale.saturating_sub(wanted));
        Large {
            mantissa: dividend / divisor,
            scale: u32::from(PLACES),
        }
        .into()
    }
}

/// Both mantissas at the greater of two scales, if they fit.
#[inline]
pub(super) fn aligned(a: i128, p: u8, b: i128, q: u8) -> Option<(i128, i128, u8)> {
    if p == q {
        Some((a, b, p))
    } else if p < q {
        Some((a.checked_mul(power_of_ten(q - p)?)?, b, q))
    } else {
        Some((a, b.checked_mul(power_of_ten(p - q)?)?, p))
    }
}

impl Add for &Decimal {
    type Output = Decimal;

    fn add(self, other: Self) -> Decimal {
        Decimal::add(self, other)
    }
}

impl Sub for &Decimal {
    type Output = Decimal;

    fn sub(self, other: Self) -> Decimal {
        Decimal::sub(self, other)
    }
}

impl Mul for &Decimal {
    type Output = Decimal;

    fn mul(self, other: Self) -> Decimal {
        Decimal::mul(self, other)
    }
}

impl Neg for &Decimal {
    type Output = Decimal;

    fn neg(self) -> Decimal {
        Decimal::neg(self)
    }
}

impl std::iter::Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, |sum, number| sum.add(&number))
    }
}

impl<'a> std::iter::Sum<&'a Self> for Decimal {
    fn sum<I: Iterator<Item = &'a Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, |sum, number| sum.add(number))
    }
}
