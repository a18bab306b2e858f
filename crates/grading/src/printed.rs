//! What a test printed: as much of it as a person reads.

use std::{env, fs, path::Path};

use crate::{
    Text,
    report::{Cut, Entry},
};

/// The environment variable that names a folder: what a report shortens, a
/// guard keeps there whole, as `EXERCISE/TEST.txt`.
pub const FOLDER: &str = "WB_PRINTED";

/// So many lines are kept of the beginning, and as many of the end.
const LINES: usize = 10;

/// A gap that is not longer than this is not worth a line that says so.
const SHORT: usize = 4;

/// So many characters are kept of a line.
const COLUMNS: usize = 200;

/// A line of what a learner sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Printed<'a> {
    /// The test printed it.
    Line(&'a str),
    /// Something is left out here.
    LeftOut(Text),
}

impl Entry {
    /// What the test printed, line by line, and where something is left out.
    pub fn printed(&self) -> Vec<Printed<'_>> {
        let mut lines: Vec<_> = self.output.trim_matches('\n').lines().map(Printed::Line).collect();
        if let Some(cut) = &self.cut {
            let at = cut.after.min(lines.len());
            lines.insert(at, Printed::LeftOut(cut.text()));
        }
        lines
    }

    /// Where to see all of what the test printed, if something is left out.
    pub fn all_printed(&self) -> Option<Text> {
        let cut = self.cut.as_ref()?;
        let exercise = &self.exercise;
        Some(match &cut.file {
            Some(file) => (format!("All of it: {file}"), format!("全部输出：{file}")).into(),
            None => (
                format!("`cargo run -- check {exercise}` keeps all of it in a file."),
                format!("`cargo run -- check {exercise}` 会把全部输出存进一个文件。"),
            )
                .into(),
        })
    }
}

impl Cut {
    fn text(&self) -> Text {
        let Self { lines, bytes, .. } = self;
        match lines {
            0 => (
                format!("… long lines are cut; it printed {bytes} bytes …"),
                format!("……长行截短了，一共打印了 {bytes} 字节……"),
            ),
            _ => (
                format!("… {lines} lines left out; it printed {bytes} bytes …"),
                format!("……省略 {lines} 行，一共打印了 {bytes} 字节……"),
            ),
        }
        .into()
    }
}

/// The beginning and the end of what was printed.
pub(crate) fn shorten(all: &str) -> (String, Option<Cut>) {
    let lines: Vec<&str> = all.trim_matches('\n').lines().collect();
    let left_out = match lines.len().saturating_sub(2 * LINES) {
        0..=SHORT => 0,
        more => more,
    };
    let after = if left_out == 0 { lines.len() } else { LINES };
    let mut output = String::new();
    let mut long = false;
    for line in lines[..after].iter().chain(&lines[after + left_out..]) {
        match line.char_indices().nth(COLUMNS) {
            Some((end, _)) => {
                output.push_str(&line[..end]);
                output.push('…');
                long = true;
            }
            None => output.push_str(line),
        }
        output.push('\n');
    }
    let cut = Cut { after, lines: left_out, bytes: all.len(), file: None };
    (output, (long || left_out > 0).then_some(cut))
}

/// Keeps all of it where [`FOLDER`] says, and answers with the file. What an
/// earlier run kept goes in any case. Not being able to is no reason to fail
/// a test.
pub(crate) fn keep(exercise: &str, test: &str, all: &str, is_cut: bool) -> Option<String> {
    let folder = env::var_os(FOLDER).filter(|folder| !folder.is_empty())?;
    let folder = Path::new(&folder).join(exercise);
    let file = folder.join(format!("{test}.txt"));
    if !is_cut {
        let _ = fs::remove_file(&file);
        return None;
    }
    fs::create_dir_all(&folder).and_then(|()| fs::write(&file, all)).ok()?;
    Some(file.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_reads_is_not_cut() {
        let all: String = (0..24).map(|line| format!("{line}\n")).collect();
        assert_eq!(shorten(&all), (all, None));
        assert_eq!(shorten("\nno break"), ("no break\n".to_owned(), None));
        assert_eq!(shorten(""), (String::new(), None));
    }

    #[test]
    fn of_a_flood_the_beginning_and_the_end_are_kept() {
        let all: String = (0..1000).map(|line| format!("{line}\n")).collect();
        let (output, cut) = shorten(&all);
        let cut = cut.expect("it is cut");
        assert_eq!((cut.after, cut.lines, cut.bytes), (10, 980, all.len()));
        let lines: Vec<&str> = output.lines().collect();
        assert_eq!((lines[9], lines[10], lines.len()), ("9", "990", 20));
    }

    #[test]
    fn a_line_without_end_is_cut_between_characters() {
        let (output, cut) = shorten(&"等".repeat(100_000));
        assert_eq!(output, format!("{}…\n", "等".repeat(COLUMNS)));
        assert_eq!(cut, Some(Cut { after: 1, lines: 0, bytes: 300_000, file: None }));
    }
}
