//! Where the users of a line are among the numbers of their container: a line has the bits of 512 users one after the
//! other, whatever gaps there are between their numbers.

use crate::circuit::LINE_USERS;
use crate::containers::CONTAINER_USERS;

/// The places of the users of one line.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// Of each user the number within the container. Those behind the last user mean nothing.
    pub numbers: [u16; LINE_USERS],
    /// The words of 64 numbers in which users are, ascending.
    pub words: Vec<PlacesWord>,
}

/// Which of 64 numbers in a row are users of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlacesWord {
    /// The number of the word within the container.
    pub word: u16,
    /// A bit for each number that is a user's.
    pub users: u64,
}

impl Places {
    /// Of up to 512 users of one container, ascending.
    pub fn of(users: &[u32]) -> Self {
        let mut numbers = [0; LINE_USERS];
        let mut words: Vec<PlacesWord> = Vec::with_capacity(LINE_USERS / 64 + 1);
        for (place, user) in numbers.iter_mut().zip(users) {
            *place = (user % CONTAINER_USERS) as u16;
            let (word, bit) = (*place / 64, 1 << (*place % 64));
            match words.last_mut().filter(|last| last.word == word) {
                Some(last) => last.users |= bit,
                None => words.push(PlacesWord { word, users: bit }),
            }
        }
        Self { numbers, words }
    }
}
