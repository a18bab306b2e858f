//! A recording: what a program printed and what the runtime did, and the ways
//! to draw it.
//!
//! This crate knows nothing of tokio, of cargo or of the book: it reads and
//! draws what somebody has recorded. In the order in which a recording passes
//! through it:
//!
//! - [`model`] is the trace itself, typed and versioned;
//! - [`file`] is its form on the disk, `recordings/NAME.json`;
//! - [`compare`] tells whether two recordings of a program say the same;
//! - [`layout`] places its lanes, and [`words`] names what happens in them
//!   (`ending` how it ended, and who waits for ever);
//! - [`text`], [`svg`] and [`widget`] are its three views: lanes for a
//!   terminal, lanes for a page, compact data for the page's widgets.

pub mod compare;
mod ending;
pub mod file;
pub mod layout;
pub mod model;
pub mod svg;
pub mod text;
pub mod widget;
pub mod words;
