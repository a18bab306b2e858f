//! Which programs the Rust playground can run.

use regex::Regex;

/// Whether the Rust playground can run this program: it uses nothing but the
/// standard library, tokio and futures, and ends within the playground's limit.
pub fn fits_playground(source: &str, millis: u64) -> bool {
    /// The playground stops a program after about six seconds, compiling included.
    const ROOM: u64 = 5_000;
    const CRATES: [&str; 8] =
        ["std", "core", "alloc", "tokio", "futures", "crate", "self", "super"];
    let known = |name: &str| CRATES.contains(&name) || source.contains(&format!("mod {name}"));
    // (ASCII classes: those of Unicode take longer to compile than all the rest.)
    let imports = Regex::new(r"(?m-u)^\s*(?:pub )?use\s+(?:::)?(\w+)").expect("a constant");
    millis < ROOM && imports.captures_iter(source).all(|import| known(&import[1]))
}

#[cfg(test)]
mod tests {
    use super::fits_playground;

    #[test]
    fn the_playground_runs_tokio_and_nothing_long_or_heavy() {
        assert!(fits_playground("use std::time::Duration;\nuse tokio::time::sleep;\n", 1_000));
        assert!(!fits_playground("use tokio::time::sleep;\n", 9_000));
        assert!(!fits_playground("use reqwest::Client;\n", 1_000));
    }
}
