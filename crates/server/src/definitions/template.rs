//! Templates: one definition that stands for many, `key: done_{quest}` with
//! `for: {quest: [a, b]}`.

use domain::nearest;
use serde_json::{Map, Value as Json};

use super::problem::Mistake;
use super::written::Variables;

/// The most definitions that one template may stand for.
const MOST: usize = 100_000;

/// What the variables stand for in one of the definitions.
pub(super) type Assignment<'v> = Vec<(&'v str, &'v str)>;

/// Every choice of one constant for each variable, in the order of the variables' names and of
/// their constants as written; one empty choice without variables.
///
/// # Errors
/// A mistake, for a variable without constants or too many choices.
pub(super) fn assignments(variables: &Variables) -> Result<Vec<Assignment<'_>>, Mistake> {
    let mut choices: Vec<Assignment<'_>> = vec![Vec::new()];
    for (name, constants) in variables {
        if constants.is_empty() {
            return Err(Mistake::EmptyVariable { name: name.clone() });
        }
        if choices.len().saturating_mul(constants.len()) > MOST {
            return Err(Mistake::TooManyChoices { most: MOST });
        }
        let mut longer = Vec::with_capacity(choices.len() * constants.len());
        for choice in &choices {
            for constant in constants {
                longer.push([choice.as_slice(), &[(name.as_str(), constant.as_str())]].concat());
            }
        }
        choices = longer;
    }
    Ok(choices)
}

/// The definition with each `{variable}` replaced in all its texts.
///
/// # Errors
/// A mistake, for a name in braces that is nearly a variable's.
pub(super) fn substituted(written: &Json, assignment: &Assignment<'_>) -> Result<Json, Mistake> {
    if assignment.is_empty() {
        return Ok(written.clone());
    }
    Ok(match written {
        Json::String(text) => Json::String(in_text(text, assignment)?),
        Json::Array(elements) => {
            let elements = elements
                .iter()
                .map(|element| substituted(element, assignment));
            Json::Array(elements.collect::<Result<_, _>>()?)
        }
        Json::Object(members) => {
            let member = |(name, value): (&String, &Json)| {
                Ok::<_, Mistake>((name.clone(), substituted(value, assignment)?))
            };
            Json::Object(
                members
                    .iter()
                    .map(member)
                    .collect::<Result<Map<_, _>, _>>()?,
            )
        }
        other => other.clone(),
    })
}

fn in_text(text: &str, assignment: &Assignment<'_>) -> Result<String, Mistake> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        result.push_str(before);
        let inside = after.split_once('}').filter(|(name, _)| is_name(name));
        let Some((name, behind)) = inside else {
            result.push('{');
            rest = after;
            continue;
        };
        match assignment.iter().find(|(variable, _)| *variable == name) {
            Some((_, constant)) => result.push_str(constant),
            None => match nearest(name, assignment.iter().map(|(variable, _)| *variable)) {
                Some(hint) => {
                    return Err(Mistake::UnknownVariable {
                        name: name.to_owned(),
                        meant: hint.to_owned(),
                    });
                }
                // Braces of the rule's own, as in a pattern.
                None => result.extend(["{", name, "}"]),
            },
        }
        rest = behind;
    }
    result.push_str(rest);
    Ok(result)
}

fn is_name(text: &str) -> bool {
    let starts_as_name = text
        .chars()
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_');
    starts_as_name
        && text
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_')
}
