//! Adapter: what people define and what was done, in SQLite.
//!
//! Tag, audience and list definitions with their versions, the members of lists and of tags that
//! people supply, the import ledger, computations and settings. The SQL keeps to what MySQL
//! understands too (`?`, times as `i64` milliseconds, no `returning`); what cannot is in `store` and
//! `migrations/sqlite`.

mod asked;
mod change;
mod checked_queries;
mod counters;
mod definitions;
mod error;
mod freshness;
mod imports;
mod loads;
mod members;
mod number;
mod runs;
mod scorecards;
mod settings;
mod settings_by_hand;
mod store;
mod supply;
mod touched;
mod versions;

pub use change::{Applied, Change};
pub use definitions::{Definitions, Versioned};
pub use error::{Error, ErrorKind};
pub use freshness::{AllFreshness, Members, Success, TagFreshness, TagOutcome, TagResult};
pub use imports::{
    Digest, ImportId, ImportProgress, ImportRecord, ImportStart, ImportState, Opened,
};
pub use loads::{Imported, Load, LoadId, LoadMode, LoadStart, SuppliedMember};
pub use runs::{RunEnd, RunId, RunRecord, RunStatus};
pub use scorecards::LearnedLookalike;
pub use settings_by_hand::Setting;
pub use store::Catalog;
pub use versions::Version;
