//! The table in the terminal.

use std::fmt::Write as _;

use compare::record::{CASES, LOOPS, Record, UNITS_OF_WORK, figures, with_unit};

/// Medians, with the multiple of tokio's `current_thread` (or of Rust) and the
/// spread over the rounds.
pub fn table(record: &Record) -> String {
    let mut text = String::new();
    for (cases, columns) in [(&CASES[..], &LOOPS[..]), (&UNITS_OF_WORK[..], &["rust", "python"])] {
        let _ = write!(text, "{:<16}", "");
        for column in columns {
            let _ = write!(text, "{column:>24}");
        }
        text.push('\n');
        for case in cases {
            let _ = write!(text, "{case:<16}");
            let base = record.find(case, columns[0]).map(|found| found.median());
            for column in columns {
                let cell = record.find(case, column).map_or("—".to_owned(), |found| {
                    let median = found.median();
                    let times = figures(median / base.unwrap_or(median));
                    let percent = found.spread() * 100.0;
                    format!("{} ×{times} ±{percent:.0}%", with_unit(case, median))
                });
                let _ = write!(text, "{cell:>24}");
            }
            text.push('\n');
        }
        text.push('\n');
    }
    text
}
