//! User sets against plain sets.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn numbers(set: &UserSet) -> Vec<u32> {
    set.iter().map(u32::from).collect()
}

/// Users near one another and far apart, so that all forms of containers occur.
fn users() -> impl Strategy<Value = BTreeSet<u32>> {
    let near = prop::collection::btree_set(0_u32..3_000, 0..200);
    let far = prop::collection::btree_set(any::<u32>(), 0..50);
    let run =
        (0_u32..200_000, 0_u32..9_000).prop_map(|(start, len)| (start..start + len).collect());
    prop_oneof![near, far, run]
}

/// Blocks of 8,192 users, of any density.
fn blocks() -> impl Strategy<Value = Vec<Vec<u64>>> {
    let word = prop_oneof![
        Just(0),
        Just(u64::MAX),
        any::<u64>(),
        (0_u32..64).prop_map(|bit| 1 << bit)
    ];
    let dense = prop::collection::vec(word, 128);
    let sparse = (0_usize..128, any::<u64>()).prop_map(|(at, bits)| {
        let mut words = vec![0; 128];
        words[at] = bits;
        words
    });
    prop::collection::vec(prop_oneof![dense, sparse, Just(vec![0; 128])], 0..20)
}

proptest! {
    #[test]
    fn the_algebra_is_that_of_sets(a in users(), b in users()) {
        let (p, q): (UserSet, UserSet) = (a.iter().copied().collect(), b.iter().copied().collect());
        let plain = |set: Vec<&u32>| set.into_iter().copied().collect::<Vec<u32>>();
        prop_assert_eq!(numbers(&p.and(&q)), plain(a.intersection(&b).collect()));
        prop_assert_eq!(numbers(&p.or(&q)), plain(a.union(&b).collect()));
        prop_assert_eq!(numbers(&p.minus(&q)), plain(a.difference(&b).collect()));
        prop_assert_eq!(numbers(&p.complement_in(&q)), plain(b.difference(&a).collect()));
        prop_assert_eq!(p.intersection_len(&q), p.and(&q).len());
        prop_assert_eq!(p.len(), a.len() as u64);
        prop_assert!(p.and(&q).is_subset(&p));
        prop_assert_eq!(p.last().map(u32::from), a.last().copied());
    }

    #[test]
    fn a_set_reads_back_from_its_bytes(users in users()) {
        let mut set: UserSet = users.into_iter().collect();
        prop_assert_eq!(&UserSet::deserialize_portable(&set.serialize_portable()).unwrap(), &set);
        set.optimize();
        prop_assert_eq!(&UserSet::deserialize_portable(&set.serialize_portable()).unwrap(), &set);
    }

    #[test]
    fn a_container_becomes_its_users(
        container in any::<u16>(), places in prop::collection::btree_set(any::<u16>(), 0..6_000),
        other in users(),
    ) {
        let members = places.len() as u32;
        let words: Vec<u16> = if members <= 4_096 {
            places.iter().copied().collect()
        } else {
            let mut bits = vec![0; 4_096];
            places.iter().for_each(|place| bits[usize::from(place / 16)] |= 1 << (place % 16));
            bits
        };
        let set = UserSet::of_container(container, members, &words);
        let expected: UserSet =
            places.iter().map(|place| u32::from(container) << 16 | u32::from(*place)).collect();
        prop_assert_eq!(&set, &expected);
        let mut both: UserSet = other.into_iter().collect();
        let expected = both.or(&expected);
        both.absorb(set);
        prop_assert_eq!(both, expected);
    }

    #[test]
    fn the_containers_of_a_set_have_its_users(users in users(), is_optimized in any::<bool>(), other in any::<u16>()) {
        let mut set: UserSet = users.iter().copied().collect();
        if is_optimized {
            set.optimize();
        }
        let mut reader = ContainerReader::new();
        let mut found = UserSet::new();
        let mut containers: BTreeSet<u16> = users.iter().map(|user| (user >> 16) as u16).collect();
        containers.insert(other);
        for container in containers {
            let is_sparse = users.iter().filter(|user| (**user >> 16) as u16 == container).count() <= 4_096;
            prop_assert_eq!(matches!(reader.read(&set, container), ContainerUsers::Places(_)), is_sparse);
            found.absorb(reader.copy(&set, container));
        }
        prop_assert_eq!(found, set);
    }

    #[test]
    fn damaged_bytes_are_refused_or_read_and_never_break(
        users in users(), at in any::<prop::sample::Index>(), bits in 1_u8.., length in any::<prop::sample::Index>(),
    ) {
        let set: UserSet = users.into_iter().collect();
        let mut bytes = set.serialize_portable();
        prop_assert!(UserSet::deserialize_portable(&bytes[..length.index(bytes.len())]).is_err());
        let at = at.index(bytes.len());
        bytes[at] ^= bits;
        let _ = UserSet::deserialize_portable(&bytes).map(|set| set.len());
    }

    #[test]
    fn blocks_of_bits_become_their_users(blocks in blocks(), first_block in 0_u32..3) {
        let (mut set, mut builder, mut expected) =
            (UserSet::new(), UserSetBuilder::new(), Vec::new());
        for (block, words) in (first_block..).zip(&blocks) {
            set.append_words(block * 8_192, words);
            builder.append_words(block * 8_192, words);
            for (word, bits) in (0_u32..).zip(words) {
                let of_word = (0..64).filter(|bit| bits >> bit & 1 == 1);
                expected.extend(of_word.map(|bit| block * 8_192 + word * 64 + bit));
            }
        }
        prop_assert_eq!(&numbers(&set), &expected);
        prop_assert_eq!(&numbers(&builder.finish()), &expected);
        let (all, first) = (blocks.concat(), first_block * 8_192);
        let (mut at_once, mut built) = (UserSet::new(), UserSetBuilder::new());
        at_once.append_words(first, &all);
        built.append_words(first, &all);
        prop_assert_eq!(numbers(&at_once), expected);
        prop_assert_eq!(built.finish(), at_once);
    }
}

#[test]
fn blocks_out_of_order_and_at_the_end_of_the_numbers_are_added_too() {
    let mut set = UserSet::new();
    for words in [[1, 0], [u64::MAX; 2]] {
        set.append_words(8_192, &words);
        set.append_words(0, &words);
    }
    assert_eq!(set.len(), 256);
    let mut last = UserSet::new();
    last.append_words(u32::MAX - 63, &[1 << 63, 1]);
    assert_eq!(numbers(&last), [u32::MAX]);
    last.append_words(u32::MAX - 63, &[u64::MAX; 20]);
    assert_eq!(last.len(), 64);
    let mut builder = UserSetBuilder::new();
    builder.append_words(u32::MAX - 63, &[1 << 63, u64::MAX]);
    builder.append_words(0, &[1]);
    assert_eq!(numbers(&builder.finish()), [0, u32::MAX]);
}

#[test]
fn leftover_bytes_are_damage() {
    let mut bytes = UserSet::below(10).serialize_portable();
    bytes.push(0);
    let error = UserSet::deserialize_portable(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the stored user set is damaged: 1 bytes are left over"
    );
}

#[test]
fn users_come_and_go() {
    let mut set = UserSet::below(3);
    assert!(set.insert(UserNumber(70_000)) && !set.insert(UserNumber(1)));
    assert!(set.remove(UserNumber(0)) && !set.remove(UserNumber(0)));
    assert!(set.contains(UserNumber(2)) && !set.contains(UserNumber(3)));
    let in_range: Vec<u32> = set.range(2..70_001).map(u32::from).collect();
    assert_eq!(in_range, [2, 70_000]);
    assert!(UserSet::new().is_empty() && UserSet::new().last().is_none());
}
