//! The book, from Markdown to the site: both editions, checked, drawn from the
//! recordings. It compiles and runs no program, and knows nothing of readers.
//!
//! - [`lint`]: includes, links, ids of the pages.
//! - [`editions`]: the two editions, section by section.
//! - [`recordings`]: what each program did, as `recordings/` has it.
//! - [`predict`]: what a page asks before it shows the output, and why.
//! - [`playground`]: which programs the Rust playground can run.
//! - [`page`]: the parts of a page that are generated: listings, outputs, tables.
//! - [`change`]: a change that a page proposes, and what came of it.
//! - [`tutorials`], [`asyncio`]: tables from data files beside the pages.
//! - [`parts`]: the generated parts by the names that pages call them by.
//! - [`limited`]: the time limit and the search path of one cmdrun command.
//! - [`softbreaks`]: Chinese lines joined without a space.
//! - [`preprocess`]: mdbook-cmdrun's engine as a preprocessor that fails loudly.
//! - [`alone`]: the page of a single program, in one file.
//! - [`build`]: both editions into one folder, whole or not at all.
//!
//! And [`memo`], what was made of a text before.

pub mod alone;
pub mod asyncio;
pub mod build;
pub mod change;
pub mod editions;
pub mod limited;
pub mod lint;
pub mod memo;
pub mod page;
pub mod parts;
pub mod playground;
pub mod predict;
pub mod preprocess;
pub mod recordings;
pub mod softbreaks;
pub mod tutorials;
