//! Random values among all users.

use domain::Decimal;
use rules::checked::{Condition, Measure, Place, Population, RankBound, RankEnd, Ranking, Ties};

use super::Random;

/// What values among all users are made of, drawn by whoever knows the names.
pub struct Ingredients<'a> {
    /// A measure of a place.
    pub measure: &'a dyn Fn(&mut Random, Place) -> Measure,
    /// A condition on users.
    pub condition: &'a dyn Fn(&mut Random) -> Condition,
}

impl Ingredients<'_> {
    /// A value among all users, and the place that it is in.
    pub fn population(&self, random: &mut Random) -> (Population, Place) {
        let measure = |random: &mut Random, place| (self.measure)(random, place);
        match random.below(9) {
            0 => {
                let rank = Population::Rank {
                    ranking: self.ranking(random),
                    end: random.pick(RankEnd::Greatest, &[RankEnd::Least]),
                };
                (rank, Place::Number)
            }
            1..=3 => {
                let within = Population::Within {
                    ranking: self.ranking(random),
                    end: random.pick(RankEnd::Greatest, &[RankEnd::Least]),
                    bound: bound(random),
                    ties: random.pick(Ties::Kept, &[Ties::Cut]),
                };
                (within, Place::Truth)
            }
            4 => {
                let parts = random.pick(5, &[2, 3, 100]);
                let ranking = self.ranking(random);
                (Population::Quantile { ranking, parts }, Place::Number)
            }
            5 => {
                let of = measure(random, Place::Text);
                (Population::Sharing(of), Place::Number)
            }
            6 => {
                let place = random.pick(Place::Number, &[Place::Text, Place::Truth]);
                let (identity, value) = (measure(random, Place::Text), measure(random, place));
                (Population::OfUser { identity, value }, place)
            }
            _ => {
                let by = measure(random, Place::Text);
                let filter = self.perhaps(random, 40);
                let sum = random.chance(50).then(|| measure(random, Place::Number));
                (Population::NamedBy { by, filter, sum }, Place::Number)
            }
        }
    }

    fn ranking(&self, random: &mut Random) -> Ranking {
        let by = (self.measure)(random, Place::Number);
        let per = random
            .chance(30)
            .then(|| (self.measure)(random, Place::Text));
        Ranking {
            by,
            among: self.perhaps(random, 30),
            per,
        }
    }

    fn perhaps(&self, random: &mut Random, percent: usize) -> Condition {
        if random.chance(percent) {
            (self.condition)(random)
        } else {
            Condition::Constant(true)
        }
    }
}

fn bound(random: &mut Random) -> RankBound {
    if random.chance(50) {
        return RankBound::Count(random.pick(1, &[2, 3, 5, 10]));
    }
    let percent = random.pick("10", &["0.5", "33.333", "50", "100"]);
    RankBound::Percent(Decimal::parse(percent).unwrap_or_default())
}
