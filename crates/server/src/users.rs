//! Who has which number: the identities by which the outside names users.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{UserKey, UserNumber};
use identity::Identities;

/// All identities, by key and by number, and the users to whom they belong.
#[derive(Clone, Debug, Default)]
pub struct Users {
    keys: Vec<UserKey>,
    identities: Arc<Identities>,
    /// By what stands in files and questions, canonical or not.
    numbers: HashMap<Box<str>, UserNumber, foldhash::fast::RandomState>,
}

/// The number of a user, and whether it was just given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    /// The user was there before.
    Known(UserNumber),
    /// The user is new.
    New(UserNumber),
}

impl Numbered {
    /// The number.
    pub fn number(self) -> UserNumber {
        match self {
            Self::Known(number) | Self::New(number) => number,
        }
    }
}

impl Users {
    /// The users of a store, in the order of their numbers.
    pub fn of(users: Vec<(UserNumber, UserKey)>) -> Self {
        let mut known = Self::default();
        for (number, key) in users {
            known
                .numbers
                .insert(key.to_string().into_boxed_str(), number);
            known.keys.push(key);
        }
        known
    }

    /// The same users as they are by what is known of their identities.
    pub fn identified(self, identities: Arc<Identities>) -> Self {
        Self { identities, ..self }
    }

    /// The number of a user who is named by any identity: by its key as it is written, else by the
    /// text alone, of whatever kind; the strongest that is known.
    pub fn user(&self, written: &str) -> Option<UserNumber> {
        let identity = UserKey::meant_by(written).find_map(|key| self.number(&key.to_string()))?;
        Some(self.identities.owner(identity))
    }

    /// The identities of a user as they are written, the least first.
    pub fn identities(&self, user: UserNumber) -> Vec<String> {
        let identities = self.identities.of_user(user).into_iter();
        let keys = identities.filter_map(|identity| self.key(identity));
        keys.map(ToString::to_string).collect()
    }

    /// How many users there are, each once.
    pub fn count(&self) -> usize {
        self.keys.len() - self.identities.absorbed().count()
    }

    /// How many identities there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The number of an identity as it is written.
    pub fn number(&self, written: &str) -> Option<UserNumber> {
        let canonical = || {
            self.numbers
                .get(UserKey::parse(written).to_string().as_str())
        };
        self.numbers.get(written).or_else(canonical).copied()
    }

    /// The number of an identity as it is written, a new one where it is new.
    pub fn number_or_new(&mut self, written: &str) -> Numbered {
        if let Some(number) = self.numbers.get(written) {
            return Numbered::Known(*number);
        }
        let key = UserKey::parse(written);
        let canonical = key.to_string();
        if let Some(number) = self.numbers.get(canonical.as_str()).copied() {
            self.numbers.insert(written.into(), number);
            return Numbered::Known(number);
        }
        let number = UserNumber(u32::try_from(self.keys.len()).unwrap_or(u32::MAX));
        self.numbers.insert(canonical.into_boxed_str(), number);
        self.keys.push(key);
        Numbered::New(number)
    }

    /// Forgets a key: whoever comes with it again gets a new number.
    pub fn forget(&mut self, number: UserNumber) {
        self.numbers.retain(|_, own| *own != number);
    }

    /// All numbers with their keys.
    pub fn numbered(&self) -> impl Iterator<Item = (UserNumber, UserKey)> {
        let numbers = (0_u32..).map(UserNumber);
        numbers.zip(self.keys.iter().cloned())
    }

    /// The key of an identity; a user has the number of the least.
    pub fn key(&self, number: UserNumber) -> Option<&UserKey> {
        self.keys.get(number.0 as usize)
    }
}

impl tags::ports::Identities for Users {
    fn user(&self, identity: &str) -> Option<UserNumber> {
        Self::user(self, identity)
    }

    fn key(&self, user: UserNumber) -> Option<String> {
        Self::key(self, user).map(|key| key.text().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_user_however_its_letters_are_written() {
        let mut users = Users::default();
        let lower = "0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c";
        let first = users.number_or_new(&lower.replace('a', "A"));
        assert_eq!(users.number_or_new(lower), Numbered::Known(first.number()));
        assert_eq!(
            users
                .key(first.number())
                .map(ToString::to_string)
                .as_deref(),
            Some(lower)
        );
        assert_eq!(
            users.number(&lower.to_uppercase().replace("0X", "0x")),
            Some(first.number())
        );
    }
}
