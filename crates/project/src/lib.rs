//! What all rooms of the house share: where the book's things are, and how one
//! speaks to whoever typed the command. It knows nothing of what is in them.
//!
//! - [`locale`]: Chinese or English.
//! - [`names`]: the nearest names to a wrong one.
//! - [`files`]: files written whole or not at all.
//! - [`edition`]: the book's two editions.
//! - [`layout`]: one name leads to a chapter, a program, a twin, a recording.
//! - [`command`]: this command and cargo.
//! - [`progress`]: what is being done while nothing else is to be seen.

pub mod command;
pub mod edition;
pub mod files;
pub mod layout;
pub mod locale;
pub mod names;
pub mod progress;

pub use edition::{EDITIONS, Edition};
pub use layout::{OWN_PROGRAMS, Project, RECORDINGS, target_folder};
