//! Rewriting of what is measured over the elements of a list, and over their groups.

use domain::AudienceKey;
use rules::checked::{Aggregate, AggregateFunction, Condition, Grouping, Measure};

use super::{Replacement, condition, measure};
use crate::Error;

/// The aggregate with the features in it replaced, those that its groups ask for included.
pub(super) fn rewritten(
    aggregate: &Aggregate,
    by: &mut dyn Replacement,
) -> Result<Aggregate, Error> {
    let arguments = aggregate.arguments.iter();
    let arguments = arguments.map(|argument| measure(argument, by));
    let filter = aggregate.filter.as_ref();
    Ok(Aggregate {
        arguments: arguments.collect::<Result<_, _>>()?,
        filter: filter.map(|filter| condition(filter, by)).transpose()?,
        function: match &aggregate.function {
            AggregateFunction::Groups(grouping) => {
                AggregateFunction::Groups(Box::new(groups(grouping, &mut InGroup(by))?))
            }
            other => other.clone(),
        },
        ..aggregate.clone()
    })
}

fn groups(grouping: &Grouping, by: &mut InGroup<'_>) -> Result<Grouping, Error> {
    Ok(match grouping {
        Grouping::Count(key, having) => Grouping::Count(key.clone(), condition(having, by)?),
        Grouping::Streak(zone, having) => Grouping::Streak(zone.clone(), condition(having, by)?),
        Grouping::LongestStreak(zone, having) => {
            Grouping::LongestStreak(zone.clone(), condition(having, by)?)
        }
        Grouping::Fold(key, function, of) => {
            Grouping::Fold(key.clone(), function.clone(), measure(of, by)?)
        }
        Grouping::Top(count, place, of) => Grouping::Top(*count, *place, measure(of, by)?),
    })
}

/// Inside a group aggregates are of its elements, and no features.
struct InGroup<'r>(&'r mut dyn Replacement);

impl Replacement for InGroup<'_> {
    fn measure(&mut self, measure: &Measure) -> Option<Measure> {
        match measure {
            Measure::Aggregate(_) => None,
            of_user => self.0.measure(of_user),
        }
    }

    fn audience(&mut self, audience: &AudienceKey) -> Result<Condition, Error> {
        self.0.audience(audience)
    }
}
