//! The part of mdBook 0.4's interface that mdbook-cmdrun 0.7.3 names.
//!
//! Its engine, `CmdRun::run_on_content`, uses nothing of mdBook, and the book is
//! built by mdBook 0.5. Yet its crate needs these names to compile, and the real
//! crate behind them brings 60 others, a web server among them: a quarter of a
//! cold `cargo run`. The workspace's `[patch]` puts this crate in its place.
//!
//! Names and fields are those of <https://docs.rs/mdbook/0.4.52/mdbook/>.

#![warn(missing_docs)]

/// A book as a preprocessor sees it.
pub mod book {
    use std::path::PathBuf;

    /// A book's items, in order.
    #[derive(Debug, Default)]
    pub struct Book {
        /// The items at the top level.
        pub sections: Vec<BookItem>,
    }

    /// What stands in a book's list of contents.
    #[derive(Debug)]
    pub enum BookItem {
        /// A chapter, with those below it.
        Chapter(Chapter),
        /// A line between chapters.
        Separator,
        /// The title of a part.
        PartTitle(String),
    }

    /// One page.
    #[derive(Debug, Default)]
    pub struct Chapter {
        /// Its Markdown.
        pub content: String,
        /// The chapters below it.
        pub sub_items: Vec<BookItem>,
        /// Its file, from the folder of the sources.
        pub path: Option<PathBuf>,
    }
}

/// What a preprocessor is to mdBook.
pub mod preprocess {
    use super::book::Book;

    /// What mdBook tells a preprocessor about the build.
    #[derive(Debug)]
    #[non_exhaustive]
    pub struct PreprocessorContext;

    /// Changes a book before it is rendered.
    pub trait Preprocessor {
        /// Its name in `book.toml`.
        fn name(&self) -> &str;

        /// The book, changed.
        ///
        /// # Errors
        ///
        /// The preprocessor's own.
        fn run(&self, context: &PreprocessorContext, book: Book) -> anyhow::Result<Book>;

        /// Whether it works for this renderer.
        fn supports_renderer(&self, _renderer: &str) -> bool {
            true
        }
    }
}
