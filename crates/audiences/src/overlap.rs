//! Overlap: how many users several sets share, two by two.

use domain::UserSet;

/// How many users sets share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Entry (i, j) is the number of users in both the ith and the jth set; on the diagonal
    /// stand the sizes.
    rows: Vec<Vec<u64>>,
}

impl Overlap {
    /// How many users two of the sets share.
    #[must_use]
    pub fn of(&self, one: usize, other: usize) -> Option<u64> {
        self.rows.get(one)?.get(other).copied()
    }

    /// The whole square, row by row.
    #[must_use]
    pub fn rows(&self) -> &[Vec<u64>] {
        &self.rows
    }
}

/// The overlap of sets, in their order. No set is built.
#[must_use]
pub fn overlap<S: AsRef<UserSet>>(sets: &[S]) -> Overlap {
    let mut rows: Vec<Vec<u64>> = Vec::with_capacity(sets.len());
    for (i, one) in sets.iter().enumerate() {
        let row = sets.iter().enumerate().map(|(j, other)| match rows.get(j) {
            Some(before) => before.get(i).copied().unwrap_or_default(),
            None if i == j => one.as_ref().len(),
            None => one.as_ref().intersection_len(other.as_ref()),
        });
        let row = row.collect();
        rows.push(row);
    }
    Overlap { rows }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_overlap_is_a_square_with_sizes_on_its_diagonal() {
        let sets: Vec<Arc<UserSet>> = [vec![1_u32, 2, 3], vec![2, 3, 4, 5], vec![9]]
            .map(|users| Arc::new(users.into_iter().collect()))
            .into();
        let overlap = overlap(&sets);
        assert_eq!(overlap.rows(), [[3, 2, 0], [2, 4, 0], [0, 0, 1]]);
        assert_eq!((overlap.of(0, 1), overlap.of(0, 3)), (Some(2), None));
    }
}
