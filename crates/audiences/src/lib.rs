//! Set algebra over tags: counts, overlap, members.
//!
//! A rule that asks for tags, lists and audiences alone needs no history: it is and / or / not
//! over sets that are there. Complements are never built where a difference will do, since
//! nearly everyone is in them.

mod algebra;
mod cache;
mod error;
mod expression;
mod overlap;
mod page;
pub mod ports;

pub use algebra::{count, members};
pub use cache::AudienceCache;
pub use error::{Error, ErrorKind};
pub use expression::AudienceExpression;
pub use overlap::{Overlap, overlap};
pub use page::{Page, page};
