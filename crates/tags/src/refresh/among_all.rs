//! What is known among all users, for those who look at one user.

use domain::{TagKey, Time};
use features::population::asked_by;
use rules::CheckedRule;
use rules::checked::{Body, Measure};

use super::given::FoldedHistories;
use super::{Config, all};
use crate::Error;
use crate::compile::TagProgram;
use crate::population::Populations;
use crate::ports::Histories;
use crate::source::{Definition, Inputs, TagSource};

/// What a rule and the tags that it needs ask among all users at an instant; and, for the ranks
/// that they compare with a bound, the ranks themselves. Everyone's histories are walked, unless
/// nothing is asked.
///
/// # Errors
/// Where the rules cannot be compiled, or the store of histories fails.
pub fn among_all(
    histories: &dyn Histories,
    (rule, tags): (&CheckedRule, &[TagSource]),
    now: Time,
    inputs: &Inputs,
    config: &Config,
) -> Result<Populations, Error> {
    let rules = tags.iter().filter_map(TagSource::rule).chain([rule]);
    let ranks = rules
        .flat_map(|rule| asked_by(rule.body()))
        .filter_map(|asked| asked.rank_asked());
    let ranks = ranks.map(|rank| Body::Measure(Measure::Population(Box::new(rank))));
    let asked: Vec<(TagKey, Body)> = std::iter::once(rule.body().clone())
        .chain(ranks)
        .enumerate()
        .filter_map(|(number, body)| Some((TagKey::new(&format!("_asked_{number}_")).ok()?, body)))
        .collect();
    let of_tags = tags.iter().map(TagSource::definition);
    let own = asked
        .iter()
        .map(|(key, body)| Definition::of_rule(key, body, None));
    let definitions = of_tags.chain(own).collect();
    let audiences = inputs.audience_conditions()?;
    let program = TagProgram::of_definitions(definitions, audiences, now, inputs)?;
    let early = match program.passes.split_last() {
        Some((_, early)) if !program.populations.is_empty() => early,
        _ => &[],
    };
    let folded = FoldedHistories::new(histories, config);
    let earlier = all::early(&folded, &program, early, config)?;
    Ok(earlier.into_populations(&program))
}
