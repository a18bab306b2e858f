//! The parts of a page that are generated, as Markdown. Chapters ask for them
//! by cmdrun: `<!-- cmdrun workbook page pair hello_world -->`.

use std::path::Path;

use anyhow::{Context, Result, bail};
use exercises::damage::{self, Damage};
use project::files::unreadable;
use project::locale::{Language, t};
use project::{Edition, Project};
use recording::{model::Trace, svg, widget};
use regex::Regex;
use serde::Serialize;

use crate::playground;
use crate::predict;
use crate::recordings;

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
    let playground = !project.is_application(name)
        && playground::fits_playground(&rust_source, recordings::trace(project, name)?.end / 1_000);
    let playground = if playground { "yes" } else { "no" };
    let python_path = project.shown(&python);
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
        &project.shown(&rust),
        &command(name),
        &fence("rust", &rust_source),
    );
    Ok(format!("<div class=\"wb-pair\">\n{python_listing}{rust_listing}</div>\n"))
}

/// What the program printed when it was recorded, under its command, with the
/// times of the lines for the replay.
///
/// # Errors
///
/// There is no such program, or no recording of it as it is.
pub fn output(project: &Project, name: &str) -> Result<String> {
    let trace = recordings::trace(project, name)?;
    let lines: String = trace.lines().map(|line| format!("{line}\n")).collect();
    let times: Vec<String> = trace.prints().map(|(at, _)| at.to_string()).collect();
    Ok(format!(
        "<wb-replay data-program=\"{name}\" data-times=\"{}\" data-end=\"{}\">\n\
         <div class=\"wb-output\" data-program=\"{name}\">\n{}\n{}\n</div>\n</wb-replay>\n",
        times.join(" "),
        trace.end,
        run_line(&command(name)),
        fence("text", &lines),
    ))
}

/// The lines that a program prints, to be put in order before they are shown,
/// and the question when the last of them comes. They begin with line `from`,
/// counted from 1, and the page says so if they are not all.
///
/// # Errors
///
/// There is no such program, it cannot be recorded, or it prints no such line.
pub fn predict(project: &Project, edition: Edition, name: &str, from: usize) -> Result<String> {
    let trace = recordings::trace(project, name)?;
    let count = trace.lines().count();
    if !(1..=count).contains(&from) {
        bail!(t(
            format!("示例 {name} 没有第 {from} 行，它打印 {count} 行。"),
            format!("Example {name} has no line {from}; it prints {count}."),
        ));
    }
    let data = predict::prediction(&trace, edition.language, from);
    let mut asked = String::new();
    if let Some((part, all)) = &data.part {
        let (first, last) = (part.start(), part.end());
        let said = match edition.language {
            Language::Chinese if *first == 1 => format!("这是 {all} 行里的前 {last} 行。"),
            Language::Chinese => format!("这是 {all} 行里的第 {first} 到第 {last} 行。"),
            Language::English if *first == 1 => {
                format!("These are the first {last} of {all} lines.")
            }
            Language::English => format!("These are lines {first} to {last} of {all}."),
        };
        asked.push_str(&format!("<p class=\"wb-part\">{said}</p>\n"));
    }
    if !data.shuffled.is_empty() {
        let item =
            |&line: &usize| format!("<li><code>{}</code></li>\n", escape(&data.lines[line].p));
        let items: String = data.shuffled.iter().map(item).collect();
        asked.push_str(&format!("<ul class=\"wb-lines\">\n{items}</ul>\n"));
    }
    if let Some(when) = &data.when {
        if let (true, [line]) = (data.shuffled.is_empty(), data.lines.as_slice()) {
            asked.push_str(&format!("<p class=\"wb-one\"><code>{}</code></p>\n", escape(&line.p)));
        }
        let choices = when.choices.join(edition.language.pick("、", ", "));
        asked.push_str(&format!("<p class=\"wb-when\">{} {choices}</p>\n", when.ask));
    }
    let data = json(&data)?;
    Ok(element("wb-predict", name, &unsearched(&format!("{asked}{data}"))))
}

/// The picture of what the runtime did in the recorded run, and its data.
///
/// # Errors
///
/// There is no such program, or it cannot be recorded.
pub fn timeline(project: &Project, edition: Edition, name: &str) -> Result<String> {
    let trace = recordings::trace(project, name)?;
    trace.drawn(edition.language, || timeline_of(&trace, edition.language))
}

/// What a terminal shows of a program that never ends: one of the recorder's own
/// tests, whose snapshot it is.
///
/// # Errors
///
/// There is no such snapshot.
pub fn hang(project: &Project, edition: Edition, name: &str) -> Result<String> {
    let file = format!("programs__{name}__{}.snap", edition.folder);
    let path = project.root.join("crates/record/tests/snapshots").join(file);
    let text = read(&path)?;
    let (_, lanes) = text.split_once("\n---\n").unwrap_or(("", &text));
    Ok(fence("text", lanes))
}

/// The picture of a trace, and its data.
///
/// # Errors
///
/// The trace cannot be written as JSON.
pub fn timeline_of(trace: &Trace, language: Language) -> Result<String> {
    let wide = picture(trace, language, "wb-wide", 720);
    let narrow = picture(trace, language, "wb-narrow", 360);
    with_data(trace, language, &format!("{wide}\n{narrow}"))
}

/// A picture for a place that is narrow on every screen.
pub fn narrow_picture(trace: &Trace, language: Language) -> String {
    picture(trace, language, "wb-narrow", 360)
}

/// Pictures of a trace with its data, to be walked through.
///
/// # Errors
///
/// The trace cannot be written as JSON.
pub fn with_data(trace: &Trace, language: Language, pictures: &str) -> Result<String> {
    let data = json(&widget::data(trace, recordings::locale(language)))?;
    let html = unsearched(&format!("{pictures}\n{data}"));
    Ok(element("wb-timeline", &trace.name, &html))
}

/// A picture of this width in pixels, without how it ended: the page says that itself.
fn picture(trace: &Trace, language: Language, class: &str, width: u32) -> String {
    let drawn = svg::draw_without_ending(trace, recordings::locale(language), width);
    format!("<div class=\"{class}\">{}</div>", one_block(&drawn))
}

/// HTML between marks (U+2063, which nothing else uses) that tell search.js to leave its
/// text out.
pub fn unsearched(html: &str) -> String {
    let mark = "<span hidden>\u{2063}</span>";
    format!("{mark}\n{html}\n{mark}")
}

/// A custom element of the page.
fn element(tag: &str, name: &str, html: &str) -> String {
    format!("<{tag} data-program=\"{name}\">\n{html}\n</{tag}>\n")
}

/// Data for a script of the page.
fn json(data: &impl Serialize) -> Result<String> {
    // Nothing in it begins an element or a comment.
    let data = serde_json::to_string(data)?.replace('<', "\\u003c");
    Ok(format!("<script type=\"application/json\">{data}</script>"))
}

/// Raw HTML ends at a blank line in Markdown: leave none.
fn one_block(html: &str) -> String {
    html.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// A text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A chapter's exercise: what to do, the file to edit, how to grade it, hints.
/// One that lacks a part says so in its place: the rest of the book is whole.
///
/// # Errors
///
/// There is no such exercise.
pub fn exercise(project: &Project, edition: Edition, name: &str) -> Result<String> {
    project.expect_exercise(name)?;
    Ok(whole_exercise(project, edition, name).unwrap_or_else(|damage| {
        let said = edition.language.pick("这个练习缺了东西：", "This exercise is damaged: ");
        let sentence = escape(&damage.sentence(edition.language));
        format!(
            "<div class=\"wb-exercise\">\n\n<p class=\"wb-damaged\" role=\"alert\">{said}{sentence}</p>\n\n</div>\n"
        )
    }))
}

fn whole_exercise(project: &Project, edition: Edition, name: &str) -> Result<String, Damage> {
    let read = |file: &str| damage::text(&project.root, name, file);
    let text = |file: &str| read(&format!("{file}.{}.md", edition.folder));
    // The reader edits the one file and sees the other: a page does not show
    // what somebody has half solved.
    let mut part = format!(
        "<div class=\"wb-exercise\">\n\n{}\n<p class=\"wb-path\"><span class=\"wb-lang\">Rust</span> \
         <code>exercises/{name}/src/lib.rs</code></p>\n\n{}\n{}\n{}\n",
        text("statement")?,
        fence("rust", &read("starter.rs")?),
        run_line(&format!("cargo run -- check {name}")),
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

/// The chapters in their order, with the minutes that their pages name.
///
/// # Errors
///
/// The edition's pages cannot be read.
pub fn schedule(project: &Project, edition: Edition) -> Result<String> {
    let sources = project.sources(edition);
    let contents = read(&sources.join("SUMMARY.md"))?;
    let entry = Regex::new(r"(?m)^\s*- \[(.+)\]\((\w+)\.md\)").expect("a constant");
    let minutes = Regex::new(r#"class="wb-minutes">(\d+)"#).expect("a constant");
    let t = |zh: &'static str, en: &'static str| edition.language.pick(zh, en);
    let (mut table, mut total) = (t("| 章 | 分钟 |", "| chapter | minutes |").to_owned(), 0);
    table.push_str("\n|---|--:|\n");
    for found in entry.captures_iter(&contents) {
        let (title, name) = (&found[1], &found[2]);
        if name.starts_with("part_") {
            table.push_str(&format!("| **{title}** | |\n"));
            continue;
        }
        let page = read(&sources.join(format!("{name}.md")))?;
        let own: u32 = minutes.captures(&page).and_then(|it| it[1].parse().ok()).unwrap_or(0);
        total += own;
        table.push_str(&format!("| [{title}]({name}.md) | {own} |\n"));
    }
    table.push_str(&format!("| {} | {total} |\n", t("合计", "all")));
    Ok(table)
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
    Ok(format!("python3 {safe}{}", project.shown(&twin)))
}

fn listing(attributes: &str, language: &str, path: &str, command: &str, fence: &str) -> String {
    format!(
        "<div class=\"wb-listing\" {attributes}>\n\
         <p class=\"wb-path\"><span class=\"wb-lang\">{language}</span> <code>{path}</code></p>\n\
         {}\n{fence}\n</div>\n",
        run_line(command)
    )
}

/// A command that a reader can run, by itself in a line.
pub fn run_line(command: &str) -> String {
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

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| unreadable(path))
}

#[cfg(test)]
mod tests {
    use super::{fence, json};

    #[test]
    fn data_begin_no_element_and_no_comment() {
        let text = "<!--<script></script>";
        let script = json(&text).expect("JSON");
        let inner = script.strip_prefix("<script type=\"application/json\">").expect("a script");
        let data = inner.strip_suffix("</script>").expect("its end");
        assert!(!data.contains('<'), "{data}");
        assert_eq!(serde_json::from_str::<String>(data).expect("JSON"), text);
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("text", "a\n"), "```text\na\n```\n");
        assert_eq!(fence("text", "```\nb"), "````text\n```\nb\n````\n");
    }
}
