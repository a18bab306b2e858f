//! What several of the applications share: a small web site of their own, and
//! what they tell a reader when something fails.

pub mod fault;
pub mod html;
pub mod locale;
pub mod progress;
pub mod robots;
pub mod site;
