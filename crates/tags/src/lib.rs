//! Conditions over feature values become bitmaps and user rows; refresh; entered and left.

mod block;
mod circuit;
mod compile;
mod containers;
mod difference;
mod earlier;
mod error;
mod given;
mod lanes;
pub mod lookalike;
mod moment_chain;
mod parallel;
mod pass;
mod past;
mod places;
mod population;
pub mod ports;
mod refresh;
mod results;
mod rows;
mod sample;
mod scope;
mod slot;
mod source;
mod values;

pub use compile::TagProgram;
pub use difference::{Change, Changes, difference};
pub use error::{Error, ErrorKind, PortError};
pub use given::GivenTag;
pub use past::Past;
pub use population::{PopulationKey, PopulationValues, Populations};
pub use refresh::{
    Config, Deps, FeatureSource, GivenFeatures, Refreshed, Users, among_all, compute, refresh,
    sampled,
};
pub use results::{HeldTag, RunContent, TagResults};
pub use rows::{UserRows, pack, unpack};
pub use sample::{Estimate, Sample};
pub use slot::TagSlot;
pub use source::{Inputs, Origin, TagSource};
pub use values::{MetricPart, MetricValues};
