//! The command's tests, and the examples on the real clock, in one binary: the
//! examples wait, the others compute, and together they take no longer than
//! the longest example.

mod bad_input;
mod browser;
#[path = "support/browser.rs"]
mod chromium;
#[path = "../../tests/examples.rs"]
mod examples;
mod grade;
mod learner;
mod serve;
mod site;
mod support;
mod widgets;
