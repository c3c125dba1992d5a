//! The words of the field: users, events, values, exact numbers, times, tags. No I/O.
//!
//! Every other crate speaks in these types. They carry the meaning that `rules` promises:
//! numbers are exact, a place decides the type of a text, a day starts at its first instant.

mod address;
mod audience;
mod date;
mod error;
mod event;
mod holdings;
mod identity;
mod key;
mod list;
mod localized;
mod nearest;
mod number;
mod position;
mod refresh;
mod signature;
mod span;
pub mod stored;
mod table;
mod tag;
mod time;
mod tracking_plan;
mod unit;
mod user;
mod user_set;
mod value;
mod when;
mod words;
mod zone;

pub use address::{canonical_address_or_same, is_address};
pub use audience::AudienceDefinition;
pub use date::Date;
pub use error::{Error, ErrorKind};
pub use event::{Event, EventName, EventType};
pub use holdings::HOLDINGS;
pub use identity::IdentityKind;
pub use key::{AudienceKey, ListKey, TableKey, TagKey};
pub use list::{ListDefinition, ListKind};
pub use localized::{Language, LocalizedText};
pub use nearest::{by_likeness, nearest};
pub use number::{Decimal, Places};
pub use position::Position;
pub use refresh::{Cron, RefreshPolicy};
pub use signature::Signature;
pub use span::Span;
pub use stored::Stored;
pub use table::{Cell, Table, TableDefinition, TableRow};
pub use tag::{
    Bounds, Case, Keep, Lifecycle, Lookalike, PartRange, Rfm, RfmBounds, RfmGroups, Scorecard,
    ScoredFeature, ScoredPart, Supplied, SuppliedForm, SuppliedType, Supplier, TagBody,
    TagDefinition, TagStatus, TagValue,
};
pub use time::Time;
pub use tracking_plan::{EventDefinition, PropertyDefinition, PropertyType};
pub use unit::Unit;
pub use user::{UserKey, UserNumber};
pub use user_set::{ContainerReader, ContainerUsers, UserSet, UserSetBuilder};
pub use value::{Kind, Value};
pub use when::When;
pub use words::Said;
pub use zone::{LocalParts, Zone};
