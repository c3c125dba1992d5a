//! What is measured over all known users together, at one instant.

use domain::Decimal;

use super::{Condition, Measure, Place};

/// A value that each user has among all known users.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Population {
    /// 1 + the number of those ranked whose value comes strictly before, seen from that end; missing
    /// for those who are not ranked.
    Rank {
        /// Who is ranked, and by what.
        ranking: Ranking,
        /// Where ranks begin; `rank(x)` has the greatest first.
        end: RankEnd,
    },
    /// True for those ranked whose rank, counted from that end, is within the bound; false for all
    /// others.
    Within {
        /// Who is ranked, and by what.
        ranking: Ranking,
        /// Where ranks begin.
        end: RankEnd,
        /// The last rank that is within.
        bound: RankBound,
        /// What becomes of those who share the last rank.
        ties: Ties,
    },
    /// `parts` for the greatest values down to 1 for the least: `parts` − ⌊`parts` × (rank − 1) /
    /// N⌋, N being the number of those ranked; missing for those who are not.
    Quantile {
        /// Who is ranked, and by what.
        ranking: Ranking,
        /// How many parts.
        parts: u32,
    },
    /// How many users share the value, the user included; the greatest number over the elements
    /// of a list; 0 without a value.
    Sharing(Measure),
    /// A value of the user whom an identity names; missing where it names nobody.
    OfUser {
        /// The identity, a text.
        identity: Measure,
        /// What is measured of that user.
        value: Measure,
    },
    /// Over the users who name this one: how many they are, or the sum of a value of theirs.
    NamedBy {
        /// Their attribute whose value, or one of whose elements, identifies this user.
        by: Measure,
        /// Which of them.
        filter: Condition,
        /// What is added up; they are counted if there is nothing.
        sum: Option<Measure>,
    },
}

/// Who is ranked, by what, and against whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ranking {
    /// The value. A list is none.
    pub by: Measure,
    /// Who is ranked, of those who have the value: the condition that was written and, unless
    /// zeros were asked for, that what is counted has an event.
    pub among: Condition,
    /// Users are ranked among those with the same value of this; without one they are not ranked.
    pub per: Option<Measure>,
}

/// Where ranks begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RankEnd {
    /// The greatest value has rank 1.
    Greatest,
    /// The least value has rank 1.
    Least,
}

/// The last rank that is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RankBound {
    /// This one.
    Count(u32),
    /// ⌈p × N / 100⌉, N being the number of those ranked.
    Percent(Decimal),
}

/// What becomes of those who share the last rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ties {
    /// They are all within.
    Kept,
    /// Only as many as the bound says, those whose key has the least hash.
    Cut,
}

impl Population {
    /// The rank that is asked whether it is within a bound.
    #[must_use]
    pub fn rank_asked(&self) -> Option<Self> {
        match self {
            Self::Within { ranking, end, .. } => Some(Self::Rank {
                ranking: ranking.clone(),
                end: *end,
            }),
            _ => None,
        }
    }

    /// Whether it is true or false.
    #[must_use]
    pub fn is_truth(&self) -> bool {
        matches!(self, Self::Within { .. })
    }

    /// The ranking that it asks for.
    #[must_use]
    pub fn ranking(&self) -> Option<&Ranking> {
        match self {
            Self::Rank { ranking, .. }
            | Self::Within { ranking, .. }
            | Self::Quantile { ranking, .. } => Some(ranking),
            Self::Sharing(_) | Self::OfUser { .. } | Self::NamedBy { .. } => None,
        }
    }

    /// The measures of each user that it is made of.
    #[must_use]
    pub fn measures(&self) -> Vec<&Measure> {
        match self {
            Self::Rank { ranking, .. }
            | Self::Within { ranking, .. }
            | Self::Quantile { ranking, .. } => {
                std::iter::once(&ranking.by).chain(&ranking.per).collect()
            }
            Self::Sharing(of) => vec![of],
            Self::OfUser { identity, value } => vec![identity, value],
            Self::NamedBy { by, sum, .. } => std::iter::once(by).chain(sum).collect(),
        }
    }

    /// The condition on each user that it is made of.
    #[must_use]
    pub fn condition(&self) -> Option<&Condition> {
        match self {
            Self::NamedBy { filter, .. } => Some(filter),
            other => other.ranking().map(|ranking| &ranking.among),
        }
    }
}

impl Population {
    /// What it is.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Within { .. } => Place::Truth,
            Self::OfUser { value, .. } => value.place(),
            Self::Rank { .. } | Self::Quantile { .. } | Self::Sharing(_) | Self::NamedBy { .. } => {
                Place::Number
            }
        }
    }
}
