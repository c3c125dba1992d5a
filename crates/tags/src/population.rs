//! Values among all users: made once all users have been walked, read as columns and sets by the
//! passes after.
//!
//! A pass that serves them keeps of each user what they are made of, as it keeps the values of
//! metric tags; here all of it is put together. They belong to the run that walked everyone: a
//! refresh of some users reads them as they were.

mod others;
mod ranking;
mod sharing;

use std::collections::HashMap;
use std::sync::Arc;

use domain::{Time, UserNumber, UserSet, Value};
use features::FeatureColumn;
use rules::checked::Population;

use crate::ports::Identities;
use crate::values::MetricValues;

/// Which value among all users: one that is asked for at an instant of its own, or as of now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PopulationKey {
    /// The instant of a snapshot.
    pub as_of: Option<Time>,
    /// What is measured.
    pub population: Population,
}

/// What each user has among all users.
#[derive(Clone, Debug, PartialEq)]
pub enum PopulationValues {
    /// Those for whom it is true.
    Users(Arc<UserSet>),
    /// A value for some.
    Values {
        /// Those who have one of their own.
        values: Arc<MetricValues>,
        /// What all others have.
        otherwise: Option<Value>,
    },
}

/// All values among all users of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Populations {
    /// The instant of the run that walked everyone.
    pub as_of: Time,
    /// By what they are.
    pub values: HashMap<PopulationKey, Arc<PopulationValues>>,
}

impl PopulationValues {
    /// What a user has.
    #[must_use]
    pub fn value(&self, user: UserNumber) -> Option<Value> {
        match self {
            Self::Users(users) => Some(Value::Bool(users.contains(user))),
            Self::Values { values, otherwise } => values.value(user).or_else(|| otherwise.clone()),
        }
    }

    /// The values of the users of a block, ascending.
    pub(crate) fn column(&self, users: &[u32]) -> FeatureColumn {
        match self {
            Self::Users(_) => {
                let value = |user: &u32| self.value(UserNumber(*user));
                FeatureColumn::Any(users.iter().map(value).collect())
            }
            Self::Values { values, otherwise } => values.column(users, otherwise.as_ref()),
        }
    }
}

impl Populations {
    /// The value that a user has, of those that are asked for as of now.
    #[must_use]
    pub fn value(&self, population: &Population, user: UserNumber) -> Option<Value> {
        let key = PopulationKey {
            as_of: None,
            population: population.clone(),
        };
        self.values.get(&key)?.value(user)
    }
}

/// Puts together what a pass has kept of all users: for each value what it is made of, in the
/// order of [`Population::measures`].
pub(crate) fn put_together(
    population: &Population,
    parts: &[Arc<MetricValues>],
    identities: &dyn Identities,
) -> PopulationValues {
    let empty = MetricValues::default();
    let part = |place: usize| parts.get(place).map_or(&empty, AsRef::as_ref);
    let values = match population {
        Population::Rank { end, .. } => {
            ranking::ranks(part(0), parts.get(1).map(AsRef::as_ref), *end)
        }
        Population::Quantile { parts: count, .. } => {
            ranking::quantiles(part(0), parts.get(1).map(AsRef::as_ref), *count)
        }
        Population::Within {
            end, bound, ties, ..
        } => {
            let ranked = ranking::Ranked::new(part(0), parts.get(1).map(AsRef::as_ref));
            let within = ranked.within(*end, bound, *ties, identities);
            return PopulationValues::Users(Arc::new(within));
        }
        Population::Sharing(_) => return or_zero(sharing::sharing(part(0))),
        Population::OfUser { .. } => others::of_user(part(1), part(0), identities),
        Population::NamedBy { sum, .. } => {
            let sum = sum.is_some().then(|| part(1));
            return or_zero(others::named_by(part(0), sum, identities));
        }
    };
    PopulationValues::Values {
        values: Arc::new(values),
        otherwise: None,
    }
}

fn or_zero(values: MetricValues) -> PopulationValues {
    PopulationValues::Values {
        values: Arc::new(values),
        otherwise: Some(Value::from(0)),
    }
}
