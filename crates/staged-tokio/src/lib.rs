//! Stands in the place of tokio in a program that is recorded (`record`): tokio
//! itself, as the recorder hears it.

pub use recorder::watched::*;
