//! Progress bars of downloads. They are drawn on a terminal and nowhere else.

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

/// A bar for so many bytes, if it is known how many; it goes when it is dropped.
pub fn bar(bytes: Option<u64>, name: &str) -> ProgressBar {
    let style = "{prefix:>12} [{bar:25}] {bytes}/{total_bytes}";
    let unknown = "{prefix:>12} {spinner} {bytes}";
    let style = ProgressStyle::with_template(if bytes.is_some() { style } else { unknown });
    bytes
        .map_or_else(ProgressBar::new_spinner, ProgressBar::new)
        .with_style(style.expect("a constant"))
        .with_prefix(name.to_owned())
        .with_finish(ProgressFinish::AndClear)
}
