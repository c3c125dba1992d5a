//! What a scenario says about identities: links, merges, splits, imports of users, erasure.

use std::sync::Arc;

use ::identity::{Identities, IdentityChange, Moment, Relation, Statement};
use domain::{IdentityKind, Position, Time, UserKey, UserNumber};
use features::identity;
use features::{IdentityEvent, Table, Wanted};

use super::{Ingested, MemoryStore, Row};
use crate::scenario::file::{Import, Ingest, Names};

impl MemoryStore {
    /// Who is who as of the last [`MemoryStore::settle`], for rules that ask.
    pub fn who_is_who(&self) -> Arc<dyn tags::ports::Identities> {
        let identities = Arc::new(self.identities.clone());
        Arc::new(self.users.clone().identified(identities))
    }

    /// Takes in an entry that is about identities alone.
    ///
    /// # Errors
    /// In words, what the entry lacks.
    pub(super) fn ingest_identities(
        &mut self,
        entry: &Ingest,
        at: Time,
    ) -> Result<Ingested, String> {
        let related = [
            (Relation::Link, &entry.link),
            (Relation::Merge, &entry.merge),
            (Relation::Split, &entry.split),
        ];
        for (relation, names) in related {
            if let Some(Names(names)) = names {
                let names: Vec<&String> = entry.user.iter().chain(names).collect();
                self.relate(relation, &names, at)?;
            }
        }
        if let Some(import) = &entry.import {
            self.import(import, at);
        }
        for name in entry.erase.iter().flat_map(|Names(names)| names) {
            self.erase(name, at)?;
        }
        Ok(Ingested::Accepted)
    }

    /// Decides who is who as of an instant.
    pub fn settle(&mut self, now: Time) {
        let visible = self.statements.iter();
        let visible = visible.filter(|statement| statement.moment.time <= now);
        let statements: Vec<Statement> = visible.copied().collect();
        self.identities = Identities::of(&statements, self.users.numbered());
    }

    /// What is asked of the identities of users.
    pub(super) fn identities_of(&self, users: &[u32], wanted: &Wanted) -> Table {
        if wanted.identity_columns.is_empty() {
            return Table::default();
        }
        let keys = |user: &u32| (*user, self.keys_of(UserNumber(*user)));
        identity::table(users.iter().map(keys), &wanted.identity_columns)
    }

    /// What became of the identities of users.
    pub(super) fn identity_events(&self, users: &[u32], wanted: &Wanted) -> Vec<IdentityEvent> {
        if !wanted.identity_events {
            return Vec::new();
        }
        let events = |user: &u32| self.identity_events_of(UserNumber(*user));
        users.iter().flat_map(events).collect()
    }

    /// The identities of a user, the least first; none of one who was absorbed.
    pub(super) fn keys_of(&self, user: UserNumber) -> Vec<&UserKey> {
        let identities = self.identities.of_user(user).into_iter();
        identities.filter_map(|own| self.users.key(own)).collect()
    }

    /// What was linked to a user and unlinked from it.
    pub(super) fn identity_events_of(&self, user: UserNumber) -> Vec<IdentityEvent> {
        let changes = self.identities.changes(user).iter();
        let event = |change: &IdentityChange| {
            Some(IdentityEvent {
                user: user.0,
                time: change.moment.time.millis(),
                arrival: change.moment.arrival,
                identity: self.users.key(change.identity)?.clone(),
                is_linked: change.is_linked,
            })
        };
        changes.filter_map(event).collect()
    }

    /// The identity of a scenario's name, whatever its kind: the strongest that is known.
    pub fn identity_named(&self, name: &str) -> Option<UserNumber> {
        self.users.user(name)
    }

    /// The number of an identity, a new one where it is new.
    pub(super) fn identity(&mut self, key: &UserKey) -> UserNumber {
        self.users.number_or_new(&key.to_string()).number()
    }

    /// Notes that an identity is one with another that a message came with.
    pub(super) fn link(&mut self, one: UserNumber, other: &UserKey, time: Time) {
        let other = self.identity(other);
        self.say(Relation::Link, (one, other), time);
    }

    fn relate(&mut self, relation: Relation, names: &[&String], at: Time) -> Result<(), String> {
        let [first, others @ ..] = names else {
            return Err(two_names(relation));
        };
        if others.is_empty() {
            return Err(two_names(relation));
        }
        let unsaid = match relation {
            Relation::Link => IdentityKind::Anonymous,
            Relation::Merge | Relation::Split => IdentityKind::Account,
        };
        let one = self.identity_or_new(first, IdentityKind::Account);
        for other in others {
            let other = self.identity_or_new(other, unsaid);
            self.say(relation, (one, other), at);
            self.make_known(one, at);
            self.make_known(other, at);
        }
        Ok(())
    }

    fn say(&mut self, relation: Relation, (one, other): (UserNumber, UserNumber), time: Time) {
        let arrival = self.next_arrival();
        self.statements.push(Statement {
            moment: Moment { time, arrival },
            relation,
            one,
            other,
        });
    }

    fn import(&mut self, import: &Import, at: Time) {
        for name in &import.users.0 {
            let identity = self.identity_or_new(name, IdentityKind::Account);
            self.make_known(identity, at);
        }
    }

    /// Takes out a user with everything that is kept of all its identities. Whoever comes with
    /// one of them later is a new user.
    fn erase(&mut self, name: &str, at: Time) -> Result<(), String> {
        self.settle(at);
        let Some(user) = self.named(name) else {
            return Err(format!("there is no user `{name}` to erase"));
        };
        let erased = self.identities.of_user(user);
        let is_erased = |identity: u32| erased.contains(&UserNumber(identity));
        self.events.retain(|row| !is_erased(row.identity));
        self.traits.retain(|row| !is_erased(row.identity));
        self.memberships.retain(|row| !is_erased(row.identity));
        self.statements
            .retain(|said| !erased.contains(&said.one) && !erased.contains(&said.other));
        erased
            .iter()
            .for_each(|identity| self.users.forget(*identity));
        self.settle(at);
        Ok(())
    }

    /// A name that is known, else a new identity: a wallet or of the kind that is written, of a
    /// social network where it is written like `twitter:alice`, else of the kind given.
    pub(super) fn identity_or_new(&mut self, name: &str, unsaid: IdentityKind) -> UserNumber {
        if let Some(known) = self.identity_named(name) {
            return known;
        }
        let key = UserKey::parse_as(name, unsaid);
        if key == UserKey::anonymous(name) && name.contains(':') {
            return self.identity(&UserKey::new(IdentityKind::Social, name));
        }
        self.identity(&key)
    }

    /// A change of attributes that changes none: from then on the identity is known.
    fn make_known(&mut self, identity: UserNumber, time: Time) {
        let arrival = self.next_arrival();
        self.traits.push(Row {
            identity: identity.0,
            time,
            arrival,
            position: Position::NONE,
            name: "".into(),
            source: super::SOURCE.into(),
            fields: Vec::new(),
        });
    }
}

fn two_names(relation: Relation) -> String {
    let name = relation.name();
    format!("`{name}` needs two identities or more: `{name}: [u1, \"0xab…\"]`")
}
