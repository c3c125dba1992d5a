//! What the rows of a batch say of identities.

use std::sync::Arc;

use domain::UserNumber;
use identity::{Moment, Relation, Statement};
use sources::files::RowBatch;
use warehouse::WriteBatch;

use super::{Accepted, Numbering};
use crate::import::Outcome;

impl Numbering<'_> {
    /// Hears the links of accepted rows, each at its row's time and arrival. `known` is the
    /// extent of identities before the batch.
    pub(super) fn links(
        &mut self,
        rows: &RowBatch,
        [events, profiles]: [&[Accepted]; 2],
        known: u32,
        batch: &mut WriteBatch,
        outcome: &mut Outcome,
    ) {
        let mut statements = Vec::new();
        for (place, position) in rows.links.positions.iter().enumerate() {
            let told = row_at(events, *position, &rows.events.positions);
            let told = told.or_else(|| row_at(profiles, *position, &rows.profiles.positions));
            let Some(accepted) = told else {
                continue;
            };
            let Accepted { time, arrival, .. } = *accepted;
            let one = accepted.identity;
            let other = self.identity(rows.links.others.get(place), batch, outcome);
            statements.push(Statement {
                moment: Moment { time, arrival },
                relation: Relation::Link,
                one,
                other,
            });
        }
        if statements.is_empty() {
            return;
        }
        let news = self.identities.news(&statements);
        let mut keys = Vec::with_capacity(news.len() * 2);
        for statement in &news {
            let (one, other) = (
                self.users.key(statement.one),
                self.users.key(statement.other),
            );
            if let (Some(one), Some(other)) = (one, other) {
                batch.statement(statement, one, other);
                keys.push((statement.one, one.clone()));
                keys.push((statement.other, other.clone()));
            }
        }
        let moved = Arc::make_mut(&mut self.identities).add(&news, keys);
        // Rows of new identities lie at their owners at once.
        let is_new = |identity: &UserNumber| identity.0 >= known;
        for identity in moved.into_iter().filter(is_new) {
            let owner = self.identities.owner(identity);
            batch.home(identity, owner);
            Arc::make_mut(&mut self.homes).insert(identity, owner);
        }
    }

    /// Where the rows of an identity lie.
    pub(super) fn home(&self, identity: UserNumber) -> UserNumber {
        self.homes.get(&identity).copied().unwrap_or(identity)
    }
}

/// The accepted row at a position.
fn row_at<'a>(accepted: &'a [Accepted], position: u64, positions: &[u64]) -> Option<&'a Accepted> {
    let row = positions.binary_search(&position).ok()?;
    let place = accepted.binary_search_by_key(&row, |accepted| accepted.row);
    accepted.get(place.ok()?)
}
