//! The command's tests, what holds for the book as a whole, and the examples on
//! the real clock, in one binary: the examples wait, the others compute, and
//! together they take hardly longer than the longest example.

mod bad_input;
mod browser;
#[path = "support/browser.rs"]
mod chromium;
mod edit;
#[path = "../../../tests/examples.rs"]
mod examples;
mod grade;
mod learner;
mod losses;
mod propose;
#[path = "../../../tests/prose.rs"]
mod prose;
#[path = "../../../tests/recordings.rs"]
mod recordings;
mod requests;
#[path = "../../../tests/rooms.rs"]
mod rooms;
mod serve;
mod site;
#[path = "../../../tests/soak.rs"]
mod soak;
#[path = "../../../tests/structure.rs"]
mod structure;
mod support;
mod trace;
mod widgets;
