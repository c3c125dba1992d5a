//! What differs between two texts, line by line.

use api::ports::life::Line;

/// Texts with more lines (lists with many members) are shown without looking for what stayed.
const MOST_COMPARED: usize = 2_000;

/// The lines of both texts in order, with as many as possible in both.
pub fn difference(before: &str, after: &str) -> Vec<Line> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.lines().collect(), after.lines().collect());
    let start = before
        .iter()
        .zip(&after)
        .take_while(|(old, new)| old == new)
        .count();
    let (same, old) = before.split_at_checked(start).unwrap_or_default();
    let new = after.get(start..).unwrap_or_default();
    let mut lines: Vec<Line> = same
        .iter()
        .map(|line| Line::Same((*line).to_owned()))
        .collect();
    lines.extend(longest_common(old, new));
    lines
}

fn longest_common(old: &[&str], new: &[&str]) -> Vec<Line> {
    let removed = |line: &&str| Line::Removed((*line).to_owned());
    let added = |line: &&str| Line::Added((*line).to_owned());
    if old.len().max(new.len()) > MOST_COMPARED {
        return old
            .iter()
            .map(removed)
            .chain(new.iter().map(added))
            .collect();
    }
    let lengths = common_lengths(old, new);
    let common = |i: usize, j: usize| lengths.get(i * (new.len() + 1) + j).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while let (Some(before), Some(after)) = (old.get(i), new.get(j)) {
        if before == after {
            lines.push(Line::Same((*before).to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if common(i + 1, j) >= common(i, j + 1) {
            lines.push(removed(before));
            i += 1;
        } else {
            lines.push(added(after));
            j += 1;
        }
    }
    lines.extend(old.iter().skip(i).map(removed));
    lines.extend(new.iter().skip(j).map(added));
    lines
}

/// For each pair of rests of the two, the length of their longest common subsequence.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<u16> {
    let width = new.len() + 1;
    let mut lengths = vec![0u16; (old.len() + 1) * width];
    for (i, before) in old.iter().enumerate().rev() {
        for (j, after) in new.iter().enumerate().rev() {
            let at =
                |row: usize, column: usize| lengths.get(row * width + column).copied().unwrap_or(0);
            let length = if before == after {
                at(i + 1, j + 1) + 1
            } else {
                at(i + 1, j).max(at(i, j + 1))
            };
            if let Some(place) = lengths.get_mut(i * width + j) {
                *place = length;
            }
        }
    }
    lengths
}
