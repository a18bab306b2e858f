//! What holds for the book as a whole.

mod prose;
mod soak;
mod structure;
