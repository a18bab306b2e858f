//! Rust beside Python, measured: `cargo run --release -- compare`.
//!
//! Every case runs in a process of its own, so that none warms up, or fills
//! the memory of, the next. This program starts itself for tokio's part
//! ([`cases`]) and `cases.py` for that of asyncio and uvloop, round after
//! round with everyone in turn, and shows the medians ([`show`]).
//! `--record` keeps the run in `recorded.toml`, from which the chapter
//! `performance` draws its tables and its plot ([`record`]).
//!
//! `benches/advice.rs` holds the criterion benchmarks of that chapter's
//! advice: `cargo bench -p compare`.

pub mod cases;
pub mod machine;
pub mod record;
pub mod rounds;
pub mod show;

/// Picks the text of the user's language: that of `WB_LANG`, else of the locale.
pub fn t<T>(chinese: T, english: T) -> T {
    let names = ["WB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
    let locale = names.iter().find_map(|name| std::env::var(name).ok().filter(|it| !it.is_empty()));
    match locale.is_some_and(|locale| locale.to_lowercase().starts_with("zh")) {
        true => chinese,
        false => english,
    }
}
