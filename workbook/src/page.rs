//! The parts of a page that are generated, as Markdown. Chapters ask for them
//! by cmdrun: `<!-- cmdrun workbook page pair hello_world -->`.

use std::path::Path;

use anyhow::{Context, Result};
use timeline::{svg, widget};

use crate::{
    locale::t,
    programs,
    project::{Edition, Project, unreadable},
    traces,
};

/// The Python and the Rust listing side by side: whole files, each with its
/// path and the command that runs it.
///
/// # Errors
///
/// There is no such program or it has no Python twin.
pub fn pair(project: &Project, name: &str) -> Result<String> {
    project.expect_program(name)?;
    let rust = project.program(name);
    let python = project.twin(name);
    let (rust_source, python_source) = (read(&rust)?, read(&python)?);
    let run = programs::output(project, name)?;
    let playground = if programs::fits_playground(&rust_source, run.millis) { "yes" } else { "no" };
    let python_path = relative(project, &python);
    let python_listing = listing(
        "data-lang=\"python\"",
        "Python",
        &python_path,
        &python_command(project, name)?,
        &fence("python", &python_source),
    );
    let rust_listing = listing(
        &format!("data-lang=\"rust\" data-program=\"{name}\" data-playground=\"{playground}\""),
        "Rust",
        &relative(project, &rust),
        &command(name),
        &fence("rust", &rust_source),
    );
    Ok(format!("<div class=\"wb-pair\">\n{python_listing}{rust_listing}</div>\n"))
}

/// What the program printed when it was run for this build, under its command.
///
/// # Errors
///
/// There is no such program, or it does not compile or fails.
pub fn output(project: &Project, name: &str) -> Result<String> {
    let run = programs::output(project, name)?;
    Ok(format!(
        "<div class=\"wb-output\" data-program=\"{name}\">\n{}\n{}\n</div>\n",
        run_line(&command(name)),
        fence("text", &run.stdout)
    ))
}

/// The lines that a program prints, to be put in order before they are shown.
///
/// # Errors
///
/// There is no such program, or it cannot be recorded.
pub fn predict(project: &Project, _edition: Edition, name: &str) -> Result<String> {
    let trace = traces::trace(project, name)?;
    let mut items = String::new();
    for line in trace.lines() {
        items.push_str(&format!("<li><code>{}</code></li>\n", escape(line)));
    }
    Ok(format!("<wb-predict data-program=\"{name}\">\n<ol>\n{items}</ol>\n</wb-predict>\n"))
}

/// The picture of what the runtime did in the recorded run.
///
/// # Errors
///
/// There is no such program, or it cannot be recorded.
pub fn timeline(project: &Project, edition: Edition, name: &str) -> Result<String> {
    let trace = traces::trace(project, name)?;
    let locale = traces::locale(edition.language);
    let wide = svg::draw(&trace, locale, 720);
    let narrow = svg::draw(&trace, locale, 360);
    let data = serde_json::to_string(&widget::data(&trace, locale))?.replace("</", "<\\/");
    Ok(format!(
        "<wb-timeline data-program=\"{name}\">\n<div class=\"wb-wide\">{}</div>\n\
         <div class=\"wb-narrow\">{}</div>\n<script type=\"application/json\">{data}</script>\n</wb-timeline>\n",
        one_block(&wide),
        one_block(&narrow)
    ))
}

/// Raw HTML ends at a blank line in Markdown: leave none.
fn one_block(html: &str) -> String {
    html.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A chapter's exercise: what to do, the file to edit, how to grade it, hints.
///
/// # Errors
///
/// There is no such exercise, or it lacks a part.
pub fn exercise(project: &Project, edition: Edition, name: &str) -> Result<String> {
    project.expect_exercise(name)?;
    let folder = project.root.join("exercises").join(name);
    let text = |file: &str| read(&folder.join(format!("{file}.{}.md", edition.folder)));
    let starter = folder.join("src/lib.rs");
    let mut part = format!(
        "<div class=\"wb-exercise\">\n\n{}\n<p class=\"wb-path\"><span class=\"wb-lang\">Rust</span> \
         <code>{}</code></p>\n\n{}\n{}\n",
        text("statement")?,
        relative(project, &starter),
        fence("rust", &read(&starter)?),
        run_line(&format!("cargo test -p {name}"))
    );
    for (index, hint) in text("hints")?.split("\n---\n").enumerate() {
        let title = edition.language.pick("提示", "Hint");
        let hint = hint.trim();
        part.push_str(&format!(
            "<details class=\"wb-hint\">\n<summary>{title} {}</summary>\n\n{hint}\n\n</details>\n\n",
            index + 1
        ));
    }
    part.push_str("</div>\n");
    Ok(part)
}

/// How a reader runs a program.
pub fn command(name: &str) -> String {
    format!("cargo run --example {name}")
}

/// How a reader runs its Python twin. Python looks beside the script first, so
/// a twin with the name of the package it imports needs `-P` not to import itself.
///
/// # Errors
///
/// The twin cannot be read.
pub fn python_command(project: &Project, name: &str) -> Result<String> {
    let twin = project.twin(name);
    let namesake = [format!("from {name} import "), format!("import {name}\n")];
    let source = read(&twin)?;
    let safe = if namesake.iter().any(|import| source.contains(import)) { "-P " } else { "" };
    Ok(format!("python3 {safe}{}", relative(project, &twin)))
}

/// The edition whose page asks: cmdrun's working folder is the page's.
///
/// # Errors
///
/// The current folder is not inside `src/zh` or `src/en`.
pub fn edition() -> Result<Edition> {
    let folder = std::env::current_dir()?;
    Edition::of(&folder).context(t(
        "这个命令由 src/zh 或 src/en 里的页面调用",
        "this command is called by a page in src/zh or src/en",
    ))
}

fn listing(attributes: &str, language: &str, path: &str, command: &str, fence: &str) -> String {
    format!(
        "<div class=\"wb-listing\" {attributes}>\n\
         <p class=\"wb-path\"><span class=\"wb-lang\">{language}</span> <code>{path}</code></p>\n\
         {}\n{fence}\n</div>\n",
        run_line(command)
    )
}

fn run_line(command: &str) -> String {
    format!("<p class=\"wb-run\"><code class=\"wb-command\">{command}</code></p>\n")
}

/// A fenced block, one backtick longer than any run of them inside.
pub fn fence(language: &str, text: &str) -> String {
    let mut ticks = "```".to_owned();
    while text.contains(&ticks) {
        ticks.push('`');
    }
    let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{ticks}{language}\n{text}{newline}{ticks}\n")
}

fn relative(project: &Project, path: &Path) -> String {
    let path = path.strip_prefix(&project.root).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| unreadable(path))
}

#[cfg(test)]
mod tests {
    use super::fence;

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("text", "a\n"), "```text\na\n```\n");
        assert_eq!(fence("text", "```\nb"), "````text\n```\nb\n````\n");
    }
}
