//! A change that a page proposes: the change itself, and what came of it when it was
//! recorded. Chapters ask for the two by cmdrun, and put the second into a fold.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use changes::Sign;
use project::files::unreadable;
use project::locale::Language;
use project::{Edition, Project};
use recording::model::{CompilerError, Ending, Trace};

use crate::page::{escape, narrow_picture, run_line, unsearched, with_data};
use crate::recordings;

/// The change as lines that go and lines that come, and the command that tries it.
///
/// # Errors
///
/// There is no such change, or it does not fit the program.
pub fn diff(project: &Project, edition: Edition, name: &str, id: &str) -> Result<String> {
    let change = changes::named(project, name, id)?;
    let path = project.program(name);
    let old = std::fs::read_to_string(&path).with_context(|| unreadable(&path))?;
    let new = change.apply(&old)?;
    let line = |line: changes::Line| {
        let (sign, said) = match line.sign {
            Sign::Removed => ("−", Some(edition.language.pick("去掉", "removed"))),
            Sign::Added => ("+", Some(edition.language.pick("加上", "added"))),
            Sign::Kept | Sign::Gap => (" ", None),
        };
        let kind = match line.sign {
            Sign::Removed => "removed",
            Sign::Added => "added",
            Sign::Kept => "kept",
            Sign::Gap => "gap",
        };
        // A reader of the screen hears what the sign shows.
        let said =
            said.map_or(String::new(), |said| format!(" aria-label=\"{said}\" role=\"img\""));
        let text = escape(&line.text);
        // For whoever opens the changed program in the editor.
        let at = line.at.map_or(String::new(), |at| format!(" data-at=\"{at}\""));
        format!(
            "<div data-kind=\"{kind}\"{at}><span class=\"wb-sign\"{said}>{sign}</span><code>{text}</code></div>\n"
        )
    };
    let lines: String = changes::diff(&old, &new).into_iter().map(line).collect();
    let shown = project.shown(&path);
    let label = edition.language.pick(format!("对 {shown} 的修改"), format!("A change of {shown}"));
    Ok(format!(
        "<div class=\"wb-change\" data-program=\"{name}\" data-change=\"{id}\">\n\
         <div class=\"wb-diff\" role=\"group\" aria-label=\"{label}\">\n{lines}</div>\n{}</div>\n",
        run_line(&format!("cargo run -- try {name} {id}"))
    ))
}

/// What the changed program did when it was recorded: its lines, beside when they came
/// before, how it ended, and its lanes.
///
/// # Errors
///
/// There is no such change, or no recording of it as it is.
pub fn outcome(project: &Project, edition: Edition, name: &str, id: &str) -> Result<String> {
    let change = changes::named(project, name, id)?;
    let after = match recordings::changed(project, &change) {
        Err(error) if STALE_IS_SHOWN.load(Ordering::Relaxed) => return Ok(stale(&error)),
        after => after?,
    };
    let before = recordings::trace(project, name)?;
    let (trace, language): (&Trace, _) = (&after, edition.language);
    let mut parts = String::new();
    if let Ending::DoesNotCompile { errors } = &trace.ending {
        parts += &refusal(errors, language);
    } else {
        parts += &match after.orders() {
            [] => lines(&before, trace, language),
            orders => self::orders(orders, language),
        };
        let locale = recordings::locale(language);
        for sentence in locale.ending(trace).into_iter().chain(locale.stuck(trace)) {
            parts += &format!("<p class=\"wb-ending\">{}</p>\n", with_code(&sentence));
        }
        let title = language.pick("改过的程序", "The changed program");
        parts += &format!(
            "<div class=\"wb-sides\">\n<section class=\"wb-side\" aria-label=\"{title}\">\n\
             <p class=\"wb-whose\">{title}</p>\n{}</section>\n</div>\n",
            after.drawn(language, || lanes(trace, language))?
        );
    }
    Ok(format!(
        "<div class=\"wb-outcome\" data-program=\"{name}\" data-change=\"{id}\">\n{parts}</div>\n"
    ))
}

/// Whether a page can stand without a recording: see [`show_stale`].
static STALE_IS_SHOWN: AtomicBool = AtomicBool::new(false);

/// From now on a change without a recording of it as it is does not fail a build: its
/// page says so. While a book is served, a saved program is on its page before its
/// changes are recorded.
pub fn show_stale() {
    STALE_IS_SHOWN.store(true, Ordering::Relaxed);
}

fn stale(error: &anyhow::Error) -> String {
    format!("<p class=\"wb-ending\">{}</p>\n", with_code(&error.to_string()))
}

/// How much the lanes of a changed program may weigh, in bytes: pages are read on phones.
const HEAVIEST: usize = 30_000;

/// The lanes of the changed program, to be walked through; those of a large one are a
/// picture alone, and those of the largest are left to the command.
fn lanes(trace: &Trace, language: Language) -> Result<String> {
    let picture = narrow_picture(trace, language);
    let timeline = with_data(trace, language, &picture)?;
    if timeline.len() <= HEAVIEST {
        return Ok(timeline);
    }
    let picture = unsearched(&picture);
    if picture.len() <= HEAVIEST {
        return Ok(format!("<div class=\"wb-plot\">{picture}</div>\n"));
    }
    let said = language.pick(
        "这张图太大，页面上放不下：上面的命令会在终端里画出来。",
        "The picture is too large for a page: the command above draws it in the terminal.",
    );
    Ok(format!("<p class=\"wb-none\">{said}</p>\n"))
}

/// What it printed, each line with its time, and when that line came in the unchanged
/// program where that differs.
fn lines(before: &Trace, after: &Trace, language: Language) -> String {
    let old: Vec<(u64, &str)> = before.prints().collect();
    let new: Vec<(u64, &str)> = after.prints().collect();
    if new.is_empty() {
        let nothing = language.pick("它什么也没有打印。", "It printed nothing.");
        return format!("<p class=\"wb-nothing\">{nothing}</p>\n");
    }
    let locale = recordings::locale(language);
    let line = |(at, (micros, text)): (usize, &(u64, &str))| {
        let text_at = |other: &&(u64, &str)| other.1 == *text;
        let same = old.get(at).filter(text_at).or_else(|| old.iter().find(text_at));
        let was = match same {
            Some((was, _)) if was.abs_diff(*micros) > SAME => language.pick(
                format!("，原来是 {}", locale.time(rounded(*was))),
                format!(", was {}", locale.time(rounded(*was))),
            ),
            Some(_) if old.get(at).is_none_or(|other| other.1 != *text) => {
                language.pick("，换了位置", ", in another place").to_owned()
            }
            Some(_) => String::new(),
            None => language.pick("，原来没有", ", is new").to_owned(),
        };
        let moved = if was.is_empty() { "" } else { " data-moved" };
        let time = locale.time(rounded(*micros));
        format!(
            "<li{moved}><code>{}</code> <span class=\"wb-at\">{time}{was}</span></li>\n",
            escape(text)
        )
    };
    let items: String = new.iter().enumerate().map(line).collect();
    let gone = old.iter().filter(|(_, text)| !new.iter().any(|(_, other)| other == text));
    let gone: String = gone
        .map(|(_, text)| {
            let said = language.pick("没有了", "did not come");
            format!(
                "<li data-gone><code>{}</code> <span class=\"wb-at\">{said}</span></li>\n",
                escape(text)
            )
        })
        .collect();
    format!("<ol class=\"wb-printed\">\n{items}{gone}</ol>\n")
}

/// The orders that were seen, each as one block.
fn orders(orders: &[Vec<String>], language: Language) -> String {
    let count = orders.len();
    let said = language.pick(
        format!("顺序不定；录制时见过 {count} 种："),
        format!("The order is not fixed. {count} were seen when it was recorded:"),
    );
    let block = |order: &Vec<String>| {
        format!("<li><pre><code>{}</code></pre></li>\n", escape(&order.join("\n")))
    };
    let blocks: String = orders.iter().take(MOST_ORDERS).map(block).collect();
    format!("<p>{said}</p>\n<ul class=\"wb-orders\">\n{blocks}</ul>\n")
}

/// So many orders are shown.
const MOST_ORDERS: usize = 4;

/// rustc's errors, their codes with a link to what explains them.
fn refusal(errors: &[CompilerError], language: Language) -> String {
    let title = language.pick("编译不通过：", "It does not compile:");
    let error = |error: &CompilerError| {
        let code = match error.code.as_str() {
            "" => String::new(),
            code => format!(
                "<a href=\"https://doc.rust-lang.org/error_codes/{code}.html\"><code>{code}</code></a> "
            ),
        };
        let line = error.line.map_or(String::new(), |line| {
            language.pick(format!("（第 {line} 行）"), format!(" (line {line})"))
        });
        format!("<li>{code}{}{line}</li>\n", with_code(&error.message))
    };
    let errors: String = errors.iter().map(error).collect();
    format!("<p>{title}</p>\n<ul class=\"wb-errors\">\n{errors}</ul>\n")
}

/// Times that differ by so much, in microseconds, are the same: on the real clock the
/// machine has its part in them.
const SAME: u64 = 250_000;

/// A tenth of a second is what a reader compares; the rest is the machine's.
fn rounded(micros: u64) -> u64 {
    (micros + 50_000) / 100_000 * 100_000
}

/// Names between backticks are code.
fn with_code(sentence: &str) -> String {
    let part = |(at, part): (usize, &str)| match at % 2 {
        0 => escape(part),
        _ => format!("<code>{}</code>", escape(part)),
    };
    sentence.split('`').enumerate().map(part).collect()
}
