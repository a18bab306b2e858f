//! The recorded run as the chapter `performance` shows it.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use project::locale::Language;
use project::{Edition, Project};

use crate::record::{CASES, LOOPS, Measured, Record, UNITS_OF_WORK, figures, with_unit};

/// The recorded run.
///
/// # Errors
///
/// `crates/compare/recorded.toml` is missing or not of its shape.
pub fn recorded(project: &Project) -> Result<Record> {
    let path = project.root.join("crates/compare/recorded.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

/// What each name in the record is called on the page.
fn title(name: &str, language: Language) -> &str {
    let (zh, en) = match name {
        "spawn" => ("创建一个任务，等它结束", "spawn a task, await it"),
        "yield" => ("让出，换到下一个任务", "yield to the next task"),
        "queue" => ("一件东西过一次队列", "an item through a queue"),
        "memory" => ("一个睡着的任务的内存", "memory of a sleeping task"),
        "sleepers" => ("十万个任务各睡一秒", "100,000 tasks sleep 1 s"),
        "echo" => ("TCP 一来一回", "a TCP echo"),
        "latency" => ("十个请求，各等半秒", "ten requests of 0.5 s"),
        "thread_start" => ("线程：启动，等它结束", "thread: start and join"),
        "thread_memory" => ("线程：内存", "thread: memory"),
        "process_start" => ("进程：启动，等它结束", "process: start and wait"),
        "process_memory" => ("进程：内存", "process: memory"),
        "overlap_waits" => ("十个等待，一起等", "ten waits, together"),
        "short_lock" => ("等待之前放开锁", "let go of the lock, then wait"),
        "plain_lock" => ("只护着数据，用 std 的锁", "std's lock, where it guards data"),
        "use_cores" => ("计算交给别的线程", "computing on other threads"),
        "spawn_many" => ("一万个等待，用 spawn", "ten thousand waits, spawned"),
        "buffer_writes" => ("一千次小的写，先攒着", "a thousand small writes, buffered"),
        "one_blocking_call" => ("一百个小文件，一次读完", "a hundred small files, in one call"),
        "keep_connection" => ("一百个问题，一条连接", "a hundred questions, one connection"),
        other => (other, other),
    };
    language.pick(zh, en)
}

/// Where and when the run was recorded, in a sentence.
fn machine(record: &Record, language: Language) -> String {
    let it = &record.machine;
    match language {
        Language::Chinese => format!(
            "{} 记录，{} 轮取中位数：{}，{} 核，{} GiB 内存，{}；rustc {}，tokio {}，CPython {}，uvloop {}。",
            it.date,
            it.rounds,
            it.cpu,
            it.cores,
            it.memory,
            it.system,
            it.rustc,
            it.tokio,
            it.python,
            it.uvloop
        ),
        Language::English => format!(
            "Recorded on {}, medians of {} rounds: {}, {} cores, {} GiB of memory, {}; rustc {}, tokio {}, \
             CPython {}, uvloop {}.",
            it.date,
            it.rounds,
            it.cpu,
            it.cores,
            it.memory,
            it.system,
            it.rustc,
            it.tokio,
            it.python,
            it.uvloop
        ),
    }
}

/// tokio and asyncio at every case: a plot, a table, and where it was recorded.
///
/// # Errors
///
/// The recorded run cannot be read.
pub fn loops(project: &Project, edition: Edition) -> Result<String> {
    let (record, language) = (recorded(project)?, edition.language);
    let wide = plot(&record, language, 720.0);
    let narrow = plot(&record, language, 360.0);
    Ok(format!(
        "<div class=\"wb-plot\">\n<div class=\"wb-wide\">{wide}</div>\n<div class=\"wb-narrow\">{narrow}</div>\n\
         </div>\n\n{}\n<p class=\"wb-machine\">{}</p>\n",
        table(&record, &CASES, &LOOPS, language),
        machine(&record, language)
    ))
}

/// What a task, a thread and a process take, in either language.
///
/// # Errors
///
/// The recorded run cannot be read.
pub fn units(project: &Project, edition: Edition) -> Result<String> {
    let (mut record, language) = (recorded(project)?, edition.language);
    // A task has been measured already: with one thread, and with asyncio.
    let tasks: Vec<_> = record
        .results
        .iter()
        .filter(|it| matches!(it.case.as_str(), "spawn" | "memory"))
        .filter_map(|it| {
            let by = match it.by.as_str() {
                "current_thread" => "rust",
                "asyncio" => "python",
                _ => return None,
            };
            let mut it = it.clone();
            (it.case, it.by) = (format!("task_{}", it.case), by.to_owned());
            Some(it)
        })
        .collect();
    record.results.extend(tasks);
    let t = |zh, en| language.pick(zh, en);
    let mut text = format!(
        "| | {} | {} | {} | {} |\n|---|--:|--:|--:|--:|\n",
        t("启动并等它结束：Rust", "start and await the end: Rust"),
        "Python",
        t("闲着时的内存：Rust", "memory when idle: Rust"),
        "Python"
    );
    for (unit, zh, en, cases) in [
        ("task", "任务", "task", ["task_spawn", "task_memory"]),
        ("thread", "线程", "thread", ["thread_start", "thread_memory"]),
        ("process", "进程", "process", ["process_start", "process_memory"]),
    ] {
        debug_assert!(unit == "task" || cases.iter().all(|case| UNITS_OF_WORK.contains(case)));
        let cell = |case: &str, by: &str| {
            record.find(case, by).map_or("—".to_owned(), |it| with_unit(case, it.median()))
        };
        writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            t(zh, en),
            cell(cases[0], "rust"),
            cell(cases[0], "python"),
            cell(cases[1], "rust"),
            cell(cases[1], "python")
        )?;
    }
    Ok(text)
}

/// What each advice brings.
///
/// # Errors
///
/// The recorded run cannot be read.
pub fn advice(project: &Project, edition: Edition) -> Result<String> {
    let (record, language) = (recorded(project)?, edition.language);
    let mut text = language
        .pick("| 做法 | 之前 | 之后 | 倍数 |\n", "| advice | before | after | times faster |\n")
        .to_owned();
    text.push_str("|---|--:|--:|--:|\n");
    for it in &record.advice {
        writeln!(
            text,
            "| {} | {} | {} | {} |",
            title(&it.name, language),
            with_unit("", it.before),
            with_unit("", it.after),
            times(it.before / it.after)
        )?;
    }
    Ok(text)
}

/// A ratio: two figures are enough.
fn times(ratio: f64) -> String {
    if ratio >= 9.95 { format!("{ratio:.0}") } else { format!("{ratio:.1}") }
}

fn table(record: &Record, cases: &[&str], columns: &[&str], language: Language) -> String {
    let mut text = String::from("| |");
    for column in columns {
        let _ = write!(text, " {} |", contender(column));
    }
    text.push_str("\n|---|");
    text.push_str(&"--:|".repeat(columns.len()));
    text.push('\n');
    for case in cases {
        let _ = write!(text, "| {} |", title(case, language));
        let base = record.find(case, columns[0]).map(Measured::median);
        for column in columns {
            let Some(found) = record.find(case, column) else {
                text.push_str(" — |");
                continue;
            };
            let median = found.median();
            let _ = write!(
                text,
                " {}<br><small>×{} ±{:.0}%</small> |",
                with_unit(case, median),
                figures(median / base.unwrap_or(median)),
                found.spread() * 100.0
            );
        }
        text.push('\n');
    }
    text
}

fn contender(name: &str) -> &str {
    match name {
        "current_thread" => "tokio<br>current_thread",
        "multi_thread" => "tokio<br>multi_thread",
        other => other,
    }
}

/// The multiples of tokio's `current_thread` on a logarithmic scale: a mark of
/// its own shape for each contender, so that it reads without colours.
fn plot(record: &Record, language: Language, width: f64) -> String {
    const ROW: f64 = 44.0;
    const TOP: f64 = 30.0;
    let ratio = |case: &str, by: &str| {
        let base = record.find(case, LOOPS[0])?.median();
        Some(record.find(case, by)?.median() / base)
    };
    let all = CASES.iter().flat_map(|case| LOOPS.iter().filter_map(move |by| ratio(case, by)));
    let (low, high) = all.fold((0.8_f64, 2.0_f64), |(low, high), it| (low.min(it), high.max(it)));
    let (low, high) = ((low * 0.95).ln(), (high * 1.1).ln());
    let (left, right) = (10.0, width - 10.0);
    let place = |ratio: f64| left + (ratio.ln() - low) / (high - low) * (right - left);
    let bottom = TOP + ROW * CASES.len() as f64;
    let mut svg = format!(
        "<svg class=\"wb-lanes\" role=\"img\" viewBox=\"0 0 {width} {}\" width=\"{width}\">\
         <title>{}</title>",
        bottom + 24.0,
        language.pick(
            "与 tokio current_thread 相比的倍数，对数刻度，越靠左越省",
            "multiples of tokio current_thread, on a logarithmic scale; further left is better",
        )
    );
    let mut x = left;
    for (index, name) in LOOPS.iter().enumerate() {
        svg.push_str(&mark(index, x + 5.0, 10.0));
        let _ = write!(svg, "<text x=\"{}\" y=\"14\">{name}</text>", x + 14.0);
        x += 22.0 + 6.3 * name.len() as f64;
    }
    for tick in [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0_f64] {
        if !(low..=high).contains(&tick.ln()) {
            continue;
        }
        let x = place(tick);
        let _ = write!(
            svg,
            "<path d=\"M{x:.1} {TOP}V{bottom}\" stroke=\"currentColor\" opacity=\"{}\"/>\
             <text class=\"wb-quiet\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">×{tick}</text>",
            if tick == 1.0 { 0.5 } else { 0.15 },
            bottom + 16.0
        );
    }
    for (row, case) in CASES.iter().enumerate() {
        let y = TOP + ROW * row as f64;
        let _ = write!(
            svg,
            "<text class=\"wb-name\" x=\"{left}\" y=\"{}\">{}</text>",
            y + 14.0,
            title(case, language)
        );
        // The first lies on top: where all are equal, it is seen.
        for (index, by) in LOOPS.iter().enumerate().rev() {
            if let Some(ratio) = ratio(case, by) {
                svg.push_str(&mark(index, place(ratio), y + 29.0));
            }
        }
    }
    svg.push_str("</svg>");
    svg
}

/// The sign of a contender: a dot and a ring for tokio, a square and a diamond
/// for Python.
fn mark(index: usize, x: f64, y: f64) -> String {
    let style = |color: &str, filled: bool| match filled {
        true => format!("fill=\"var(--wb-{color},currentColor)\""),
        false => {
            format!("fill=\"none\" stroke=\"var(--wb-{color},currentColor)\" stroke-width=\"2\"")
        }
    };
    match index {
        0 => format!("<circle cx=\"{x:.1}\" cy=\"{y}\" r=\"5\" {}/>", style("rust", true)),
        1 => format!("<circle cx=\"{x:.1}\" cy=\"{y}\" r=\"7\" {}/>", style("rust", false)),
        2 => format!(
            "<rect x=\"{:.1}\" y=\"{}\" width=\"10\" height=\"10\" {}/>",
            x - 5.0,
            y - 5.0,
            style("python", true)
        ),
        _ => format!(
            "<path d=\"M{:.1} {y}L{x:.1} {}L{:.1} {y}L{x:.1} {}Z\" {}/>",
            x - 8.0,
            y - 8.0,
            x + 8.0,
            y + 8.0,
            style("python", false)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use project::Project;

    #[test]
    fn the_recorded_run_is_whole() {
        let record = recorded(&Project::find().expect("the project")).expect("the recorded run");
        for case in CASES {
            for by in LOOPS {
                let found = record.find(case, by).map(|found| found.values.len());
                assert_eq!(found, Some(record.machine.rounds), "{case} {by}");
            }
        }
        for case in UNITS_OF_WORK {
            assert!(["rust", "python"].iter().all(|by| record.find(case, by).is_some()), "{case}");
        }
        assert_eq!(record.advice.len(), 8, "run `cargo bench -p compare` before recording");
        for it in &record.advice {
            assert_ne!(title(&it.name, Language::English), it.name, "it has a title");
        }
    }

    #[test]
    fn the_middle_and_the_quartiles() {
        let of = |values: &[f64]| Measured {
            case: String::new(),
            by: String::new(),
            values: values.to_vec(),
        };
        assert_eq!((of(&[7.0]).median(), of(&[7.0]).spread()), (7.0, 0.0));
        assert_eq!(of(&[1.0, 3.0]).median(), 2.0);
        assert_eq!(of(&[1.0, 2.0, 4.0, 6.0, 100.0]).spread(), 0.5);
    }

    #[test]
    fn values_have_three_figures_and_their_unit() {
        assert_eq!(with_unit("spawn", 690.4), "690 ns");
        assert_eq!(with_unit("echo", 18_040.0), "18.0 µs");
        assert_eq!(with_unit("sleepers", 1_084_000_000.0), "1.08 s");
        assert_eq!(with_unit("memory", 463.0), "463 B");
        assert_eq!(with_unit("process_memory", 2.81 * 1024.0 * 1024.0), "2.81 MiB");
    }
}
