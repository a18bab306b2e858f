//! Rust beside Python, measured: `cargo run -- compare`. It knows nothing of the
//! book's programs.
//!
//! Every case runs in a process of its own, so that none warms up, or fills the
//! memory of, the next. The program of this package (`main.rs`) starts itself for
//! tokio's part and `cases.py` for that of asyncio and uvloop, round after round
//! with everyone in turn, and shows the medians. `--record` keeps the run in
//! `recorded.toml`:
//!
//! - [`record`]: what a run found.
//! - [`tables`]: the recorded run as the chapter `performance` shows it.
//! - [`measure`]: compiles the program for release, and starts it.
//!
//! `benches/advice.rs` holds the criterion benchmarks of that chapter's advice:
//! `cargo bench -p compare`.

pub mod measure;
pub mod record;
pub mod tables;
