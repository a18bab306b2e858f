//! What several of the applications share: a small web site of their own, and
//! the words for what goes wrong.

mod explain;
pub mod locale;
pub mod site;

pub use explain::explain;
