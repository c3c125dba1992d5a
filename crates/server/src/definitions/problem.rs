//! What is wrong with definition files: every problem with its place.

use std::fmt;

use domain::nearest;

use super::Place;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// Everything that is wrong, in the order of the files; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            let separator = if number == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl Problem {
    /// What the YAML reader refused.
    pub(super) fn of_yaml(file: &str, error: &serde_saphyr::Error) -> Self {
        let error = error.without_snippet();
        let line = error.location().map_or(0, |location| location.line());
        let message = match error {
            serde_saphyr::Error::SerdeUnknownField {
                field, expected, ..
            } => unknown_key(field, expected),
            serde_saphyr::Error::SerdeMissingField { field, .. } => {
                format!("the key `{field}` is missing")
            }
            serde_saphyr::Error::DuplicateMappingKey { key: Some(key), .. } => {
                format!("the key `{key}` is written twice")
            }
            other => without_place(&other.to_string()),
        };
        Self {
            place: Place {
                file: file.to_owned(),
                line,
            },
            message,
        }
    }
}

fn unknown_key(key: &str, expected: &[&str]) -> String {
    if key.contains(['(', ')', '"', '>', '<', '=']) {
        return format!(
            "`{key}` is read as a key, since a comma ends a value inside `{{…}}`: put the rule in single quotes, or write it on lines of its own below `rule: |`"
        );
    }
    let hint = nearest(key, expected.iter().copied());
    let hint = hint.map(|hint| format!(": did you mean `{hint}`?"));
    let all = || format!(": the keys here are `{}`", expected.join("`, `"));
    format!("unknown key `{key}`{}", hint.unwrap_or_else(all))
}

/// The message without the place that the reader adds; the problem has its own.
fn without_place(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    message.trim_end_matches([':', ' ']).to_owned()
}
