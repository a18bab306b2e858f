//! What the runtime did with a program of the workbook.
//!
//! A program is compiled into this package's binary as it stands, with a
//! module of this crate in the place of `tokio` that pauses the clock; tokio's
//! own instrumentation tells of every spawn, poll, wake and wait. (A program
//! with an event loop of its own has a module in the place of `std`.) In the
//! order in which a recording passes through them:
//!
//! - [`stage`] is the `tokio` that the program sees, and [`by_hand`] the `std`
//!   of a program that has its own event loop instead;
//! - `spans` and `recorder` listen to tokio's instrumentation and write events
//!   down;
//! - `stack` (with `functions`) reads off the call stack who waits, in which function and line;
//! - [`host`] is the binary's command line: it runs each program apart from the
//!   others and within a time limit, and prints the traces as JSON;
//! - [`client`] is the other side, for whoever runs that binary;
//! - [`model`] is the trace itself, typed and versioned;
//! - [`text`], [`svg`] and [`widget`] are its three views: lanes for a
//!   terminal, lanes for a page, compact data for the page's widgets.
//! - [`source`] tells from a program's text which clock it can be recorded on.

// rustdoc is not given the workspace's flags.
#[cfg(not(any(tokio_unstable, doc, doctest)))]
compile_error!(
    "timelines need tokio's instrumentation: unset RUSTFLAGS, which hides this \
     workspace's .cargo/config.toml, or add `--cfg tokio_unstable` to it"
);

pub mod by_hand;
pub mod client;
mod functions;
pub mod host;
pub mod layout;
pub mod model;
mod recorder;
pub mod source;
mod spans;
mod stack;
pub mod stage;
pub mod svg;
pub mod text;
pub mod widget;
pub mod words;
