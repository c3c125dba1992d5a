//! Which events a sequence or a gap was measured from, for an explanation.

use super::sequence::{Filling, Sequence};
use super::steps::Steps;
use super::values::ValueNumbers;
use crate::fold::bind::Bound;
use crate::fold::cells::Cells;
use crate::fold::scope::RowScope;

/// Of the rows that concern a feature those that fill its steps: of a sequence the events of one
/// match, a late one; of a gap all. `None` for features of another kind.
pub(in crate::fold) fn matched(
    bound: &Bound<'_>,
    cells: &Cells,
    feature: usize,
    rows: &[usize],
) -> Option<Vec<usize>> {
    let scope = |row: usize| RowScope {
        bound,
        cells,
        user: 0,
        row,
    };
    let mut numbers = ValueNumbers::default();
    if let Some(sequence) = Sequence::new(bound, feature, &mut numbers) {
        return Some(of_match(sequence, rows, &scope));
    }
    let mut steps = Steps::new(bound, feature, &mut numbers)?;
    let mut fills = |row: usize| {
        let mut fills = false;
        steps.each(&scope(row), Filling::Any, |_, _, _| fills = true);
        fills
    };
    let is_of_gap = bound.aggregate(feature)?.steps().len() == 2;
    is_of_gap.then(|| rows.iter().copied().filter(|row| fills(*row)).collect())
}

/// The rows that are left when none fills a step that need not: the older ones need not first.
fn of_match<'s>(
    mut sequence: Sequence<'s>,
    rows: &[usize],
    scope: &dyn Fn(usize) -> RowScope<'s>,
) -> Vec<usize> {
    let mut fillings = vec![Filling::Any; rows.len()];
    let mut is_there = |fillings: &[Filling]| {
        for (row, filling) in rows.iter().zip(fillings) {
            sequence.take_as(&scope(*row), *filling);
        }
        sequence.end() > 0
    };
    if !is_there(&fillings) {
        return Vec::new();
    }
    let mut length = rows.len().next_power_of_two();
    while length > 0 {
        for start in (0..rows.len()).step_by(length) {
            let end = (start + length).min(rows.len());
            let Some(part) = fillings.get_mut(start..end) else {
                continue;
            };
            if part.iter().all(|filling| *filling == Filling::Absent) {
                continue;
            }
            let before = part.to_vec();
            part.fill(Filling::Absent);
            if !is_there(&fillings)
                && let Some(part) = fillings.get_mut(start..end)
            {
                part.copy_from_slice(&before);
            }
        }
        length /= 2;
    }
    let filling = rows.iter().zip(&fillings);
    filling
        .filter(|(_, filling)| **filling == Filling::Any)
        .map(|(row, _)| *row)
        .collect()
}
