//! Making a disagreement small enough to read.

use rules::checked::Condition;

use super::Population;
use crate::feature::parts_of;

/// The smallest condition and population found for which `fails` still holds.
pub fn shrink(
    condition: &Condition,
    population: &Population,
    fails: &dyn Fn(&Condition, &Population) -> bool,
) -> (Condition, Population) {
    let (mut condition, mut population) = (condition.clone(), population.clone());
    loop {
        let smaller = smaller_conditions(&condition)
            .into_iter()
            .find(|smaller| fails(smaller, &population));
        if let Some(smaller) = smaller {
            condition = smaller;
            continue;
        }
        let smaller = smaller_populations(&population)
            .into_iter()
            .find(|smaller| fails(&condition, smaller));
        match smaller {
            Some(smaller) => population = smaller,
            None => return (condition, population),
        }
    }
}

/// The condition's parts, and the condition without one of its parts.
fn smaller_conditions(condition: &Condition) -> Vec<Condition> {
    let mut smaller: Vec<Condition> = parts_of(condition).into_iter().cloned().collect();
    if let Condition::All(parts) | Condition::Any(parts) = condition {
        for left_out in 0..parts.len() {
            let mut parts = parts.clone();
            parts.remove(left_out);
            smaller.push(match condition {
                Condition::All(_) => Condition::All(parts),
                _ => Condition::Any(parts),
            });
        }
    }
    smaller
}

/// The population without one user, event, property or change.
fn smaller_populations(population: &Population) -> Vec<Population> {
    let mut smaller = Vec::new();
    for (index, (_, user)) in population.users.iter().enumerate() {
        let mut without = population.clone();
        without.users.remove(index);
        smaller.push(without);
        let mut change = |change: &dyn Fn(&mut crate::reference::User)| {
            let mut changed = population.clone();
            if let Some((_, user)) = changed.users.get_mut(index) {
                change(user);
            }
            smaller.push(changed);
        };
        for event in 0..user.events.len() {
            change(&|user| {
                user.events.remove(event);
            });
        }
        for left_out in 0..user.changes.len() {
            change(&|user| {
                user.changes.remove(left_out);
            });
        }
        for left_out in 0..user.identities.len() {
            change(&|user| {
                user.identities.remove(left_out);
            });
        }
        for left_out in 0..user.identity_events.len() {
            change(&|user| {
                user.identity_events.remove(left_out);
            });
        }
        for (event, past) in user.events.iter().enumerate() {
            for name in past.properties.keys() {
                change(&|user| {
                    if let Some(event) = user.events.get_mut(event) {
                        event.properties.remove(name);
                    }
                });
            }
        }
    }
    smaller
}
