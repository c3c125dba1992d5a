//! Every way of doing the inner loops gives the same.

use proptest::prelude::*;

use super::*;
use crate::block::numbers::CodeRange;
use crate::block::ranks::{LOWEST, NO_RANK, Ranks};
use crate::places::Places;

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        any::<[u64; 8]>().prop_map(Line),
        any::<([u64; 8], [u64; 8], [u64; 8])>().prop_map(|(a, b, c)| {
            Line(std::array::from_fn(|word| a[word] & b[word] & c[word]))
        }),
        Just(Line::EMPTY),
        Just(Line::FULL),
    ]
}

fn codes() -> impl Strategy<Value = Codes> {
    prop::collection::vec(any::<u8>(), LINE_USERS).prop_map(|codes| codes.try_into().unwrap())
}

proptest! {
    #[test]
    fn ranges_of_codes_select_the_same_users(
        codes in codes(),
        ranges in prop::collection::vec((any::<u8>(), any::<u8>(), 0_u32..4), 1..6),
        before in prop::collection::vec(line(), 4),
        adds in any::<bool>(),
    ) {
        let into = if adds { Into::Add } else { Into::Set };
        let ranges: Vec<CodeRange> = ranges
            .into_iter()
            .map(|(low, width, signal)| CodeRange { low, width: width.min(255 - low), signal })
            .collect();
        let mut expected = before.clone();
        for range in &ranges {
            let line = &mut expected[range.signal as usize];
            if !adds {
                *line = Line::EMPTY;
            }
            for (user, code) in codes.iter().enumerate() {
                if (range.low..=range.low + range.width).contains(code) {
                    line.insert(user);
                }
            }
        }
        for lanes in Lanes::all() {
            let mut signals = before.clone();
            lanes.select(&ranges, &codes, into, &mut signals);
            prop_assert_eq!(&signals, &expected, "{:?}", lanes);
        }
    }

    #[test]
    fn users_of_set_bits_are_listed_and_spread(
        line in line(),
        users in prop::collection::btree_set(0_u32..65_536, 1..=LINE_USERS),
        first in 0_u32..65_000,
        are_near in any::<bool>(),
    ) {
        let mut users: Vec<u32> = users.into_iter().collect();
        if are_near {
            users.iter_mut().zip(first..).for_each(|(user, near)| *user = near);
        }
        let line = line.and(Line::first(users.len()));
        let places = Places::of(&users);
        let expected: Vec<u16> = line.users().map(|place| users[place] as u16).collect();
        let mut container = vec![[0_u16; 4]; 1_024];
        for user in &expected {
            container[usize::from(user / 64)][usize::from(user / 16 % 4)] |= 1 << (user % 16);
        }
        for lanes in Lanes::all() {
            let mut into = [0; LINE_USERS];
            let count = lanes.positions(&line, &places.numbers, &mut into);
            prop_assert_eq!(&into[..count], &expected, "{:?}", lanes);
            let mut spread = vec![[0_u16; 4]; 1_024];
            lanes.spread(&line, &places.words, &mut spread);
            prop_assert_eq!(&spread, &container, "{:?}", lanes);
        }
    }

    #[test]
    fn a_turned_square_has_rows_for_columns(square in prop::collection::vec(any::<u64>(), 64)) {
        let square: [u64; 64] = square.try_into().unwrap();
        for lanes in Lanes::all() {
            let mut turned = square;
            lanes.transpose(&mut turned);
            for (row, word) in square.iter().enumerate() {
                for (column, other) in turned.iter().enumerate() {
                    prop_assert_eq!(word >> column & 1, other >> row & 1, "{:?}", lanes);
                }
            }
        }
    }

    #[test]
    fn ranks_count_the_bounds_that_are_not_greater(
        bounds in prop::collection::btree_set(
            prop_oneof![-30_i64..30, -3_000_i64..3_000, any::<i64>(), Just(LOWEST + 1), Just(i64::MAX)],
            0..400,
        ),
        values in prop::collection::vec(
            prop_oneof![-40_i64..40, -4_000_i64..4_000, any::<i64>(), Just(i64::MIN), Just(i64::MAX)],
            1..=LINE_USERS,
        ),
        start in 0_u16..400,
    ) {
        let bounds: Vec<i64> = bounds.into_iter().filter(|bound| *bound > LOWEST).collect();
        let rank = |value: &i64| match *value {
            i64::MIN => NO_RANK,
            value => bounds.iter().filter(|bound| **bound <= value).count() as u16,
        };
        let expected: Vec<u16> = values.iter().map(rank).collect();
        let code = |rank: &u16| match *rank {
            NO_RANK => 0,
            rank if rank <= start => 1,
            rank => (rank - start + 1).min(255) as u8,
        };
        let codes: Vec<u8> = expected.iter().map(code).collect();
        let ranks = Ranks::new(bounds.clone());
        for lanes in Lanes::all() {
            let mut found = [7; LINE_USERS];
            lanes.ranks(&ranks, &values, &mut found);
            prop_assert_eq!(&found[..values.len()], &expected, "{:?}", lanes);
            let mut found_codes = [0; LINE_USERS];
            lanes.codes(&found, start, &mut found_codes);
            prop_assert_eq!(&found_codes[..values.len()], &codes, "{:?}", lanes);
        }
    }
}
