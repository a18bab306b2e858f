//! The part of elasticlunr-rs 3's interface that mdBook's HTML renderer names.
//!
//! The book's search (`theme/js/search.js`) finds Chinese, which elasticlunr does
//! not, and reads nothing of `searchindex.js` but its documents. The inverted index
//! beside them took a fifth of a build. This crate keeps the documents; the
//! workspace's `[patch]` puts it in the place of the real one. It knows nothing of
//! mdBook. Plain `mdbook build` writes the index, too, and its pages do the same.
//!
//! Names and fields are those of <https://docs.rs/elasticlunr-rs/3.1.0/elasticlunr/>.

use std::collections::BTreeMap;

use serde::Serialize;

pub mod config;

/// What takes a text apart. Nothing is taken apart here.
pub type TokenizerFn = Box<dyn Fn(&str) -> Vec<String>>;

/// Makes an [`Index`] of some fields.
#[derive(Debug, Default)]
pub struct IndexBuilder {
    fields: Vec<String>,
}

impl IndexBuilder {
    /// One without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field. The tokenizer is not called.
    pub fn add_field_with_tokenizer(mut self, field: &str, _: TokenizerFn) -> Self {
        self.fields.push(field.to_owned());
        self
    }

    /// The index, without documents.
    pub fn build(self) -> Index {
        Index { fields: self.fields, document_store: DocumentStore::default() }
    }
}

/// The documents.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    fields: Vec<String>,
    document_store: DocumentStore,
}

#[derive(Debug, Default, Serialize)]
struct DocumentStore {
    docs: BTreeMap<String, BTreeMap<String, String>>,
}

impl Index {
    /// Adds a document with its reference and its fields' texts, in the order in
    /// which the fields were added.
    pub fn add_doc<I>(&mut self, doc_ref: &str, data: I)
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let texts = data.into_iter().map(|text| text.as_ref().to_owned());
        let mut doc: BTreeMap<String, String> = self.fields.iter().cloned().zip(texts).collect();
        doc.insert("id".to_owned(), doc_ref.to_owned());
        self.document_store.docs.insert(doc_ref.to_owned(), doc);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_lies_where_the_search_looks_for_it() {
        let fields = ["title", "body"];
        let builder = fields.into_iter().fold(IndexBuilder::new(), |builder, field| {
            builder.add_field_with_tokenizer(field, Box::new(|_| Vec::new()))
        });
        let mut index = builder.build();
        index.add_doc("7", ["任务", "A task runs."]);
        let json = serde_json::to_value(&index).expect("plain data");
        let doc = &json["documentStore"]["docs"]["7"];
        assert_eq!(doc["id"], "7");
        assert_eq!(doc["title"], "任务");
        assert_eq!(doc["body"], "A task runs.");
    }
}
