//! Ranks of values among sorted bounds: how many bounds are not greater.

use features::history::UNTOUCHED;

/// The least mantissa that is a value.
pub(crate) const LOWEST: i64 = UNTOUCHED + 1;

/// Stands for the rank of a missing value.
pub(crate) const NO_RANK: u16 = u16::MAX;

/// Up to so many bounds are compared one by one.
pub(crate) const MOST_COMPARED: usize = 10;

/// How many bounds are compared with a value at once.
pub(crate) const NODE_BOUNDS: usize = 8;

/// Sorted bounds among which ranks are found: one by one where they are few, else by halving, or, where eight are
/// compared at once, down a tree.
#[derive(Clone, Debug)]
pub(crate) struct Ranks {
    /// Sorted, each once, then so many of the greatest number that every probe finds one.
    pub bounds: Vec<i64>,
    /// How many bounds there are.
    pub count: u16,
    /// The tree, from its root on: nodes of the greatest bounds of the nodes below, and at last of the bounds
    /// themselves.
    pub levels: Vec<Vec<[i64; NODE_BOUNDS]>>,
}

impl Ranks {
    /// For these bounds: sorted, each once, fewer than 65,535.
    pub fn new(mut bounds: Vec<i64>) -> Self {
        let count = bounds.len() as u16;
        bounds.resize((bounds.len() + 1).next_power_of_two(), i64::MAX);
        let mut levels = vec![nodes(&bounds)];
        while let Some(below) = levels.first().filter(|below| below.len() > 1) {
            let greatest: Vec<i64> = below.iter().map(|[.., last]| *last).collect();
            levels.insert(0, nodes(&greatest));
        }
        Self {
            bounds,
            count,
            levels,
        }
    }

    /// The bounds alone, where they are so few that each is compared.
    pub fn few(&self) -> Option<&[i64]> {
        self.bounds
            .get(..usize::from(self.count))
            .filter(|bounds| bounds.len() <= MOST_COMPARED)
    }
}

/// Nodes of so many bounds, filled up with the greatest number.
fn nodes(bounds: &[i64]) -> Vec<[i64; NODE_BOUNDS]> {
    let node = |some: &[i64]| {
        let mut node = [i64::MAX; NODE_BOUNDS];
        node.iter_mut()
            .zip(some)
            .for_each(|(entry, bound)| *entry = *bound);
        node
    };
    bounds.chunks(NODE_BOUNDS).map(node).collect()
}
