//! A deterministic synthetic Web3 quest platform of any size.
//!
//! Users with profiles, 30 days of events, and tags over them. Equal [`Settings`] give equal
//! bytes on every machine: all arithmetic is on whole numbers. Rows carry codes into fixed
//! [`Dictionary`] tables, so that making one allocates nothing.

mod attribute;
mod cell;
mod character;
mod dictionary;
mod event;
mod event_kind;
mod files;
mod history;
mod holding;
mod identity;
mod platform;
mod profile;
mod random;
mod sharing;
mod tags;
#[cfg(test)]
mod tests;
mod wallet;

pub use attribute::{ATTRIBUTES, Attribute};
pub use cell::{Cell, CellText, ShortText};
pub use dictionary::{COMMUNITIES, Dictionary, QUESTS};
pub use event::{Event, NO_CODE, NO_NUMBER, NO_WEI, Property};
pub use event_kind::{EVENT_KINDS, EventKind, Persona, Shape, event_code};
pub use files::{
    write_events_csv, write_events_ndjson, write_holdings_ndjson, write_profiles_csv,
    write_profiles_ndjson,
};
pub use history::Events;
pub use holding::{Held, Holding};
pub use identity::{Identities, Sender};
pub use platform::{Platform, Settings};
pub use profile::{Assets, Profile, Twitter};
pub use tags::{DEMO_DEFINITIONS, FeatureTable, RandomTag, feature_tags, mixed_tags, random_tags};
