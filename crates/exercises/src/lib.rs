//! An exercise as it lies on disk, for whoever solves, checks, shows or grades it.
//! It knows nothing of cargo, and compiles and runs nothing.
//!
//! - [`damage`]: a file that it lacks, in one sentence.
//! - [`exercise`]: its files, and the order in which exercises come.

pub mod damage;
pub mod exercise;

pub use damage::Damage;
pub use exercise::{Exercise, is_answer, touched};
