//! What people read of a report: a page for each student, and one for the
//! class. Each page is one file that asks for nothing and runs nothing, so
//! what a student's program printed stays text.

use std::collections::BTreeSet;
use std::fmt::Write;

use grading::printed::Printed;
use grading::report::Entry;
use grading::{Text, Verdict};
use project::locale::Language;

use crate::html::escape;
use crate::picture;
use crate::report::{Answer, Report, Status, Student, count, note};
use confined::Confinement;

const STYLE: &str = include_str!("pages.css");

/// The path of a student's page: readable, and safe on every file system.
pub fn file(id: &str, name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = |text: &str| -> String {
        let letters = text.chars().map(|letter| {
            if letter.is_alphanumeric() || matches!(letter, '-' | '_') { letter } else { '-' }
        });
        letters.take(40).collect()
    };
    let both = if id == name { plain(id) } else { format!("{}-{}", plain(id), plain(name)) };
    let both = both.trim_matches('-').to_owned();
    // Some file systems tell no upper case from lower.
    let mut number = 1;
    let mut stem = both.clone();
    while stem.is_empty() || !taken.insert(stem.to_lowercase()) {
        number += 1;
        stem = format!("{both}-{number}").trim_matches('-').to_owned();
    }
    format!("students/{stem}.html")
}

fn page(language: Language, title: &str, body: &str) -> String {
    let tag = language.pick("zh-CN", "en");
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"UTF-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// A student's page, in the student's language.
pub fn student(report: &Report, student: &Student) -> String {
    let language = student.language();
    let t = |zh: &'static str, en: &'static str| language.pick(zh, en);
    let mut body = format!("<h1>{}</h1>\n", escape(&student.name));
    let _ = writeln!(
        body,
        "<p class=\"score\">{} <strong>{}</strong> / {}</p>",
        t("得分", "Points:"),
        student.points,
        report.out_of
    );
    if student.submission.is_none() {
        let _ = writeln!(body, "<p class=\"warn\">{}</p>", t("没有交作业。", "No submission."));
    }
    for note in &student.notes {
        let _ = writeln!(body, "<p class=\"warn\">{}</p>", escape(said(note, language)));
    }
    if student.submission.is_some() {
        for answer in &student.answers {
            section(&mut body, answer, language);
        }
    }
    let title = format!("{} · {}", student.name, t("异步 Rust 练习册", "The Async Rust Workbook"));
    page(language, &title, &body)
}

fn section(body: &mut String, answer: &Answer, language: Language) {
    let t = |zh: &'static str, en: &'static str| language.pick(zh, en);
    let name = escape(&answer.exercise);
    let _ = writeln!(
        body,
        "<h2 id=\"{name}\"><span class=\"points\">{} / {}</span><code>{name}</code></h2>",
        answer.points, answer.out_of
    );
    let file = escape(answer.file.as_deref().unwrap_or_default());
    match answer.status {
        Status::Missing => {
            let _ = writeln!(
                body,
                "<p class=\"muted\">{} <code>exercises/{name}/src/lib.rs</code> · \
                 <code>{name}/src/lib.rs</code> · <code>{name}.rs</code></p>",
                t("没有找到文件。找过的地方：", "No file was found. It was looked for as")
            );
        }
        Status::Refused => {
            let why = escape(said(&answer.message, language));
            let _ = writeln!(
                body,
                "<p class=\"bad\">{} <code>{file}</code>{}{why}</p>",
                t("没有评分：", "Not graded:"),
                t("：", ": ")
            );
        }
        Status::DoesNotCompile => {
            let _ = writeln!(
                body,
                "<p class=\"bad\">✗ {}</p>\n{}<pre>{}</pre>",
                t("无法编译，所以测试没有运行。", "It does not compile, so no test ran."),
                belief(answer, language),
                escape(said(&answer.message, language).trim_end())
            );
        }
        Status::Untouched | Status::Graded => {
            if answer.status == Status::Untouched {
                let _ = writeln!(
                    body,
                    "<p class=\"muted\">{}</p>",
                    t("这还是发下来的文件，没有改动。", "This is the file as it was handed out.")
                );
            }
            let why = said(&answer.message, language);
            if !why.is_empty() {
                let _ = writeln!(body, "<p class=\"muted\">{}</p>", escape(why));
            }
            body.push_str(&belief(answer, language));
            body.push_str("<ul class=\"tests\">\n");
            for entry in &answer.tests {
                test(body, entry, language);
            }
            body.push_str("</ul>\n");
        }
    }
}

fn belief(answer: &Answer, language: Language) -> String {
    answer.belief.as_ref().map_or(String::new(), |belief| {
        format!("<p class=\"belief\">{}</p>\n", escape(said(belief, language)))
    })
}

fn test(body: &mut String, entry: &Entry, language: Language) {
    let passed = entry.verdict == Verdict::Passed;
    let (mark, class) = if passed { ("✓", "ok") } else { ("✗", "bad") };
    let verdict = entry.verdict.name();
    let _ = write!(
        body,
        "<li><span class=\"{class}\">{mark}</span> <code>{}</code> \
         <span class=\"{class}\">{}</span> <span class=\"muted\">{} / {}</span>",
        escape(&entry.test),
        escape(said(&verdict, language)),
        entry.points,
        entry.out_of
    );
    if !passed {
        let _ = write!(body, "<p>{}</p>", escape(said(&entry.message, language)));
        if !entry.output.trim().is_empty() {
            let lines = entry.printed().into_iter().map(|line| match line {
                Printed::Line(line) => escape(line),
                Printed::LeftOut(text) => escape(said(&text, language)),
            });
            let all = entry.all_printed().map_or_else(String::new, |text| {
                format!("<p class=\"muted\">{}</p>", escape(said(&text, language)))
            });
            let _ = write!(
                body,
                "<details><summary>{}</summary><pre>{}</pre>{all}</details>",
                language.pick("它打印的内容", "What it printed"),
                lines.collect::<Vec<_>>().join("\n"),
            );
        }
    }
    body.push_str("</li>\n");
}

/// The page of the class, for the teacher.
pub fn class(report: &Report, language: Language) -> String {
    let t = |zh: &'static str, en: &'static str| language.pick(zh, en);
    let mut body = format!("<h1>{}</h1>\n", t("全班成绩", "The class"));
    let (students, exercises) = (report.students.len(), report.exercises.len());
    let _ = writeln!(
        body,
        "<p class=\"muted\">{} · {} · <a href=\"scores.csv\">scores.csv</a> · \
         <a href=\"report.json\">report.json</a></p>",
        match language {
            Language::Chinese => format!("{students} 个学生，{exercises} 道练习"),
            Language::English => {
                format!("{}, {}", count(students, "student"), count(exercises, "exercise"))
            }
        },
        escape(&report.toolchain),
    );
    let _ = writeln!(body, "<h2 id=\"grid\">{}</h2>", t("谁卡在哪里", "Who is stuck where"));
    let _ = writeln!(
        body,
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">\n{}</div>",
        t("谁卡在哪里", "Who is stuck where"),
        picture::class(report, language)
    );
    body.push_str("<ul class=\"legend\">\n");
    for (class, example, meaning) in picture::legend(language) {
        let _ = writeln!(body, "<li><span class=\"key {class}\">{example}</span>{meaning}</li>");
    }
    body.push_str("</ul>\n");
    scores(&mut body, report, language);
    questions(&mut body, report, language);
    remarks(&mut body, report, language);
    page(language, t("全班成绩", "The class"), &body)
}

/// The picture's numbers as a table.
fn scores(body: &mut String, report: &Report, language: Language) {
    let _ = write!(
        body,
        "<details>\n<summary>{}</summary>\n<div class=\"scroll\"><table>\n<tr><th>{}</th>",
        language.pick("同样的内容，表格形式", "The same as a table"),
        language.pick("学生", "student")
    );
    for task in &report.exercises {
        let _ = write!(body, "<th class=\"number\">{}</th>", escape(&task.exercise));
    }
    let _ = writeln!(body, "<th class=\"number\">{}</th></tr>", language.pick("总分", "total"));
    for student in &report.students {
        let _ = write!(
            body,
            "<tr><td><a href=\"{}\">{}</a></td>",
            escape(&student.page),
            escape(&student.name)
        );
        for answer in &student.answers {
            let _ = write!(body, "<td class=\"number\">{}</td>", picture::cell(answer).1);
        }
        let _ = writeln!(body, "<td class=\"number\">{}</td></tr>", student.points);
    }
    body.push_str("</table></div>\n</details>\n");
}

/// How each test ended, over all answers.
fn questions(body: &mut String, report: &Report, language: Language) {
    let t = |zh: &'static str, en: &'static str| language.pick(zh, en);
    let _ = writeln!(
        body,
        "<h2 id=\"questions\">{}</h2>\n<div class=\"scroll\"><table>\n\
         <tr><th>{}</th><th>{}</th><th class=\"number\">{}</th><th>{}</th></tr>",
        t("每个测试的结果", "How each test ended"),
        t("练习", "exercise"),
        t("测试", "test"),
        t("通过", "passed"),
        t("其余", "the others")
    );
    for task in &report.exercises {
        for (index, question) in task.tests.iter().enumerate() {
            let mut ends = report.ends(&task.exercise, &question.test);
            let passed = ends.remove("passed").map_or(0, |(_, count)| count);
            let all = passed + ends.values().map(|(_, count)| count).sum::<usize>();
            let mut others: Vec<&(Text, usize)> = ends.values().collect();
            others.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let others: Vec<String> = others
                .into_iter()
                .map(|(name, count)| format!("{} {count}", said(name, language)))
                .collect();
            let exercise = if index == 0 { escape(&task.exercise) } else { String::new() };
            let _ = writeln!(
                body,
                "<tr><td><code>{exercise}</code></td><td><code>{}</code></td>\
                 <td class=\"number\">{passed}/{all}</td><td>{}</td></tr>",
                escape(&question.test),
                escape(&others.join(t("，", ", ")))
            );
        }
    }
    body.push_str("</table></div>\n");
}

/// What a teacher should look at.
fn remarks(body: &mut String, report: &Report, language: Language) {
    let t = |zh: &'static str, en: &'static str| language.pick(zh, en);
    let mut lines = Vec::new();
    for student in &report.students {
        let mut all: Vec<String> =
            student.notes.iter().map(|it| said(it, language).to_owned()).collect();
        let short = note(student);
        if !short.is_empty() {
            all.insert(0, short);
        }
        for answer in student.answers.iter().filter(|it| it.status == Status::Refused) {
            let file = answer.file.as_deref().unwrap_or(&answer.exercise);
            all.push(format!("{file}{}{}", t("：", ": "), said(&answer.message, language)));
        }
        if !all.is_empty() {
            let name = escape(&student.name);
            lines.push(format!(
                "<strong>{name}</strong>{}{}",
                t("：", ": "),
                escape(&all.join(" · "))
            ));
        }
    }
    if !report.ignored.is_empty() {
        let names: Vec<String> = report.ignored.iter().map(|name| format!("{name:?}")).collect();
        let names = escape(&names.join(t("、", ", ")));
        lines
            .push(format!("{}{names}", t("不是作业，忽略了：", "Left out, being no submission: ")));
    }
    lines.push(
        match report.confinement {
            Confinement::Full => t(
                "学生的代码运行时只能写自己的文件夹，没有 TCP 网络。",
                "While it ran, the students' code could write to a folder of its own only, and had no TCP.",
            ),
            Confinement::Partial => t(
                "学生的代码运行时只能写自己的文件夹；内核较旧，没有限制网络或信号。",
                "While it ran, the students' code could write to a folder of its own only; this kernel \
                 is too old to keep it from the network or from signals.",
            ),
            Confinement::None => t(
                "这个系统没有限制学生代码能碰到的文件和网络。",
                "This system did not limit which files and networks the students' code could reach.",
            ),
        }
        .to_owned(),
    );
    let _ = writeln!(body, "<h2 id=\"remarks\">{}</h2>\n<ul>", t("另外", "Also"));
    for line in lines {
        let _ = writeln!(body, "<li>{line}</li>");
    }
    body.push_str("</ul>\n");
}

fn said(text: &Text, language: Language) -> &str {
    language.pick(&text.zh, &text.en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_a_name_of_its_own() {
        let mut taken = BTreeSet::new();
        let mut name = |id: &str, name: &str| file(id, name, &mut taken);
        assert_eq!(name("7", "小明"), "students/7-小明.html");
        assert_eq!(name("a/../b", "a/../b"), "students/a----b.html");
        assert_eq!(name("Ada", "Ada"), "students/Ada.html");
        assert_eq!(name("ada", "ada"), "students/ada-2.html");
        assert_eq!(name("'\n\"", "'\n\""), "students/2.html");
        assert_eq!(name("..", ".."), "students/3.html");
    }

    #[test]
    fn nothing_leaves_the_text() {
        assert_eq!(
            escape("<b>'\"&\u{1b}[1m\u{202e}\u{0}"),
            "&lt;b&gt;&#39;&quot;&amp;␛[1m\u{fffd}\u{fffd}"
        );
    }
}
