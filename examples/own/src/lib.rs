//! A place for programs of your own. Put `mine.rs` into `src/bin`, and
//!
//! ```sh
//! cargo run -p own --bin mine
//! cargo run -- trace mine
//! ```
//!
//! They may be anything: a program that hangs, panics or does not compile is
//! seen by nobody but you. Git ignores them.
