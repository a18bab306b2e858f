//! The preprocessor `cmdrun`: mdbook-cmdrun's own engine, made to fail loudly.
//!
//! mdbook-cmdrun 0.7.3 speaks mdBook 0.4's protocol only (its issue 22), lets a
//! failing command through and waits for ever for a hanging one. This wrapper
//! gives its engine one command at a time, with a limit, and fails the build
//! when a command fails, prints nothing or prints the engine's error text.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, OnceLock};

use anyhow::{Context, Result, bail};
use mdbook_cmdrun::CmdRun;
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use project::command::own_path;
use project::locale::{Language, t};
use project::{Edition, Project};
use regex::Regex;

use crate::limited;
use crate::parts;
use crate::softbreaks;

/// How long one command may take, in seconds, unless `WB_CMDRUN_SECONDS` says otherwise.
const LIMIT_SECONDS: &str = "20";

static DIRECTIVE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<!--[ ]*cmdrun (.*?)-->(\r?\n)?").expect("a constant"));
static FLAGS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(--strict|-\d+|--expect-return-code \d+)\s+").expect("a constant")
});

/// The preprocessor. It takes the name and the place of `[preprocessor.cmdrun]`.
pub struct Cmdrun {
    project: Project,
}

impl Cmdrun {
    /// A preprocessor for this project's pages.
    pub fn new(project: Project) -> Self {
        Cmdrun { project }
    }
}

impl Preprocessor for Cmdrun {
    fn name(&self) -> &str {
        "cmdrun"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let sources = context.root.join(&context.config.book.src);
        let mut directives: BTreeMap<(String, String), String> = BTreeMap::new();
        for_each_chapter(&mut book, |chapter, page| {
            for found in DIRECTIVE.find_iter(&chapter.content) {
                directives.insert((page.to_owned(), found.as_str().to_owned()), String::new());
            }
        });
        let keys: Vec<(String, String)> = directives.keys().cloned().collect();
        let edition = Edition::of(&sources);
        let results = side_by_side(&keys, |(page, directive)| {
            expand(&self.project, edition, directive, &sources.join(page)).map_err(|reason| {
                let place = place(&self.project, &sources.join(page), directive);
                format!("{place}: {reason}")
            })
        });
        let mut failures = Vec::new();
        for (key, result) in keys.into_iter().zip(results) {
            match result {
                Ok(text) => drop(directives.insert(key, text)),
                Err(failure) => failures.push(failure),
            }
        }
        if !failures.is_empty() {
            bail!(failures.join("\n"));
        }
        for_each_chapter(&mut book, |chapter, page| {
            chapter.content = replace(&chapter.content, |directive| {
                let key = (page.to_owned(), directive.to_owned());
                directives[&key].clone()
            });
            if let Some(edition) = edition {
                if edition.language == Language::Chinese {
                    chapter.content = softbreaks::join(&chapter.content);
                }
                chapter.content.push_str(&link_to_other(edition, page));
            }
        });
        // mdBook writes next.
        output::begin_writing()?;
        Ok(book)
    }
}

/// Serves the protocol of an external preprocessor, for plain `mdbook build`.
///
/// # Errors
///
/// The input is not mdBook 0.5's, or a command of a page fails.
pub fn serve_protocol(project: &Project) -> Result<()> {
    let (context, book) = mdbook_preprocessor::parse_input(std::io::stdin())?;
    let book = Cmdrun::new(project.clone()).run(&context, book)?;
    serde_json::to_writer(std::io::stdout(), &book).context("cannot answer mdBook")
}

fn for_each_chapter(book: &mut Book, mut visit: impl FnMut(&mut Chapter, &str)) {
    book.for_each_mut(|item| {
        if let BookItem::Chapter(chapter) = item
            && let Some(path) = chapter.path.clone()
        {
            visit(chapter, &path.to_string_lossy());
        }
    });
}

/// Works on all items with as many threads as there are cores; keeps the order.
fn side_by_side<T: Sync, R: Send + Sync>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Vec<OnceLock<R>> = items.iter().map(|_| OnceLock::new()).collect();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let _ = results[index].set(work(item));
                }
            });
        }
    });
    results.into_iter().map(|slot| slot.into_inner().expect("every item was worked on")).collect()
}

/// What one directive leaves on the page, or why it leaves nothing. Our own
/// command needs no process; every other is the engine's.
fn expand(
    project: &Project,
    edition: Option<Edition>,
    directive: &str,
    page: &Path,
) -> Result<String, String> {
    let command =
        DIRECTIVE.captures(directive).expect("it was found by this pattern")[1].to_owned();
    let block = directive.ends_with('\n');
    let (flags, command) = match FLAGS.captures(&command) {
        Some(found) => (found[1].to_owned(), command[found[0].len()..].trim()),
        None => ("--strict".to_owned(), command.trim()),
    };
    if let (Some(edition), Some(part)) = (edition, parts::named(command)) {
        let text = parts::render(project, edition, part);
        return text.map_err(|error| format!("cmdrun {command}: {error:#}"));
    }
    let own = own_path().map_err(|error| format!("{error:#}"))?;
    let seconds = std::env::var("WB_CMDRUN_SECONDS").unwrap_or_else(|_| LIMIT_SECONDS.to_owned());
    let own = quote(&own.to_string_lossy());
    let (word, id) = (limited::COMMAND, std::process::id());
    let limited = format!("{own} {word} {seconds} {id} {}", quote(command));
    let newline = if block { "\n" } else { "" };
    let folder = page.parent().unwrap_or(Path::new("."));
    let text = CmdRun::run_on_content(
        &format!("<!-- cmdrun {flags} {limited} -->{newline}"),
        &folder.to_string_lossy(),
    )
    .map_err(|error| format!("cmdrun {command}: {error:#}"))?;

    if let Some(error) = text.split("**cmdrun error**:").nth(1) {
        // The engine names the wrapped command first; the reader wrote another.
        let said: String = error.lines().skip(1).filter(|line| !line.is_empty()).collect();
        let code =
            error.split("returned exit code ").nth(1).and_then(|rest| rest.split(' ').next());
        let code = code.map_or(error.trim().to_owned(), |code| {
            t(format!("退出码 {code}"), format!("exit code {code}"))
        });
        return Err(format!("cmdrun {command}: {code}: {said}").trim_end_matches(": ").to_owned());
    }
    if text.trim().is_empty() {
        return Err(t(
            format!("cmdrun {command}: 什么也没有打印"),
            format!("cmdrun {command}: it printed nothing"),
        ));
    }
    if text.contains('\x1b') || text.replace("\r\n", "\n").contains('\r') {
        return Err(t(
            format!("cmdrun {command}: 输出里有终端控制字符"),
            format!("cmdrun {command}: its output holds terminal control characters"),
        ));
    }
    // Without a final line break the output would glue to a fence's end.
    Ok(if block && !text.ends_with('\n') { text + "\n" } else { text })
}

/// Quotes a word for the shell that the engine starts.
fn quote(word: &str) -> String {
    if cfg!(windows) { format!("\"{word}\"") } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn replace(content: &str, text: impl Fn(&str) -> String) -> String {
    DIRECTIVE.replace_all(content, |found: &regex::Captures| text(&found[0])).into_owned()
}

/// `file:line` of a directive in its source, relative to the project.
fn place(project: &Project, page: &Path, directive: &str) -> String {
    let source = std::fs::read_to_string(page).unwrap_or_default();
    let before = source.find(directive.trim_end()).unwrap_or(0);
    let line = source[..before].matches('\n').count() + 1;
    format!("{}:{line}", page.strip_prefix(&project.root).unwrap_or(page).display())
}

/// The link to the same page of the other edition. Scripts move it to the menu
/// bar; without them it stands at the end of the page.
fn link_to_other(edition: Edition, page: &str) -> String {
    let other = edition.other();
    let page = page.trim_end_matches(".md");
    format!(
        "\n\n<p class=\"wb-edition\"><a rel=\"alternate\" hreflang=\"{0}\" lang=\"{0}\" \
         href=\"../{1}/{page}.html\">{2}</a></p>\n",
        other.tag, other.folder, other.label
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_ends_at_its_own_arrow() {
        let text = replace("<!-- cmdrun a --> and <!-- cmdrun b -->\nrest", |found| {
            format!("[{}]", found.trim())
        });
        assert_eq!(text, "[<!-- cmdrun a -->] and [<!-- cmdrun b -->]rest");
    }
}
