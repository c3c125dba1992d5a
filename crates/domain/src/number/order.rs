//! The numeric order of decimals.

use std::cmp::Ordering;

use super::arithmetic::aligned;
use super::{Decimal, Repr};

impl Ord for Decimal {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
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
        {
            if p == q {
                return a.cmp(b);
            }
            if a.signum() != b.signum() {
                return a.signum().cmp(&b.signum());
            }
            if let Some((a, b, _)) = aligned(*a, *p, *b, *q) {
                return a.cmp(&b);
            }
        }
        let (a, b) = (self.to_large(), other.to_large());
        let scale = a.scale.max(b.scale);
        a.mantissa_at(scale).cmp(&b.mantissa_at(scale))
    }
}

impl PartialOrd for Decimal {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
