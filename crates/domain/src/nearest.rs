//! "Did you mean": the known name that is nearest to a written one, and those that are like it.

use std::cmp::Reverse;

/// The letters by which the likeness of names is judged: so many from the start.
const MOST_LETTERS: usize = 64;

/// From here on two names are like one another, in thousandths.
const LIKE: usize = 250;

/// The candidate nearest to `written` by edits, ignoring case, if one is near enough to be meant:
/// a third of the letters may differ. Of equally near ones the first.
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted: Vec<char> = written.to_lowercase().chars().collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.to_lowercase().chars().collect();
        let allowed = (wanted.len().max(letters.len()) / 3).max(1);
        if wanted.len().abs_diff(letters.len()) > allowed {
            continue;
        }
        let edits = edits_between(&wanted, &letters);
        if edits <= allowed && best.is_none_or(|(fewest, _)| edits < fewest) {
            best = Some((edits, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The candidates in the order of their likeness to `written`: those that share the most pairs of
/// letters first, ignoring case; those that are alike as they came.
#[must_use]
pub fn by_likeness<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let wanted = pairs(written);
    let mut ordered: Vec<&str> = candidates.into_iter().collect();
    ordered.sort_by_cached_key(|candidate| Reverse(likeness(&wanted, &pairs(candidate))));
    ordered
}

/// Twice the pairs in common among all pairs, in thousandths; little likeness is none.
fn likeness(one: &[(char, char)], other: &[(char, char)]) -> usize {
    let mut rest = other.to_vec();
    let mut common: usize = 0;
    for pair in one {
        if let Some(place) = rest.iter().position(|known| known == pair) {
            rest.swap_remove(place);
            common += 1;
        }
    }
    let likeness = (2_000 * common).checked_div(one.len() + other.len());
    likeness.filter(|likeness| *likeness >= LIKE).unwrap_or(0)
}

/// The letters that stand beside one another.
fn pairs(name: &str) -> Vec<(char, char)> {
    let letters = name.chars().take(MOST_LETTERS);
    let letters: Vec<char> = letters.flat_map(char::to_lowercase).collect();
    letters
        .iter()
        .copied()
        .zip(letters.iter().copied().skip(1))
        .collect()
}

/// The number of letters to insert, remove, replace or swap with their neighbour (the
/// restricted Damerau–Levenshtein distance).
fn edits_between(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (row, letter) in from.iter().enumerate() {
        let mut current = Vec::with_capacity(to.len() + 1);
        let mut left = row + 1;
        current.push(left);
        let mut other_before = None;
        for (column, other) in to.iter().enumerate() {
            let at =
                |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&above, column) + usize::from(letter != other);
            let mut fewest = replaced.min(left + 1).min(at(&above, column + 1) + 1);
            if previous == Some(other) && other_before == Some(letter) && column > 0 {
                fewest = fewest.min(at(&before, column - 1) + 1);
            }
            current.push(fewest);
            left = fewest;
            other_before = Some(other);
        }
        previous = Some(letter);
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_in_the_order_of_their_likeness() {
        let names = ["age", "amount_usd", "country", "kyc_level", "奖励金额"];
        let first = |written: &str| by_likeness(written, names)[0];
        assert_eq!(first("kyc_status"), "kyc_level");
        assert_eq!(first("amout"), "amount_usd");
        assert_eq!(first("任务奖励"), "奖励金额");
        assert_eq!(by_likeness("zzz", names), names);
        assert_eq!(by_likeness("", names), names);
    }

    #[test]
    fn a_misspelt_name_finds_the_one_that_was_meant() {
        let names = ["quest_start", "quest_complete", "swap"];
        assert_eq!(nearest("quest_complet", names), Some("quest_complete"));
        assert_eq!(nearest("Quest_Complete", names), Some("quest_complete"));
        assert_eq!(nearest("sawp", names), Some("swap"));
        assert_eq!(nearest("withdraw", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn edits_are_counted_with_swaps_as_one() {
        let count = |a: &str, b: &str| {
            edits_between(
                &a.chars().collect::<Vec<_>>(),
                &b.chars().collect::<Vec<_>>(),
            )
        };
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("abc", ""), 3);
        assert_eq!(count("abcd", "abdc"), 1);
        assert_eq!(count("kitten", "sitting"), 3);
    }
}
