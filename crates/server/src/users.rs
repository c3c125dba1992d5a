//! Who has which number: the identities by which the outside names users.

use std::sync::Arc;

use domain::{UserKey, UserNumber};
use identity::{Directory, Identities};
use warehouse::Store;

/// All identities, by key and by number, and the users to whom they belong.
#[derive(Clone, Debug, Default)]
pub struct Users {
    directory: Arc<Directory>,
    identities: Arc<Identities>,
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
    /// The users of a store, as they are now by what is known of their identities.
    pub fn of(store: &Store) -> Self {
        let identities = store.identities();
        // Later, so that whoever is named is there.
        let directory = store.directory();
        Self {
            directory,
            identities,
        }
    }

    /// Whether both know the same of the same users; where they do, it may still be told that they do not.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.directory, &other.directory)
            && Arc::ptr_eq(&self.identities, &other.identities)
    }

    /// The same users as they are by what is known of their identities.
    pub fn identified(self, identities: Arc<Identities>) -> Self {
        Self { identities, ..self }
    }

    /// The number of a user who is named by any identity: by its key as it is written, else by the
    /// text alone, of whatever kind; the strongest that is known.
    pub fn user(&self, written: &str) -> Option<UserNumber> {
        let identity = UserKey::meant_by(written)
            .find_map(|key| self.directory.number(key.kind(), key.text()))?;
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
        self.directory.len() - self.identities.absorbed().count()
    }

    /// How many identities there are.
    pub fn len(&self) -> usize {
        self.directory.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.directory.is_empty()
    }

    /// The number of every identity is below.
    pub fn extent(&self) -> u32 {
        self.directory.extent()
    }

    /// The number of an identity as it is written.
    pub fn number(&self, written: &str) -> Option<UserNumber> {
        let (kind, text) = UserKey::parts_of(written);
        self.directory.number(kind, &text)
    }

    /// The number of an identity as it is written, a new one where it is new.
    pub fn number_or_new(&mut self, written: &str) -> Numbered {
        match self.number(written) {
            Some(number) => Numbered::Known(number),
            None => {
                let directory = Arc::make_mut(&mut self.directory);
                Numbered::New(directory.add_next(UserKey::parse(written)))
            }
        }
    }

    /// Forgets a key: whoever comes with it again gets a new number.
    pub fn forget(&mut self, number: UserNumber) {
        Arc::make_mut(&mut self.directory).forget(number);
    }

    /// All numbers with their keys.
    pub fn numbered(&self) -> impl Iterator<Item = (UserNumber, UserKey)> {
        let all = self.directory.iter();
        all.map(|(number, key)| (number, key.clone()))
    }

    /// The key of an identity; a user has the number of the least.
    pub fn key(&self, number: UserNumber) -> Option<&UserKey> {
        self.directory.key(number)
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
