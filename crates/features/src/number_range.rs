//! A comparison with a constant as a range of mantissas.

use domain::Decimal;
use rules::checked::Comparison;

use crate::history::UNTOUCHED;

/// The mantissas `m` with `least <= m <= greatest`; empty if `least > greatest`. Never holds a
/// missing value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberRange {
    /// The least mantissa inside.
    pub least: i64,
    /// The greatest mantissa inside.
    pub greatest: i64,
}

/// The least mantissa that is a value.
const LOWEST: i64 = UNTOUCHED + 1;

impl NumberRange {
    const NOTHING: Self = Self {
        least: i64::MAX,
        greatest: LOWEST,
    };
    const EVERYTHING: Self = Self {
        least: LOWEST,
        greatest: i64::MAX,
    };

    /// The values `v`, stored as v × 10^scale, for which `v comparison bound` holds.
    pub fn of(comparison: Comparison, bound: &Decimal, scale: u8) -> Self {
        Self::between(
            comparison,
            bound.floor_at(scale),
            bound.mantissa_at(scale).is_some(),
            bound,
        )
    }

    /// The same for values stored as [`crate::block::FeatureColumn::Ratio`] halves; `None` if the
    /// bound has more places than they tell apart.
    pub fn of_halves(comparison: Comparison, bound: &Decimal, scale: u8) -> Option<Self> {
        if bound.scale() > scale {
            return None;
        }
        let doubled = bound
            .mantissa_at(scale)
            .and_then(|mantissa| mantissa.checked_mul(2));
        Some(Self::between(comparison, doubled, true, bound))
    }

    /// The mantissas that are inside both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            least: self.least.max(other.least),
            greatest: self.greatest.min(other.greatest),
        }
    }

    /// Whether the mantissa is inside.
    #[inline]
    pub fn contains(self, mantissa: i64) -> bool {
        self.least <= mantissa && mantissa <= self.greatest
    }

    fn between(comparison: Comparison, floor: Option<i128>, exact: bool, bound: &Decimal) -> Self {
        let floor = floor.filter(|floor| i64::try_from(*floor).is_ok_and(|floor| floor > LOWEST));
        let Some(floor) = floor else {
            return Self::beyond(comparison, bound.is_negative());
        };
        let floor = i64::try_from(floor).unwrap_or(i64::MAX);
        let up_to = |greatest: i64| Self {
            least: LOWEST,
            greatest,
        };
        let above = floor.checked_add(1).map_or(Self::NOTHING, |least| Self {
            least,
            greatest: i64::MAX,
        });
        match comparison {
            Comparison::Equal if exact => Self {
                least: floor,
                greatest: floor,
            },
            Comparison::Equal => Self::NOTHING,
            Comparison::AtMost => up_to(floor),
            Comparison::Less => up_to(if exact { floor - 1 } else { floor }),
            Comparison::Greater => above,
            Comparison::AtLeast if exact => Self {
                least: floor,
                greatest: i64::MAX,
            },
            Comparison::AtLeast => above,
        }
    }

    /// Every value lies on one side of a bound that does not fit.
    fn beyond(comparison: Comparison, bound_is_low: bool) -> Self {
        let all = match comparison {
            Comparison::Equal => false,
            Comparison::Less | Comparison::AtMost => !bound_is_low,
            Comparison::Greater | Comparison::AtLeast => bound_is_low,
        };
        if all { Self::EVERYTHING } else { Self::NOTHING }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_between_two_mantissas_cuts_between_them() {
        let bound = Decimal::parse("10.5").expect("a number");
        let range = NumberRange::of(Comparison::AtLeast, &bound, 0);
        assert!(!range.contains(10) && range.contains(11));
        let range = NumberRange::of(Comparison::Less, &bound, 0);
        assert!(range.contains(10) && !range.contains(11));
        assert!(!NumberRange::of(Comparison::Equal, &bound, 0).contains(10));
        assert!(NumberRange::of(Comparison::Equal, &bound, 1).contains(105));
    }

    #[test]
    fn what_is_inside_both_lies_between() {
        let bound = |text| Decimal::parse(text).expect("a number");
        let from = NumberRange::of(Comparison::AtLeast, &bound("1.5"), 0);
        let to = NumberRange::of(Comparison::AtMost, &bound("3"), 0);
        let between = from.and(to);
        assert!(!between.contains(1) && between.contains(2));
        assert!(between.contains(3) && !between.contains(4));
        let nothing = NumberRange::of(Comparison::Less, &bound("1"), 0).and(from);
        assert!((-5..=5).all(|mantissa| !nothing.contains(mantissa)));
    }

    #[test]
    fn missing_values_are_in_no_range() {
        let bound = Decimal::parse("1e30").expect("a number");
        let range = NumberRange::of(Comparison::Less, &bound, 2);
        assert!(
            range.contains(i64::MAX) && !range.contains(i64::MIN) && !range.contains(UNTOUCHED)
        );
    }
}
