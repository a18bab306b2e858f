//! What several of the applications share: a small web site of their own.

pub mod site;
