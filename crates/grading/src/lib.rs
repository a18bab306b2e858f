//! The harness under the tests of every exercise of the Async Rust Workbook.
//!
//! A test hands its body to [`run`], under its own name:
//!
//! ```no_run
//! use std::time::Duration;
//! use grading::{Gauge, elapsed, expect};
//! # async fn fetch_all(_: impl AsyncFn(u32)) {}
//!
//! // #[test]
//! fn all_at_once() {
//!     grading::run("all_at_once", async {
//!         let gauge = Gauge::new();
//!         fetch_all(async |_| {
//!             let _inside = gauge.enter();
//!             tokio::time::sleep(Duration::from_secs(1)).await;
//!         })
//!         .await;
//!         expect(
//!             ("most downloads in flight", "同时进行的下载数"),
//!             gauge.most(),
//!             3,
//!             ("A loop that awaits is not gather.", "循环里逐个等待，并不等于 gather。"),
//!         );
//!     });
//! }
//! ```
//!
//! The body runs on a tokio runtime of one thread with a paused clock, so a
//! test of many seconds takes a few milliseconds and its times are exact.
//!
//! # Three processes
//!
//! ```text
//! test     cargo's test binary; reports, prints, fails the #[test]
//!  └ guard     the same binary; sets limits, watches, kills, names the end
//!     └ student    the same binary; runs the one test on the paused clock
//! ```
//!
//! The guard adopts orphans (Linux), so a process that the student's code
//! left behind, detached or not, stays below the guard and is killed. When
//! the test process dies, the guard ends everything and itself; when the
//! guard is killed, the test process does. Off Unix there is no guard
//! process: the test process does its work.
//!
//! # How a test is written
//!
//! It grades behaviour in virtual time, through functions that it hands to
//! the exercise: a [`Gauge`] tells how many are at work, [`elapsed`] how long
//! it took, a [`DropSpy`] when something was really dropped, a [`Journal`]
//! what was said and when. It reads no wall clock, has no `select!` without
//! `biased;`, and nothing wakes it from another thread: on a paused clock
//! that would look like a deadlock. It fails through [`expect`] and
//! [`check`], which say in both languages what was seen and why.
//! `tests/exercises.rs` holds every exercise to that, and proves it with the
//! wrong answers that lie beside its solution.
//!
//! # What it does not protect against
//!
//! A student's code runs in the same process as the test's body, and as the
//! same user as the guard. The verdict travels through sockets and carries a
//! nonce that never is in the environment, so no `exit(0)` and no printed
//! line can pass a test. Code that searches its own process's memory, or
//! that runs before `main`, can still cheat. It can stop or kill the guard,
//! which fails its own test, and it can touch every file that its user can,
//! the report among them. Where that matters, run the whole of cargo in a
//! container, and count a test without a line in the report as failed.
//!
//! # Modules
//!
//! | module | what it does |
//! |---|---|
//! | `test` | [`run`] and [`Test`]; what a failing test prints |
//! | `guard` | watches the student's process and names its end |
//! | `process` | signals, process groups, orphans |
//! | `tree` | the processes of a test, from /proc |
//! | `wire` | the channels between the three processes |
//! | `subject` | what all three know of the test at hand |
//! | `student` | the runtime, the virtual watchdog, panics |
//! | `panics` | which of them are a verdict, and which were expected |
//! | `tools` | what a test's body measures with |
//! | `printed` | as much of what a test printed as a person reads |
//! | `report` | the line that a test adds to the report |
//! | `limits`, `text`, `verdict`, `explain` | limits, both languages, names and explanations of the ends |

#![forbid(unsafe_code)]

mod explain;
mod guard;
mod limits;
mod panics;
pub mod printed;
mod process;
pub mod report;
mod student;
mod subject;
mod test;
mod text;
mod tools;
mod tree;
mod verdict;
mod wire;

pub use limits::Limits;
pub use panics::expect_panics;
pub use process::{Usage, adopt_orphans, kill_all_below, kill_session, usage_below};
pub use test::{Test, run, test};
pub use text::{Language, Text};
pub use tools::{
    DropSpy, Gauge, Inside, Journal, Spied, alive_tasks, check, elapsed, expect, on_runtime_thread,
    secs, start,
};
pub use verdict::Verdict;
