use std::env;

use serde::{Deserialize, Serialize};

/// A language of the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, the default.
    English,
    /// Chinese.
    Chinese,
}

impl Language {
    /// The reader's language: the first of `WB_LANG`, `LC_ALL`,
    /// `LC_MESSAGES` and `LANG` that is set and not empty.
    pub fn of_reader() -> Self {
        let locale = ["WB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| env::var(name).ok())
            .find(|value| !value.is_empty());
        Self::of_locale(&locale.unwrap_or_default())
    }

    fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }
}

/// One text in both languages.
///
/// Written as a pair, English first: `("late", "太迟")`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Text {
    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }

    /// This text with another one below it.
    pub fn then(self, next: impl Into<Text>) -> Text {
        let next = next.into();
        Text { en: format!("{}\n{}", self.en, next.en), zh: format!("{}\n{}", self.zh, next.zh) }
    }
}

impl<E: Into<String>, Z: Into<String>> From<(E, Z)> for Text {
    fn from((en, zh): (E, Z)) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_locales_read_chinese() {
        for locale in ["zh", "zh_CN.UTF-8", "zh-TW", "ZH"] {
            assert_eq!(Language::of_locale(locale), Language::Chinese);
        }
        for locale in ["", "C", "POSIX", "en_US.UTF-8", "de"] {
            assert_eq!(Language::of_locale(locale), Language::English);
        }
    }
}
