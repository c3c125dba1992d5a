//! Ranks of values among sorted bounds: how many bounds are not greater.

use features::history::UNTOUCHED;

/// The least mantissa that is a value.
pub(crate) const LOWEST: i64 = UNTOUCHED + 1;

/// Stands for the rank of a missing value.
pub(crate) const NO_RANK: u16 = u16::MAX;

/// Up to so many bounds are compared one by one.
const MOST_COMPARED: usize = 10;

/// The buckets into which values are thrown: so few that the tables of many columns stay in the
/// second-level cache.
pub(crate) const BUCKETS: usize = 4_096;

/// The number of bounds in the buckets before each; one more entry, so that two can be read at
/// once.
pub(crate) type Starts = [u16; BUCKETS + 1];

/// The most bounds in one bucket.
const MOST_IN_BUCKET: usize = 6;

/// A way to find ranks.
#[derive(Clone, Debug)]
pub(crate) struct Ranks {
    /// Sorted, each once, then so many of the greatest number that every probe finds one.
    pub bounds: Vec<i64>,
    /// How many bounds there are.
    pub count: u16,
    pub search: Search,
}

/// How ranks are found.
#[derive(Clone, Debug)]
pub(crate) enum Search {
    /// By comparing with each bound.
    Each,
    /// By throwing values into buckets of equal width, which begin at `least`: `starts` holds
    /// the number of bounds in the buckets before; in a bucket are at most `most`.
    Buckets {
        least: i64,
        greatest: i64,
        shift: u32,
        starts: Box<Starts>,
        most: usize,
    },
    /// By halving.
    Halving,
}

impl Ranks {
    /// A way for these bounds: sorted, each once, fewer than 65,535.
    pub fn new(mut bounds: Vec<i64>) -> Self {
        let count = bounds.len() as u16;
        let search = if bounds.len() <= MOST_COMPARED {
            Search::Each
        } else {
            buckets(&bounds).unwrap_or(Search::Halving)
        };
        bounds.resize(
            (bounds.len() + MOST_IN_BUCKET).next_power_of_two(),
            i64::MAX,
        );
        Self {
            bounds,
            count,
            search,
        }
    }
}

/// Buckets, if no bucket gets too many bounds.
fn buckets(bounds: &[i64]) -> Option<Search> {
    let (Some(first), Some(greatest)) = (bounds.first(), bounds.last()) else {
        return None;
    };
    let least = first.checked_sub(1)?;
    let distance = |value: i64| value.wrapping_sub(least).cast_unsigned();
    let span = distance(*greatest);
    let shift = (u64::BITS - span.leading_zeros()).saturating_sub(BUCKETS.trailing_zeros());
    let mut starts = Box::new([0_u16; BUCKETS + 1]);
    for bound in bounds {
        if let Some(count) = starts.get_mut((distance(*bound) >> shift) as usize) {
            *count += 1;
        }
    }
    let most = usize::from(starts.iter().copied().max().unwrap_or_default());
    let mut before = 0;
    for count in starts.iter_mut() {
        before += std::mem::replace(count, before);
    }
    let greatest = *greatest;
    (most <= MOST_IN_BUCKET).then_some(Search::Buckets {
        least,
        greatest,
        shift,
        starts,
        most,
    })
}
