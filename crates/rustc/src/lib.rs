//! A program of one file as an executable, by rustc alone: half a second, where
//! cargo takes one or two. What it stands on is cargo's work, done once. It knows
//! no runtime and no recorder, nor what becomes of the executable. In the order in
//! which a program passes through it:
//!
//! - [`libraries`] has cargo build what programs stand on, and remembers where it
//!   lies for as long as that is fresh;
//! - [`compile`] makes the executable, and keeps it until its text is another;
//! - [`diagnostic`] reads what rustc says, and tells it by the program's lines.

pub mod compile;
pub mod diagnostic;
pub mod libraries;

pub use compile::{CompileError, Made, Unit, compile};
pub use diagnostic::{Diagnostic, Told};
pub use libraries::{Libraries, LibrariesError, Wanted};
