//! Whom a hint is about: a rule that the engine can count, and how many they are.

use super::{Code, Diagnostic};
use crate::checked::{Body, CheckedRule, Condition};

/// The users whom a hint is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// They are those for whom this holds.
    pub rule: CheckedRule,
    /// How many they are; `None` until someone has counted.
    pub users: Option<u64>,
}

impl Diagnostic {
    /// With the users whom it is about: those for whom the condition holds.
    #[must_use]
    pub(crate) fn about(mut self, condition: Condition) -> Self {
        self.concern = Some(Box::new(Concern {
            rule: CheckedRule::new(Body::Condition(condition)),
            users: None,
        }));
        self
    }

    /// How many users it is about, in words, if they were counted.
    #[must_use]
    pub fn concern_in_words(&self) -> Option<String> {
        let users = self.concern.as_ref()?.users?;
        let (who, verb) = match users {
            1 => ("1 user".to_owned(), "has"),
            _ => (format!("{} users", grouped(users)), "have"),
        };
        Some(match self.code {
            Code::UpperBoundAlone => format!("{who} {verb} no such event"),
            Code::NeverDid => format!("{who} never did"),
            _ => format!("{who} {verb} no value"),
        })
    }
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
