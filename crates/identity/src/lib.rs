//! Who is who: links, merges and splits of identities become users.

mod directory;
mod hashed;
mod identities;
mod linked_user;
pub mod ports;
mod resolve;
mod statement;

pub use directory::Directory;
pub use identities::Identities;
pub use linked_user::{IdentityChange, LinkedUser};
pub use resolve::{Resolution, resolve};
pub use statement::{Moment, Relation, Statement};

/// What an adapter of a port met.
pub type PortError = Box<dyn std::error::Error + Send + Sync>;
