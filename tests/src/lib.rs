//! What the project's own tests are made of: the rules of the house, and a harness around the whole binary.

pub mod layering;
pub mod metadata;
pub mod muster;
pub mod process;
pub mod readme;
pub mod real_data;
pub mod repository;
pub mod serving;
pub mod tidiness;
