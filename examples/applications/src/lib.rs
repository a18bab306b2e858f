//! What several of the applications share: a small web site of their own, a
//! WebSocket with limits, and the words for what goes wrong.

mod explain;
pub mod locale;
pub mod site;
pub mod socket;

pub use explain::{Failure, explain};
