//! The language in which the programs speak of faults: that of the reader's
//! locale, as in the workbook's command.

use std::env;

/// Picks the text of the user's language: Chinese if `WB_LANG`, or else the
/// system's locale, begins with `zh`.
pub fn t<T>(chinese: T, english: T) -> T {
    let locale = [
        "WB_LANG",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
    ]
    .into_iter()
    .filter_map(|name| env::var(name).ok())
    .find(|value| !value.is_empty())
    .unwrap_or_default();
    if locale.to_lowercase().starts_with("zh") {
        chinese
    } else {
        english
    }
}
