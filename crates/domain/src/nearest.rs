//! "Did you mean": the known name that is nearest to a written one.

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
