//! The printed lines, and the branch that printed each.

use super::{MAX_TEXT, Recorder, polled};
use crate::model::*;

impl Recorder {
    pub(super) fn print(&mut self, text: &str, file: &str, line: u32, ends: bool) {
        let line = self.own.line(file, line);
        self.text += text.len();
        if self.text > MAX_TEXT {
            self.cut(Limit::Bytes(MAX_TEXT));
        }
        self.partial.push_str(text);
        if ends {
            self.partial.push('\n');
        }
        while let Some(end) = self.partial.find('\n') {
            let text: String = self.partial.drain(..=end).collect();
            self.print_line(text.trim_end_matches('\n').to_owned(), line);
        }
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
