//! The book's programs as processes, compiled as a reader compiles them. It knows
//! nothing of recordings and pages.
//!
//! - [`compile`]: the executables, by cargo.
//! - [`supervised`]: one run, and nothing of it left behind.
//! - [`soak`]: every program many times under load, always the same bytes.

pub mod compile;
pub mod soak;
pub mod supervised;
