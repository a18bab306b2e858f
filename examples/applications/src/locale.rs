//! The language of the errors that a program reports: that of the reader's
//! locale, as for the command `workbook`.

use std::env;

/// Picks the text of the user's language: `WB_LANG` if set, else the system's.
///
/// Anything that does not begin with `zh` is English.
pub fn t<T>(chinese: T, english: T) -> T {
    let locale = env::var("WB_LANG").ok();
    let locale = locale
        .filter(|value| !value.is_empty())
        .or_else(sys_locale::get_locale)
        .unwrap_or_default();
    if locale.to_lowercase().starts_with("zh") { chinese } else { english }
}
