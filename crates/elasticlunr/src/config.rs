//! How a search would go about it, as mdBook writes it beside the documents.

use std::collections::BTreeMap;

use serde::Serialize;

/// The same for one field.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct SearchOptionsField {
    /// How much a hit in it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boost: Option<u8>,
}

/// Whether all words of a search have to be there.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SearchBool {
    /// One will do.
    Or,
    /// All of them.
    And,
}

/// The options of a search.
#[derive(Clone, Debug, Serialize)]
pub struct SearchOptions {
    /// Whether all words have to be there.
    pub bool: SearchBool,
    /// Whether the beginning of a word will do.
    pub expand: bool,
    /// The same for each field.
    pub fields: BTreeMap<String, SearchOptionsField>,
}
