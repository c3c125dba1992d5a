//! Whom a hint is about: a rule that the engine can count, and how many they are.

use domain::{Language, Said};

use super::{Code, Diagnostic};
use crate::checked::{Body, CheckedRule, Condition};
use crate::mistake::{Concerned, Users, UsersHave};

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
    pub fn concern_in_words(&self, language: Language) -> Option<String> {
        let users = self.concern.as_ref()?.users?;
        let concerned = match self.code {
            Code::UpperBoundAlone => Concerned::WithoutEvent {
                who: UsersHave(users),
            },
            Code::NeverDid => Concerned::Never { who: Users(users) },
            _ => Concerned::WithoutValue {
                who: UsersHave(users),
            },
        };
        Some(concerned.said(language))
    }
}
