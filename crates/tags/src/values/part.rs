//! The values of some users, without copies.

use std::ops::Range;

use domain::{UserNumber, Value};
use features::NumberMeaning;

use super::{MetricValues, Values};

/// The values of a metric tag for users in a row. Equal where users and values are.
#[derive(Clone, Debug)]
pub struct MetricPart<'values> {
    of: &'values MetricValues,
    places: Range<usize>,
}

impl MetricValues {
    /// The values of the users whose numbers lie between two, both included.
    #[must_use]
    pub fn between(&self, first: UserNumber, last: UserNumber) -> MetricPart<'_> {
        let start = self.users.partition_point(|user| *user < first.0);
        let end = self.users.partition_point(|user| *user <= last.0);
        MetricPart {
            of: self,
            places: start..end.max(start),
        }
    }

    /// The member with the greatest number.
    #[must_use]
    pub fn last_user(&self) -> Option<UserNumber> {
        self.users.last().copied().map(UserNumber)
    }
}

impl<'values> MetricPart<'values> {
    /// The members and their values, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (UserNumber, Value)> + use<'values> {
        let of = self.of;
        let found = self.places.clone();
        found.filter_map(|place| Some((UserNumber(*of.users.get(place)?), of.values.get(place)?)))
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn users(&self) -> &[u32] {
        self.of.users.get(self.places.clone()).unwrap_or_default()
    }

    /// The values as numbers, with their scale and meaning, where they are kept so.
    fn numbers(&self) -> Option<(u8, NumberMeaning, &[i64])> {
        match &self.of.values {
            Values::Numbers {
                scale,
                meaning,
                mantissas,
            } => Some((*scale, *meaning, mantissas.get(self.places.clone())?)),
            Values::Any(_) => None,
        }
    }
}

impl PartialEq for MetricPart<'_> {
    fn eq(&self, other: &Self) -> bool {
        if self.users() != other.users() {
            return false;
        }
        match (self.numbers(), other.numbers()) {
            (Some((scale, meaning, mine)), Some((others_scale, others_meaning, others)))
                if (scale, meaning) == (others_scale, others_meaning) =>
            {
                mine == others
            }
            _ => self.iter().eq(other.iter()),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Decimal;

    use super::*;

    fn values(pairs: &[(u32, &str)]) -> MetricValues {
        let value = |text: &str| match Decimal::parse(text) {
            Some(number) => Value::Number(number),
            None => Value::text(text),
        };
        let pairs = pairs
            .iter()
            .map(|(user, text)| (UserNumber(*user), value(text)));
        pairs.collect()
    }

    fn part(values: &MetricValues, first: u32, last: u32) -> MetricPart<'_> {
        values.between(UserNumber(first), UserNumber(last))
    }

    #[test]
    fn a_part_has_the_users_between_two() {
        let all = values(&[(1, "10"), (5, "2.5"), (9, "7")]);
        let users = |first, last| -> Vec<u32> {
            part(&all, first, last)
                .iter()
                .map(|(user, _)| user.0)
                .collect()
        };
        assert_eq!(users(0, 9), [1, 5, 9]);
        assert_eq!(users(1, 8), [1, 5]);
        assert_eq!(users(6, u32::MAX), [9]);
        assert_eq!(users(2, 4), [0_u32; 0]);
        assert_eq!(all.last_user(), Some(UserNumber(9)));
    }

    #[test]
    fn parts_are_equal_where_users_and_values_are_however_they_are_kept() {
        let numbers = values(&[(1, "10"), (5, "2"), (9, "7")]);
        let finer = values(&[(0, "0.5"), (1, "10"), (5, "2"), (9, "8")]);
        let mixed = values(&[(1, "10"), (5, "2"), (7, "text")]);
        for other in [&finer, &mixed] {
            assert_eq!(part(&numbers, 1, 5), part(other, 1, 5));
            assert_ne!(part(&numbers, 1, 9), part(other, 1, 9));
            assert_ne!(part(&numbers, 2, 5), part(other, 1, 5));
        }
        assert_ne!(part(&numbers, 9, 9), part(&finer, 9, 9));
    }
}
