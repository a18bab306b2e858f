//! Who is stuck where: students down, exercises across, one cell for each
//! answer, as an SVG with a text in each cell, so that no colour stands alone.

use std::fmt::Write;

use project::locale::Language;

use crate::html::escape;
use crate::report::{Answer, Report, Status};

const NAMES: usize = 150;
const CELL: usize = 46;
const ROW: usize = 26;
const HEAD: usize = 118;
const TOTAL: usize = 76;

/// What a cell shows: its class in the style sheet, and its text.
pub fn cell(answer: &Answer) -> (&'static str, String) {
    match answer.status {
        Status::Missing => ("missing", "–".to_owned()),
        Status::Refused => ("refused", "!".to_owned()),
        Status::DoesNotCompile => ("broken", "E".to_owned()),
        Status::Untouched => ("untouched", format!("({})", answer.points)),
        Status::Graded if answer.is_full() => ("full", answer.points.to_string()),
        Status::Graded if answer.points == 0 => ("none", "0".to_owned()),
        Status::Graded => ("part", answer.points.to_string()),
    }
}

/// What the classes of [`cell`] mean, in the order of the legend.
pub fn legend(language: Language) -> [(&'static str, &'static str, &'static str); 7] {
    let t = |zh, en| language.pick(zh, en);
    [
        ("full", "3", t("全部通过", "all points")),
        ("part", "1", t("部分得分", "some points")),
        ("none", "0", t("没有得分", "no points")),
        ("untouched", "(0)", t("原样未动", "as handed out")),
        ("broken", "E", t("无法编译", "does not compile")),
        ("refused", "!", t("文件被拒收", "file refused")),
        ("missing", "–", t("没有文件", "no file")),
    ]
}

/// The picture. Its style sheet is the page's.
pub fn class(report: &Report, language: Language) -> String {
    let t = |zh: &'static str, en: &'static str| language.pick(zh, en);
    let (across, down) = (report.exercises.len(), report.students.len());
    let width = NAMES + across * CELL + TOTAL;
    let height = HEAD + (down + 1) * ROW + 4;
    let (full, all) = (
        report
            .students
            .iter()
            .flat_map(|student| &student.answers)
            .filter(|it| it.is_full())
            .count(),
        across * down,
    );
    let mut svg = format!(
        "<svg class=\"grid\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"grid-title grid-text\">\n\
         <title id=\"grid-title\">{}</title>\n<desc id=\"grid-text\">{}</desc>\n",
        t("谁卡在哪里", "Who is stuck where"),
        match language {
            Language::Chinese => format!(
                "{down} 行是学生，{across} 列是练习；{all} 份答案里有 {full} 份得了满分。下面的表格里有每一个数。"
            ),
            Language::English => format!(
                "{down} rows of students, {across} columns of exercises; {full} of {all} answers have \
                 all points. The table below holds every number."
            ),
        },
    );
    for (column, task) in report.exercises.iter().enumerate() {
        let (x, y) = (NAMES + column * CELL + CELL / 2, HEAD - 10);
        let _ = writeln!(
            svg,
            "<text class=\"head\" transform=\"translate({x} {y}) rotate(-45)\">{}</text>",
            escape(&task.exercise)
        );
    }
    let end = NAMES + across * CELL + TOTAL - 8;
    for (row, student) in report.students.iter().enumerate() {
        let y = HEAD + row * ROW;
        let base = y + ROW - 9;
        let _ = writeln!(
            svg,
            "<a href=\"{}\"><title>{}</title><text class=\"name\" x=\"0\" y=\"{base}\">{}</text></a>",
            escape(&student.page),
            escape(&student.name),
            escape(&short(&student.name))
        );
        for (column, answer) in student.answers.iter().enumerate() {
            let (class, text) = cell(answer);
            let x = NAMES + column * CELL;
            let _ = writeln!(
                svg,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/>\
                 <text class=\"{class}\" x=\"{}\" y=\"{base}\">{text}</text>",
                x + 2,
                y + 2,
                CELL - 4,
                ROW - 4,
                x + CELL / 2,
            );
        }
        let _ = writeln!(
            svg,
            "<text class=\"total\" x=\"{end}\" y=\"{base}\">{}/{}</text>",
            student.points, report.out_of
        );
    }
    let base = HEAD + down * ROW + ROW - 7;
    let _ = writeln!(
        svg,
        "<text class=\"name sum\" x=\"0\" y=\"{base}\">{}</text>",
        t("得满分的人数", "with all points")
    );
    for column in 0..across {
        let full = report.students.iter().filter(|one| one.answers[column].is_full()).count();
        let x = NAMES + column * CELL + CELL / 2;
        let _ = writeln!(svg, "<text class=\"sum\" x=\"{x}\" y=\"{base}\">{full}</text>");
    }
    svg.push_str("</svg>\n");
    svg
}

/// A name that fits its column: eighteen columns of a terminal.
fn short(name: &str) -> String {
    let mut width = 0;
    let mut short = String::new();
    for letter in name.chars() {
        width += if letter.is_ascii() { 1 } else { 2 };
        if width > 18 {
            short.push('…');
            break;
        }
        short.push(letter);
    }
    short
}
