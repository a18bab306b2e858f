//! The language in which the command speaks: that of the reader's locale.

use std::cell::Cell;
use std::sync::OnceLock;

/// A language of the book and of the command's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Picks the text of this language.
    pub fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

/// Names the language whatever the locale is: `zh` or `en`.
pub const LANGUAGE: &str = "WB_LANG";

thread_local! {
    /// The language of whoever this thread works for, if it is another.
    static SPOKEN: Cell<Option<Language>> = const { Cell::new(None) };
}

/// Works for somebody who reads this language: the page's, and not the terminal's.
pub fn speaking<T>(language: Language, work: impl FnOnce() -> T) -> T {
    let before = SPOKEN.replace(Some(language));
    let done = work();
    SPOKEN.set(before);
    done
}

/// The language of whoever is worked for ([`speaking`]), or else of the user's locale:
/// `WB_LANG` if set, else the system's.
///
/// Anything that does not begin with `zh` is English.
pub fn language() -> Language {
    if let Some(language) = SPOKEN.get() {
        return language;
    }
    static CHOSEN: OnceLock<Language> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let locale = std::env::var(LANGUAGE).ok().filter(|value| !value.is_empty());
        let locale = locale.or_else(sys_locale::get_locale).unwrap_or_default();
        if locale.to_lowercase().starts_with("zh") { Language::Chinese } else { Language::English }
    })
}

/// Picks the text of the user's language.
pub fn t<T>(chinese: T, english: T) -> T {
    language().pick(chinese, english)
}
