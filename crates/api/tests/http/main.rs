//! The HTTP faces from outside, over ports in memory.

#[cfg(test)]
mod asking;
#[cfg(test)]
mod by_hand;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod json;
#[cfg(test)]
mod life;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod serving;
