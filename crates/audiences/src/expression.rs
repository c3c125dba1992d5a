//! Audience expressions: rules over tags, lists and audiences in one canonical form.
//!
//! Audiences are written out, nested and / or is flattened, operands are sorted and each there
//! once, double negations and constants are gone. Equal content is mostly an equal expression,
//! so that an expression is the key of a cache.

mod read;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use domain::{ListKey, TagKey};
use rules::checked::Condition;

use crate::Error;
use crate::ports::Rulebook;

/// Who is in an audience.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AudienceExpression {
    /// All known users.
    Everyone,
    /// Nobody.
    Nobody,
    /// The known users who have a tag.
    Tag(TagKey),
    /// The known users with one value of a layered tag.
    TagWith(TagKey, Arc<str>),
    /// The known users in a list.
    List(ListKey),
    /// The known users who are not in it.
    Not(Box<AudienceExpression>),
    /// Who is in all; at least two.
    All(Vec<AudienceExpression>),
    /// Who is in any; at least two.
    Any(Vec<AudienceExpression>),
    /// Who is in at least so many; one that is given twice counts twice.
    AtLeast(u32, Vec<AudienceExpression>),
}

impl AudienceExpression {
    /// Reads a condition.
    ///
    /// # Errors
    /// [`Error::MoreThanAlgebra`] where the members of tags do not decide it, and where an
    /// audience or a tag does not exist or audiences name one another in a circle.
    pub fn of(condition: &Condition, rules: &dyn Rulebook) -> Result<Self, Error> {
        read::Reader::new(rules).condition(condition)
    }

    /// Whoever is not in it.
    #[must_use]
    pub fn complement(self) -> Self {
        match self {
            Self::Everyone => Self::Nobody,
            Self::Nobody => Self::Everyone,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Who is in all of them; of none, everyone.
    #[must_use]
    pub fn all(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Everyone => {}
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        let contradicts = flat.iter().any(|part| match part {
            Self::Not(inner) => flat.binary_search(inner).is_ok(),
            Self::Nobody => true,
            _ => false,
        });
        if contradicts {
            return Self::Nobody;
        }
        match flat.len() {
            0 => Self::Everyone,
            1 => flat.pop().unwrap_or(Self::Everyone),
            _ => Self::All(flat),
        }
    }

    /// Who is in any of them; of none, nobody.
    #[must_use]
    pub fn any(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Nobody => {}
                Self::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        let is_certain = flat.iter().any(|part| match part {
            Self::Not(inner) => flat.binary_search(inner).is_ok(),
            Self::Everyone => true,
            _ => false,
        });
        if is_certain {
            return Self::Everyone;
        }
        match flat.len() {
            0 => Self::Nobody,
            1 => flat.pop().unwrap_or(Self::Nobody),
            _ => Self::Any(flat),
        }
    }

    /// Who is in at least so many of them.
    #[must_use]
    pub fn at_least(count: u32, mut parts: Vec<Self>) -> Self {
        // What holds for everyone or nobody only moves the count.
        let certain = parts.iter().filter(|part| **part == Self::Everyone).count();
        parts.retain(|part| !matches!(part, Self::Everyone | Self::Nobody));
        let count = (count as usize).saturating_sub(certain);
        parts.sort_unstable();
        match count {
            0 => Self::Everyone,
            count if count > parts.len() => Self::Nobody,
            count if count == parts.len() => Self::all(parts),
            1 => Self::any(parts),
            count => Self::AtLeast(count as u32, parts),
        }
    }
}
