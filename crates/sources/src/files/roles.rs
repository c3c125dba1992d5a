//! A mapping bound to the columns that a file has.

use domain::Zone;
use foldhash::{HashMap, HashMapExt as _};

use super::cell::CellType;
use super::error::SourceError;
use super::mapping::{ColumnType, ListMapping, Mapping, NameFrom, TimeColumn};
use super::time_format::TimeReader;

/// What rows become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Events,
    Profiles,
    Users,
    Values,
}

/// A mapping with its names looked at: no column is used twice.
#[derive(Clone, Debug)]
pub(crate) struct Roles {
    pub(crate) target: Target,
    /// The column of the user, or of the list's values.
    pub(crate) subject: String,
    pub(crate) time: Option<(String, TimeReader)>,
    /// The name of all events, where it is no column.
    pub(crate) constant_name: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) message_id: Option<String>,
    pub(crate) position: Option<String>,
    /// The declared types by column, ready to be applied.
    pub(crate) types: HashMap<String, CellType>,
}

/// What one column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Subject,
    Time,
    Name,
    MessageId,
    Position,
    Property,
}

impl Roles {
    /// # Errors
    /// [`SourceError::NamedTwice`].
    pub(crate) fn new(mapping: &Mapping) -> Result<Self, SourceError> {
        let roles = match mapping {
            // Lines of events bring their own meaning.
            Mapping::TrackingEvents => Self::of(Target::Events, ""),
            Mapping::Events(events) => {
                let mut roles = Self::of(Target::Events, &events.user);
                roles.time = events.time.as_ref().map(bound);
                match &events.name {
                    NameFrom::Constant(name) => roles.constant_name = Some(name.clone()),
                    NameFrom::Column(column) => roles.name = Some(column.clone()),
                }
                roles.message_id.clone_from(&events.message_id);
                roles.position.clone_from(&events.position);
                let zone = events
                    .time
                    .as_ref()
                    .map_or_else(Zone::utc, |time| time.zone.clone());
                roles.declare(&events.types, &zone)?;
                roles
            }
            Mapping::Profiles(profiles) | Mapping::Holdings(profiles) => {
                let mut roles = Self::of(Target::Profiles, &profiles.user);
                roles.time = profiles.time.as_ref().map(bound);
                roles.declare(&profiles.types, &profiles.zone)?;
                roles
            }
            Mapping::List(ListMapping::Users { column }) => Self::of(Target::Users, column),
            Mapping::List(ListMapping::Values { column, value_type }) => {
                let mut roles = Self::of(Target::Values, column);
                let cell_type = CellType::new(value_type.as_ref(), &Zone::utc());
                roles.types.insert(column.clone(), cell_type);
                return Ok(roles);
            }
        };
        roles.check()?;
        Ok(roles)
    }

    fn of(target: Target, subject: &str) -> Self {
        Self {
            target,
            subject: subject.to_owned(),
            time: None,
            constant_name: None,
            name: None,
            message_id: None,
            position: None,
            types: HashMap::new(),
        }
    }

    fn declare(&mut self, types: &[(String, ColumnType)], zone: &Zone) -> Result<(), SourceError> {
        for (column, declared) in types {
            let cell_type = CellType::new(Some(declared), zone);
            if self.types.insert(column.clone(), cell_type).is_some() {
                return Err(twice(column, "declare one type"));
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), SourceError> {
        let named: Vec<&str> = self.named().collect();
        for (index, column) in named.iter().enumerate() {
            if named.iter().take(index).any(|other| other == column) {
                return Err(twice(
                    column,
                    "user, time, name, id and position are different columns",
                ));
            }
            if self.types.contains_key(*column) {
                return Err(twice(column, "its use already says its type"));
            }
        }
        Ok(())
    }

    /// The columns that the mapping names a use for.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        let time = self.time.as_ref().map(|(column, _)| column);
        [
            Some(&self.subject),
            time,
            self.name.as_ref(),
            self.message_id.as_ref(),
            self.position.as_ref(),
        ]
        .into_iter()
        .flatten()
        .map(String::as_str)
    }

    /// What a column is for.
    pub(crate) fn role(&self, column: &str) -> Role {
        if column == self.subject {
            Role::Subject
        } else if self.time.as_ref().is_some_and(|(time, _)| time == column) {
            Role::Time
        } else if self.name.as_deref() == Some(column) {
            Role::Name
        } else if self.message_id.as_deref() == Some(column) {
            Role::MessageId
        } else if self.position.as_deref() == Some(column) {
            Role::Position
        } else {
            Role::Property
        }
    }

    /// Whether a file whose rows may have these columns has all that are named.
    ///
    /// # Errors
    /// [`SourceError::NoColumn`] for the first that it has not.
    pub(crate) fn require_named(&self, file: &str, columns: &[String]) -> Result<(), SourceError> {
        require(self.named(), file, columns)
    }

    /// Whether a file with these columns has all that are named or declared.
    ///
    /// # Errors
    /// [`SourceError::NoColumn`] for the first that it has not.
    pub(crate) fn require(&self, file: &str, columns: &[String]) -> Result<(), SourceError> {
        let declared = self.types.keys().map(String::as_str);
        require(self.named().chain(declared), file, columns)
    }
}

fn require<'r>(
    mut wanted: impl Iterator<Item = &'r str>,
    file: &str,
    columns: &[String],
) -> Result<(), SourceError> {
    match wanted.find(|named| !columns.iter().any(|column| column == named)) {
        Some(named) => Err(SourceError::no_column(
            file,
            named,
            columns.iter().map(String::as_str),
        )),
        None => Ok(()),
    }
}

fn bound(time: &TimeColumn) -> (String, TimeReader) {
    (
        time.column.clone(),
        TimeReader::new(time.format.clone(), time.zone.clone()),
    )
}

fn twice(column: &str, problem: &'static str) -> SourceError {
    SourceError::NamedTwice {
        column: column.to_owned(),
        problem,
    }
}
