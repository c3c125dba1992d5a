//! What the rows of a file mean: which column is the user, which the time, and of which type
//! the others are.

use std::str::FromStr;

use domain::Zone;

use super::error::SourceError;
use super::time_format::TimeFormat;

/// What the rows of a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// Lines of NDJSON are events as the tracking API takes them; `identify` gives profiles.
    TrackingEvents,
    /// Each row is an event.
    Events(EventMapping),
    /// Each row sets attributes of a user.
    Profiles(ProfileMapping),
    /// Each row is something that a user holds: all rows of a user with the same time are what the
    /// user holds from then on.
    Holdings(ProfileMapping),
    /// Each row names a member of a list.
    List(ListMapping),
}

/// Rows as events. The columns that are named here are not kept as properties, all others are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventMapping {
    /// The column with the user's key.
    pub user: String,
    /// The column with the time; without one all events happened when they are received.
    pub time: Option<TimeColumn>,
    /// Where the event's name comes from.
    pub name: NameFrom,
    /// The column with the sender's id of the event, if there is one.
    pub message_id: Option<String>,
    /// The column with the event's place in its source's own order, if there is one.
    pub position: Option<String>,
    /// Declared types of other columns; see [`ColumnType`].
    pub types: Vec<(String, ColumnType)>,
}

/// Rows as attributes. The columns that are named here are not kept as attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileMapping {
    /// The column with the user's key.
    pub user: String,
    /// The column with the time at which the attributes were set; without one they are set when
    /// they are received.
    pub time: Option<TimeColumn>,
    /// Declared types of other columns; see [`ColumnType`].
    pub types: Vec<(String, ColumnType)>,
    /// The zone of times without an offset in columns of type time.
    pub zone: Zone,
}

/// Rows as members of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListMapping {
    /// The column holds keys of users.
    Users {
        /// The column.
        column: String,
    },
    /// The column holds values.
    Values {
        /// The column.
        column: String,
        /// The declared type of the values, if there is one: a number is then written
        /// canonically, anything else refused.
        value_type: Option<ColumnType>,
    },
}

/// A column of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeColumn {
    /// The column.
    pub column: String,
    /// How its cells are written.
    pub format: TimeFormat,
    /// The zone of cells that write none; also of other columns of type time.
    pub zone: Zone,
}

/// Where the name of a row's event comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameFrom {
    /// All rows have this name.
    Constant(String),
    /// The column with the name.
    Column(String),
}

/// The declared type of a column. Undeclared cells of CSV stay the text that they are (the place
/// of their use decides their type) and are missing where they are empty; those of NDJSON and
/// Parquet have the type that the file gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// The text that is there; an empty cell is the empty text.
    Text,
    /// An exact number, written canonically; a row with anything else is refused.
    Number,
    /// `true` or `false`, also written `1`/`0`, `yes`/`no`, `t`/`f`, `y`/`n` in any case.
    Boolean,
    /// An instant, written canonically in UTC.
    Time(TimeFormat),
    /// A day, written `2026-11-01`; of an instant its day in the zone.
    Date(TimeFormat),
    /// A JSON list, or texts between separators with spaces around them removed.
    List {
        /// What stands between the elements where the cell is no JSON list.
        separator: char,
    },
    /// A JSON document; the members of objects become properties under dotted paths.
    Json,
}

impl FromStr for ColumnType {
    type Err = SourceError;

    /// `text`, `number`, `boolean`, `time`, `date`, `list`, `json`; with an argument
    /// `time:%d/%m/%Y %H:%M`, `date:%Y%m%d`, `list:;`.
    fn from_str(written: &str) -> Result<Self, SourceError> {
        let (name, argument) = match written.split_once(':') {
            Some((name, argument)) => (name, Some(argument)),
            None => (written, None),
        };
        let format = || argument.map_or(Ok(TimeFormat::Detected), str::parse);
        match (name, argument) {
            ("text", None) => Ok(Self::Text),
            ("number", None) => Ok(Self::Number),
            ("boolean" | "bool", None) => Ok(Self::Boolean),
            ("time", _) => Ok(Self::Time(format()?)),
            ("date", _) => Ok(Self::Date(format()?)),
            ("list", None) => Ok(Self::List { separator: ',' }),
            ("list", Some(argument)) => single_char(argument)
                .map(|separator| Self::List { separator })
                .ok_or_else(|| SourceError::unknown_type(written)),
            ("json", None) => Ok(Self::Json),
            _ => Err(SourceError::unknown_type(written)),
        }
    }
}

fn single_char(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none())
}

impl Mapping {
    /// The mapping as one line that is equal for equal mappings and stays so over versions.
    ///
    /// Together with the content's digest it tells whether the same was imported before: one
    /// file may rightly be imported twice under two mappings (senders, then recipients).
    #[must_use]
    pub fn identity(&self) -> String {
        match self {
            Self::TrackingEvents => "tracking events".to_owned(),
            Self::Events(events) => {
                let name = match &events.name {
                    NameFrom::Constant(name) => format!("name={name:?}"),
                    NameFrom::Column(column) => format!("name_column={column:?}"),
                };
                let position = events.position.as_ref();
                let position =
                    position.map_or_else(String::new, |column| format!(" position={column:?}"));
                format!(
                    "events user={:?} {name} {} id={:?}{position}{}",
                    events.user,
                    events.time.as_ref().map_or_else(String::new, time_identity),
                    events.message_id,
                    types_identity(&events.types)
                )
            }
            Self::Profiles(profiles) => format!("profiles {}", profile_identity(profiles)),
            Self::Holdings(holdings) => format!("holdings {}", profile_identity(holdings)),
            Self::List(ListMapping::Users { column }) => format!("users {column:?}"),
            Self::List(ListMapping::Values { column, value_type }) => {
                let declared = value_type.as_ref().map_or_else(String::new, type_identity);
                format!("values {column:?} {declared}")
            }
        }
    }
}

fn profile_identity(profiles: &ProfileMapping) -> String {
    let time = profiles.time.as_ref();
    format!(
        "user={:?} {} zone={}{}",
        profiles.user,
        time.map_or_else(String::new, time_identity),
        profiles.zone,
        types_identity(&profiles.types)
    )
}

fn time_identity(time: &TimeColumn) -> String {
    format!(
        "time={:?} format={} zone={}",
        time.column, time.format, time.zone
    )
}

fn types_identity(types: &[(String, ColumnType)]) -> String {
    let mut written: Vec<String> = types
        .iter()
        .map(|(column, declared)| format!(" {column:?}={}", type_identity(declared)))
        .collect();
    written.sort_unstable();
    written.concat()
}

fn type_identity(declared: &ColumnType) -> String {
    match declared {
        ColumnType::Text => "text".to_owned(),
        ColumnType::Number => "number".to_owned(),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Time(format) => format!("time:{format}"),
        ColumnType::Date(format) => format!("date:{format}"),
        ColumnType::List { separator } => format!("list:{separator}"),
        ColumnType::Json => "json".to_owned(),
    }
}
