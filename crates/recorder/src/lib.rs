//! What is compiled into a program to record it.
//!
//! A program is compiled as it stands, with a module of this crate in the place
//! of `tokio` that pauses the clock; tokio's own instrumentation tells of every
//! spawn, poll, wake and wait. (A program with an event loop of its own has a
//! module in the place of `std`.) This crate knows one program, the one around
//! it; compiling that program and reading what this crate writes is the `record`
//! crate's part. In the order in which a recording passes through it:
//!
//! - [`host`] begins before the program's `main`, and writes the trace (`program`)
//!   when the process exits; `watch` does so for one that never ends (`system` tells it
//!   what the threads do);
//! - [`watched`] is the `tokio` that the program sees, or [`stage`] if it hands
//!   tokio's types to another crate; [`by_hand`] is the `std` of a program that
//!   has its own event loop instead;
//! - `spans` and `recorder` listen to tokio's instrumentation and write events
//!   down;
//! - `stack` (with `functions`) reads off the call stack who waits, in which
//!   function and line.
//!
//! What it costs (two cores, medians): a tenth of a second at the start, for the
//! debug information, and 50 to 90 µs an event. A program of 4,000 events that
//! takes 6 ms takes 0.3 to 0.4 s, fifty times as long; `gather`, which waits for
//! 2 s, takes 0.1 s, since its clock jumps.
//!
//! Without `--cfg tokio_unstable` it compiles, but tokio is silent.

pub mod by_hand;
mod functions;
pub mod host;
mod macros;
mod program;
mod recorder;
mod spans;
mod stack;
pub mod stage;
mod system;
mod watch;
pub mod watched;

use recording::model;
