//! What several of the applications share: a small web site of their own and
//! what reads its pages, a WebSocket with limits, and the words for what goes
//! wrong.

mod explain;
pub mod fault;
pub mod html;
pub mod locale;
pub mod part;
pub mod progress;
pub mod robots;
pub mod site;
pub mod socket;

pub use explain::{Failure, explain};
