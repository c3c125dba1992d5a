//! What is known of what is written, kept in the process: read when the store is opened, brought up to date by each
//! batch that is written. One process at a time has a store, so that nothing comes by another way.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;

use domain::{Time, UserKey, UserNumber};
use identity::{Directory, Identities, Statement};

use crate::WarehouseError;
use crate::chdb::Connection;
use crate::identities::{self, Homes};
use crate::statistics::{self, PropertyStatistics};
use crate::store::Store;
use crate::users;

/// Something that is read often and changed seldom: who has got it keeps it as it was.
#[derive(Debug, Default)]
pub(crate) struct Kept<T>(RwLock<Arc<T>>);

impl<T: Clone> Kept<T> {
    pub(crate) fn new(kept: T) -> Self {
        Self(RwLock::new(Arc::new(kept)))
    }

    /// As it is now.
    pub(crate) fn now(&self) -> Arc<T> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes it for whoever asks from now on.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut kept))
    }
}

/// Who there is and who is who by all batches that are wholly written, where the rows of identities lie, and what the
/// values of properties look like.
#[derive(Debug, Default)]
pub(crate) struct Known {
    directory: Kept<Directory>,
    pub(crate) identities: Kept<Identities>,
    homes: Kept<Homes>,
    statistics: Kept<Vec<PropertyStatistics>>,
    /// The time of the latest row, once somebody has asked for it.
    latest_row: Mutex<Option<Time>>,
}

/// What a batch says of users and identities.
pub(crate) struct News<'batch> {
    pub(crate) users: &'batch [(UserNumber, UserKey)],
    pub(crate) statements: &'batch [Statement],
    /// The keys of the identities that statements name.
    pub(crate) keys: &'batch [(UserNumber, UserKey)],
}

/// What is known beside the directory.
struct Said {
    statements: Vec<Statement>,
    homes: Homes,
    statistics: Vec<PropertyStatistics>,
}

impl Said {
    fn read(connection: &mut Connection) -> Result<Self, WarehouseError> {
        Ok(Self {
            statements: identities::statements(connection)?,
            homes: identities::homes(connection)?,
            statistics: statistics::read(connection)?,
        })
    }
}

impl Known {
    /// What a store has, as of an instant; read by two connections at once.
    pub(crate) fn read(
        connections: [&mut Connection; 2],
        now: Time,
    ) -> Result<Self, WarehouseError> {
        let [one, other] = connections;
        let (directory, said) = thread::scope(|scope| {
            let directory = scope.spawn(|| users::read(one));
            let said = Said::read(other);
            let panicked = |_| Err(WarehouseError::unexpected("all users", "a panic"));
            (directory.join().unwrap_or_else(panicked), said)
        });
        let (directory, said) = (directory?, said?);
        let statements = said.statements;
        let named = statements.iter().flat_map(|said| [said.one, said.other]);
        let keys = named.filter_map(|number| Some((number, directory.key(number)?.clone())));
        let mut identities = Identities::as_of(now);
        identities.add(&statements, keys);
        Ok(Self {
            directory: Kept::new(directory),
            identities: Kept::new(identities),
            homes: Kept::new(said.homes),
            statistics: Kept::new(said.statistics),
            latest_row: Mutex::default(),
        })
    }

    /// Takes over what a batch says that is wholly written.
    pub(crate) fn add(&self, news: &News<'_>) {
        if !news.users.is_empty() {
            self.directory.change(|directory| {
                for (number, key) in news.users {
                    directory.add(*number, key.clone());
                }
            });
        }
        if !news.statements.is_empty() {
            let keys = news.keys.iter().cloned();
            self.identities
                .change(|identities| identities.add(news.statements, keys));
        }
    }

    /// Takes over where rows of identities lie from now on.
    pub(crate) fn add_homes(&self, homes: impl IntoIterator<Item = (UserNumber, UserNumber)>) {
        let mut homes = homes.into_iter().peekable();
        if homes.peek().is_some() {
            self.homes.change(|known| known.extend(homes));
        }
    }

    /// The time of the latest row; read, where nobody has asked before.
    pub(crate) fn latest_row(
        &self,
        read: impl FnOnce() -> Result<Time, WarehouseError>,
    ) -> Result<Time, WarehouseError> {
        // Held while it is read: a batch that is written meanwhile is noted after that.
        let mut kept = self.kept_latest_row();
        let latest = match *kept {
            Some(latest) => latest,
            None => read()?,
        };
        *kept = Some(latest);
        Ok(latest)
    }

    /// Takes over the time of the latest row of a batch.
    pub(crate) fn note_row(&self, latest: Option<Time>) {
        let mut kept = self.kept_latest_row();
        *kept = kept.map(|kept| latest.map_or(kept, |latest| kept.max(latest)));
    }

    fn kept_latest_row(&self) -> MutexGuard<'_, Option<Time>> {
        let kept = self.latest_row.lock();
        kept.unwrap_or_else(PoisonError::into_inner)
    }

    /// What the values of properties look like.
    pub(crate) fn statistics(&self) -> &Kept<Vec<PropertyStatistics>> {
        &self.statistics
    }
}

impl Store {
    /// All identities that have a number, those of whole batches. New ones are added by [`crate::WriteBatch::user`].
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        self.known().directory.now()
    }

    /// Who is who by all that is written.
    #[must_use]
    pub fn identities(&self) -> Arc<Identities> {
        self.known().identities.now()
    }

    /// Where the rows of identities lie.
    #[must_use]
    pub fn homes(&self) -> Arc<Homes> {
        self.known().homes.now()
    }

    /// What the values of all properties and attributes look like, in the order of places and paths.
    #[must_use]
    pub fn statistics(&self) -> Arc<Vec<PropertyStatistics>> {
        self.known().statistics.now()
    }
}
