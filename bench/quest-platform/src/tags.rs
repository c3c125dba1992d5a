//! Tags over the platform: the demonstration's, and as many random ones as a benchmark wants.

mod demo;
mod features;
mod mixed;
mod random;

pub use demo::DEMO_DEFINITIONS;
pub use features::{FeatureTable, feature_tags};
pub use mixed::mixed_tags;
pub use random::{RandomTag, random_tags};
