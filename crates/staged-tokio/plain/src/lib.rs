//! As `staged-tokio`, with tokio's own handles and channels: for a program that
//! hands them to another crate.

pub use recorder::stage::*;
