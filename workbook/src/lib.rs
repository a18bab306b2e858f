//! The command behind the Async Rust Workbook: it builds the book's two
//! editions, serves them while they are edited, and holds their parts together.
//!
//! From a chapter's Markdown to the page:
//!
//! - [`project`]: where things are: editions, chapters, programs.
//! - [`programs`]: compiles the examples and runs them, once for each change.
//! - [`traces`]: what the runtime did with each of them, recorded once a build.
//! - [`page`]: the parts of a page that are generated: listings, outputs, tables.
//! - [`predict`]: what a page asks before it shows the output, and why.
//! - [`preprocess`]: mdbook-cmdrun's engine as a preprocessor that fails loudly.
//! - [`parts`]: the generated parts, kept while nothing changes that they depend on.
//! - [`softbreaks`]: Chinese lines joined without a space.
//! - [`limited`]: the time limit and the search path of one cmdrun command.
//! - [`build`]: both editions into one folder, whole or not at all.
//! - [`serve`]: the local web server: pages, live reload, the Run button.
//!
//! For whoever solves the exercises:
//!
//! - [`damage`]: an exercise that lacks a file, in one sentence.
//! - [`verdicts`]: compiles exercises, runs their tests, collects the verdicts.
//! - [`learner`]: check, watch, hint, reset, solution, progress.
//!
//! What keeps the book right:
//!
//! - [`lint`]: includes, links, ids, and the six-step anatomy of a chapter.
//! - [`editions`]: the two editions, section by section.
//! - [`soak`]: every program many times under load, always the same bytes.
//! - [`tutorials`]: the tutorials' sections and listings, from one data file.
//! - [`asyncio`]: every name of asyncio and its counterpart, from another.
//! - [`compare`]: Rust beside Python, measured and shown.
//!
//! For the teacher:
//!
//! - [`grade`]: the submissions of a class in, points and pages out.
//!
//! And [`cli`], the arguments; [`locale`], Chinese or English; [`names`], the
//! nearest names to a wrong one.

pub mod asyncio;
pub mod build;
pub mod cli;
pub mod compare;
pub mod damage;
pub mod editions;
pub mod grade;
pub mod learner;
pub mod limited;
pub mod lint;
pub mod locale;
pub mod names;
pub mod page;
pub mod parts;
pub mod predict;
pub mod preprocess;
pub mod programs;
pub mod project;
pub mod serve;
pub mod soak;
pub mod softbreaks;
pub mod traces;
pub mod tutorials;
pub mod verdicts;
