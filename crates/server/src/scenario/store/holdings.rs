//! Holdings: each wallet has its own, and a user has those of all wallets.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::stored;
use domain::{UserNumber, Value};
use serde_json::Value as Json;

use super::MemoryStore;

/// The attribute that has them all.
pub(super) const HOLDINGS: &str = "holdings";

/// What a wallet held from then on.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// The place among the changes of attributes.
    place: usize,
    elements: Vec<Value>,
}

impl MemoryStore {
    /// Notes what the identity of the last change holds.
    pub(super) fn hold(&mut self, held: Json) {
        let elements = match Value::from_json(&held) {
            Some(Value::List(elements)) => elements.to_vec(),
            other => other.into_iter().collect(),
        };
        let place = self.traits.len().saturating_sub(1);
        self.holdings.push(Held { place, elements });
    }

    /// Puts into each change what all identities of the user held at that time.
    pub(super) fn join_holdings(&mut self) {
        let mut changes: Vec<&Held> = self.holdings.iter().collect();
        changes.sort_by_key(|held| {
            let row = self.traits.get(held.place);
            row.map(|row| (row.time, row.arrival))
        });
        let mut by_owner: BTreeMap<UserNumber, BTreeMap<u32, &[Value]>> = BTreeMap::new();
        let mut joined: Vec<(usize, String)> = Vec::new();
        for held in changes {
            let Some(row) = self.traits.get(held.place) else {
                continue;
            };
            let owner = self.identities.owner(UserNumber(row.identity));
            let wallets = by_owner.entry(owner).or_default();
            wallets.insert(row.identity, &held.elements);
            let all: Value = wallets
                .values()
                .flat_map(|elements| elements.iter().cloned())
                .collect();
            let texts = stored::encode(HOLDINGS, &all);
            joined.extend(texts.into_iter().map(|(_, text)| (held.place, text)));
        }
        for (place, text) in joined {
            if let Some(row) = self.traits.get_mut(place) {
                row.fields = vec![(Arc::from(HOLDINGS), Arc::from(text))];
            }
        }
    }
}
