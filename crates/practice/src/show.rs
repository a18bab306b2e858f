//! The verdicts on an answer, as a learner reads them.

use std::fmt::Write as _;
use std::path::MAIN_SEPARATOR;

use console::{Style, style};
use exercises::Exercise;
use grading::Verdict;
use grading::printed::Printed;
use grading::report::Entry;
use project::locale::t;
use unicode_width::UnicodeWidthStr;
use verdicts::{Checked, Compiled, compiles_too_long};

use crate::belief;
use crate::terminal::{harmless, heading, indent, pad, text};

/// The verdicts on one answer, test by test.
pub fn verdicts(exercise: &Exercise, checked: &Checked) -> String {
    let mut page = heading(&exercise.name, &exercise.shown_answer());
    page.push('\n');
    let beliefs = belief::Beliefs::of(exercise);
    match &checked.compiled {
        Compiled::No(errors) => {
            page.push_str(&beliefs.above_faults(checked));
            page.push_str(errors);
            failure(&mut page, text(&Verdict::DoesNotCompile.name()), None);
            let tests = ['/', '\\'].map(|slash| format!("tests{slash}{}.rs", exercise.name));
            if tests.iter().any(|tests| errors.contains(tests)) {
                indent(
                    &mut page,
                    t(
                        "测试按起始文件里的声明调用这些函数：请把它们的名字、参数和返回类型改回去。",
                        "The tests call the functions as the starter declares them: put back their names, parameters and return types.",
                    ),
                );
            }
        }
        Compiled::TooLong(limit) => {
            failure(&mut page, text(&Verdict::DoesNotCompile.name()), None);
            indent(&mut page, text(&compiles_too_long(*limit)));
        }
        Compiled::Yes => {
            if !checked.passed() {
                // rustc knows some of these mistakes: a future that nobody awaits.
                page.push_str(&beliefs.above_faults(checked));
                page.push_str(&checked.warnings);
            }
            let mut entries = checked.entries.clone();
            exercise.sort(&mut entries);
            let widest = |width: fn(&Entry) -> usize| entries.iter().map(width).max().unwrap_or(0);
            let names = widest(|entry| entry.test.width());
            let verdicts = widest(|entry| text(&entry.verdict.name()).width());
            // First what they printed, so that the verdicts stand at the end.
            for entry in &entries {
                printed(&mut page, entry);
            }
            for (entry, belief) in entries.iter().zip(beliefs.above_tests(&entries)) {
                test(&mut page, entry, (names, verdicts), &belief);
            }
        }
    }
    page.push('\n');
    page
}

fn test(page: &mut String, entry: &Entry, (names, verdicts): (usize, usize), belief: &str) {
    let name = pad(&entry.test, names);
    let verdict = pad(text(&entry.verdict.name()), verdicts);
    let time = entry.virtual_ms.map(|ms| {
        let seconds = seconds(ms);
        t(format!("虚拟时间 {seconds} 秒"), format!("virtual time {seconds} s"))
    });
    if entry.verdict == Verdict::Passed {
        let time = time.unwrap_or_default();
        let _ = writeln!(page, "  {} {name}  {verdict}  {}", style("✓").green(), style(time).dim());
        return;
    }
    failure(page, &format!("{name}  {verdict}"), time);
    page.push_str(belief);
    for line in text(&entry.message).lines() {
        indent(page, line);
    }
    if !entry.missing.is_empty() {
        let limits = entry.missing.join(t("、", ", "));
        indent(
            page,
            &t(format!("此平台无法限制：{limits}"), format!("No limit here on: {limits}")),
        );
    }
}

/// What a failed test printed, shortened by its guard.
fn printed(page: &mut String, entry: &Entry) {
    if entry.verdict == Verdict::Passed || entry.output.trim().is_empty() {
        return;
    }
    let test = &entry.test;
    let _ = writeln!(page, "  {}", t(format!("{test} 打印了："), format!("{test} printed:")));
    for line in entry.printed() {
        let line = match line {
            Printed::Line(line) => harmless(line),
            Printed::LeftOut(left_out) => style(text(&left_out)).dim().to_string(),
        };
        let _ = writeln!(page, "    {} {line}", style("│").dim());
    }
    if let Some(all) = entry.all_printed() {
        let here = std::env::current_dir().unwrap_or_default();
        let all = text(&all).replace(&format!("{}{MAIN_SEPARATOR}", here.display()), "");
        let _ = writeln!(page, "    {}", harmless(&all));
    }
    page.push('\n');
}

fn failure(page: &mut String, what: &str, time: Option<String>) {
    let time = time.unwrap_or_default();
    let line = format!(
        "  {} {}  {}",
        style("✗").red(),
        Style::new().bold().apply_to(what),
        style(time).dim()
    );
    let _ = writeln!(page, "{}", line.trim_end());
}

/// Milliseconds as seconds, no longer than need be: `6`, `1.05`.
fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_short() {
        assert_eq!(
            ["0", "1.05", "6", "10"].map(str::to_owned),
            [0, 1050, 6000, 10_000].map(seconds)
        );
    }
}
