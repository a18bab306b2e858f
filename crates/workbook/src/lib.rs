//! The command behind the Async Rust Workbook: it builds the book's two
//! editions, serves them while they are edited, and holds their parts together.
//!
//! From a chapter's Markdown to the page:
//!
//! - [`project`]: where things are: editions, chapters, programs.
//! - [`recordings`]: what each program did, as `recordings/` has it.
//! - [`page`]: the parts of a page that are generated: listings, outputs, tables.
//! - [`predict`]: what a page asks before it shows the output, and why.
//! - [`preprocess`]: mdbook-cmdrun's engine as a preprocessor that fails loudly.
//! - [`parts`]: the generated parts by the names that pages call them by.
//! - [`softbreaks`]: Chinese lines joined without a space.
//! - [`limited`]: the time limit and the search path of one cmdrun command.
//! - [`build`]: both editions into one folder, whole or not at all.
//! - [`output`]: such a folder: ours by its mark, and replaced at once.
//! - [`programs`]: compiles the examples, for whoever runs them.
//! - [`trace`]: a program's timeline outside of the book.
//! - [`serve`]: the local web server: pages, live reload, the Run button.
//! - [`supervised`]: one run of the Run button, and nothing of it left behind.
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
//! And [`cli`], the arguments; [`progress`], what is being done; [`locale`],
//! Chinese or English; [`names`], the nearest names to a wrong one; [`memo`], what
//! was made of a text before.

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
pub mod memo;
pub mod names;
pub mod output;
pub mod page;
pub mod parts;
pub mod predict;
pub mod preprocess;
pub mod programs;
pub mod progress;
pub mod project;
pub mod recordings;
pub mod serve;
pub mod soak;
pub mod softbreaks;
pub mod supervised;
pub mod trace;
pub mod tutorials;
pub mod verdicts;
