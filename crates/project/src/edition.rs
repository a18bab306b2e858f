//! The two editions of the book.

use std::path::Path;

use crate::locale::Language;

/// One of the book's two editions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// The folder in `src/` and in the built site, and the tag of links to it.
    pub folder: &'static str,
    /// The `lang` attribute of its pages.
    pub tag: &'static str,
    /// The language of generated text.
    pub language: Language,
    /// The book's title.
    pub title: &'static str,
    /// What a page's meta description says.
    pub description: &'static str,
    /// What the other edition calls this one in a link.
    pub label: &'static str,
}

/// The editions, the original first.
pub const EDITIONS: [Edition; 2] = [
    Edition {
        folder: "zh",
        tag: "zh-CN",
        language: Language::Chinese,
        title: "异步 Rust 练习册",
        description: "从 Python asyncio 到异步 Rust：每一节都有两种语言的程序、经过检查的输出和练习。",
        label: "中文",
    },
    Edition {
        folder: "en",
        tag: "en",
        language: Language::English,
        title: "The Async Rust Workbook",
        description: "From Python asyncio to async Rust: every section with its program in both languages, \
            checked output and an exercise.",
        label: "English",
    },
];

impl Edition {
    /// The edition that a folder's name or a file's path belongs to.
    pub fn of(path: &Path) -> Option<Edition> {
        path.components().rev().find_map(|part| {
            EDITIONS.into_iter().find(|edition| part.as_os_str() == edition.folder)
        })
    }

    /// The other of the two.
    pub fn other(self) -> Edition {
        if self == EDITIONS[0] { EDITIONS[1] } else { EDITIONS[0] }
    }
}
