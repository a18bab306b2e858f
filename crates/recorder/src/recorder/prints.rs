//! The printed lines, and the branch that printed each.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use super::{MAX_TEXT, Recorder, polled};
use crate::model::*;

impl Recorder {
    /// What the program has written past its `println!`: it shows in its standard
    /// output alone, which is a file. It is looked at before each event.
    pub(super) fn read_written(&mut self) {
        let length = std::fs::metadata(&self.written.output).map_or(0, |data| data.len());
        if length <= self.written.seen {
            return;
        }
        if length > MAX_TEXT as u64 {
            self.written.seen = length;
            self.cut(Limit::Bytes(MAX_TEXT));
        }
        let mut bytes = Vec::new();
        let read = File::open(&self.written.output).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.written.seen))?;
            file.read_to_end(&mut bytes)
        });
        let Ok(read) = read else { return };
        self.written.seen += read as u64;
        self.written.open.extend(bytes);
        // A letter may have come by half.
        let whole = match std::str::from_utf8(&self.written.open) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.written.open.len(),
        };
        let bytes: Vec<u8> = self.written.open.drain(..whole).collect();
        // Whatever is printed, however, stands in one line until it ends.
        self.partial.push_str(&String::from_utf8_lossy(&bytes));
        for text in self.whole_lines() {
            let text = text.trim_end_matches('\r').to_owned();
            let at = self.now();
            let what = What::Print { text, branch: 0 };
            self.trace.events.push(Event { at, task: polled(), line: None, what });
        }
    }

    pub(super) fn print(&mut self, text: &str, file: &str, line: u32, ends: bool) {
        self.read_written();
        let line = self.own.line(file, line);
        self.text += text.len();
        if self.text > MAX_TEXT {
            self.cut(Limit::Bytes(MAX_TEXT));
        }
        self.partial.push_str(text);
        if ends {
            self.partial.push('\n');
        }
        for text in self.whole_lines() {
            self.print_line(text, line);
        }
    }

    /// The lines that have ended, without their ends; what has not stays.
    fn whole_lines(&mut self) -> Vec<String> {
        let Some(end) = self.partial.rfind('\n') else { return Vec::new() };
        let rest = self.partial.split_off(end + 1);
        let whole = std::mem::replace(&mut self.partial, rest);
        whole[..end].split('\n').map(str::to_owned).collect()
    }

    pub(super) fn print_line(&mut self, text: String, line: Option<u32>) {
        let task = polled();
        let mut branch = 0;
        if let Some(id) = task {
            let stack = self.stack();
            self.name_task(id, &stack);
            branch = self.printing_branch(id, &stack.functions());
            self.pass_library_waits(id, branch, None);
        }
        self.event(task, line, What::Print { text, branch });
    }

    /// Of the branches that stand in the printing function, the one whose
    /// wait ended last.
    pub(super) fn printing_branch(&self, id: TaskId, functions: &[String]) -> usize {
        let branches = &self.live[id].branches;
        let of_function: Vec<usize> =
            (0..branches.len()).filter(|&branch| branches[branch] == functions).collect();
        self.trace
            .events
            .iter()
            .rev()
            .filter_map(|event| match event.what {
                What::Waited { wait } if event.task == Some(id) => {
                    Some(self.trace.waits[wait].branch)
                }
                _ => None,
            })
            .find(|branch| of_function.contains(branch))
            .or(of_function.first().copied())
            .unwrap_or_default()
    }
}
