//! What rustc found, as far as the next rustc will still say it: codes and
//! places.

use std::path::Path;

use rustc::Diagnostic;
pub use rustc::diagnostic::Place;
use serde::{Deserialize, Serialize};

/// An error or a warning of rustc's that concerns the learner's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// `E0277`, or a lint's name; empty where rustc gives none.
    pub code: String,
    /// Where it is, in the learner's file.
    pub places: Vec<Place>,
}

impl Fault {
    /// What a diagnostic says of this file; none if it says nothing of it.
    pub fn of(diagnostic: &Diagnostic, file: &Path) -> Option<Fault> {
        let places = diagnostic.places(file);
        let code = diagnostic.code().to_owned();
        (!places.is_empty()).then_some(Fault { code, places })
    }
}
