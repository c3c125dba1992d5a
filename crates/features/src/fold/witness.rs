//! Who watches the walk: nobody, or someone who keeps which rows counted.

/// Is told what counted, as it counts.
pub(super) trait Witness {
    /// Events counted for a feature: their names, their times and the filter are right.
    fn counted(&mut self, feature: usize, rows: &[usize]);
    /// An attribute change touched an attribute.
    fn touched(&mut self, feature: usize, row: usize);
}

/// Nobody: the walk for many users.
pub(super) struct Nobody;

impl Witness for Nobody {
    #[inline]
    fn counted(&mut self, _feature: usize, _rows: &[usize]) {}
    #[inline]
    fn touched(&mut self, _feature: usize, _row: usize) {}
}

/// Keeps the rows of one user, by feature, in the order of the history.
pub(super) struct Kept {
    rows: Vec<Vec<usize>>,
}

impl Kept {
    pub(super) fn new(features: usize) -> Self {
        Self {
            rows: vec![Vec::new(); features],
        }
    }

    /// The rows that counted for a feature, or touched it.
    pub(super) fn rows(&self, feature: usize) -> &[usize] {
        self.rows.get(feature).map_or(&[], Vec::as_slice)
    }
}

impl Witness for Kept {
    fn counted(&mut self, feature: usize, rows: &[usize]) {
        if let Some(kept) = self.rows.get_mut(feature) {
            kept.extend_from_slice(rows);
        }
    }

    fn touched(&mut self, feature: usize, row: usize) {
        self.counted(feature, &[row]);
    }
}
