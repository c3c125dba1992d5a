//! The HTTP faces from outside, over ports in memory.

mod asking;
mod errors;
mod json;
mod operations;
mod pages;
mod sample;
mod serving;
