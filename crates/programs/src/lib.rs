//! The book's programs as processes, compiled as a reader compiles them. It knows
//! nothing of recordings and pages.
//!
//! - [`compile`]: the executables, by cargo; one program, or an edit of it, by rustc.
//! - [`soak`]: every program many times under load, always the same bytes.

pub mod compile;
pub mod soak;
