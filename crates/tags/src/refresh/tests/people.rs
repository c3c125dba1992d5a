//! Users with random histories.

use domain::{Time, UserNumber, UserSet};
use features::arbitrary::{Forms, Population, Random, Vocabulary, block, identities};
use features::reference::{User, World};
use features::{HistoryBlock, Wanted};

use crate::PortError;
use crate::ports::in_memory::IdentitiesInMemory;
use crate::ports::{Histories, Selection};

/// Users with random histories, and the histories of some of them later.
pub(super) struct People {
    pub world: World,
    pub vocabulary: Vocabulary,
    pub users: Vec<(u32, User)>,
}

impl People {
    pub(super) fn draw(random: &mut Random) -> Self {
        let first = Population::draw(random);
        let (world, vocabulary) = (first.world.clone(), first.vocabulary.clone());
        let mut users = Vec::new();
        let (mut start, mut named) = (0, 0);
        for _ in 0..8 {
            let others = Population::draw(random).users;
            users.extend(others.into_iter().map(|(number, user)| {
                let user = User {
                    identities: identities(named),
                    ..user
                };
                named += 1;
                (start + number, user)
            }));
            start += random.pick(20, &[511, 512, 30]) as u32;
        }
        Self {
            world,
            vocabulary,
            users,
        }
    }

    /// The same with the histories of some users exchanged, and who they are.
    pub(super) fn changed(&self, random: &mut Random) -> (Self, UserSet) {
        let mut users = self.users.clone();
        let mut changed = UserSet::new();
        for _ in 0..4 {
            let (a, b) = (random.below(users.len()), random.below(users.len()));
            for place in [a, b] {
                changed.insert(UserNumber(users[place].0));
            }
            let [of_a, of_b] = [a, b].map(|place| users[place].1.clone());
            for (place, history) in [(a, of_b), (b, of_a)] {
                let identities = std::mem::take(&mut users[place].1.identities);
                users[place].1 = User {
                    identities,
                    ..history
                };
            }
        }
        changed.insert(UserNumber(100_000));
        (
            Self {
                world: self.world.clone(),
                vocabulary: self.vocabulary.clone(),
                users,
            },
            changed,
        )
    }

    pub(super) fn identities(&self) -> IdentitiesInMemory {
        let of_user = |(number, user): &(u32, User)| (*number, user.identities.clone());
        IdentitiesInMemory {
            of_users: self.users.iter().map(of_user).collect(),
        }
    }

    pub(super) fn extent(&self) -> u32 {
        self.users
            .iter()
            .map(|(number, _)| number + 3)
            .max()
            .unwrap_or(0)
    }
}

impl Histories for People {
    fn extent(&self) -> Result<u32, PortError> {
        Ok(self.extent())
    }

    fn read(
        &self,
        users: &Selection,
        wanted: &Wanted,
        _now: Time,
    ) -> Result<HistoryBlock, PortError> {
        let numbers = users.numbers();
        let selected: Vec<(u32, User)> = self
            .users
            .iter()
            .filter(|(number, _)| numbers.binary_search(number).is_ok())
            .cloned()
            .collect();
        let mut random = Random::new(u64::from(numbers.len() as u32));
        let history = block(&selected, wanted, Forms::Mixed, &mut random);
        Ok(HistoryBlock {
            users: numbers,
            ..history
        })
    }
}
