//! What the tasks wait for, and in which branch.

use super::{Open, RECEIVING, Recorder};
use crate::{model::*, stack::Stack};

impl Recorder {
    pub(super) fn waits_of(&self, id: TaskId, which: impl Fn(&Open) -> bool) -> Vec<WaitId> {
        let mut waits: Vec<WaitId> = self
            .open
            .iter()
            .filter(|(wait, open)| self.trace.waits[**wait].task == id && which(open))
            .map(|(wait, _)| *wait)
            .collect();
        waits.sort_unstable();
        waits
    }

    pub(super) fn wait(
        &mut self,
        id: TaskId,
        on: On,
        timer: Option<(u64, Micros)>,
        operation: Option<u64>,
        stack: &Stack,
    ) -> WaitId {
        self.name_task(id, stack);
        let (functions, line) = (stack.functions(), stack.line());
        self.forget_overtaken(id, &functions, line);
        let taken: Vec<usize> =
            self.waits_of(id, |_| true).iter().map(|&wait| self.trace.waits[wait].branch).collect();
        let live = &mut self.live[id];
        let free = |branch: &usize| !taken.contains(branch);
        let branch = (0..live.branches.len())
            .filter(free)
            .find(|&branch| live.branches[branch] == functions)
            .or_else(|| (0..=live.branches.len()).find(free))
            .unwrap_or_default();
        if branch == live.branches.len() {
            live.branches.push(functions);
        } else {
            live.branches[branch] = functions;
        }

        self.pass_library_waits(id, branch, line);
        let from = self.now();
        let wait = self.trace.waits.len();
        self.trace.waits.push(Wait {
            task: id,
            branch,
            function: stack.function().map(str::to_owned),
            line,
            on,
            from,
            to: from,
            deadline: timer.map(|(_, due)| due),
            end: WaitEnd::Open,
        });
        self.open.insert(
            wait,
            Open {
                operation,
                resource: operation
                    .and_then(|operation| self.operations.get(&operation))
                    .map_or(0, |operation| operation.resource),
                shared: stack.leaf.iter().any(|it| it.contains("rwlock") && it.contains("::read")),
                channel: RECEIVING.get(),
                functions: stack.functions(),
                timer,
                place: stack.place(),
                woken: false,
                early: stack.waits_in("tokio::task::join_set"),
                library: stack.is_in_library(),
                seen: false,
            },
        );
        self.live[id].touched.push(wait);
        self.event(Some(id), line, What::Wait { wait });
        wait
    }

    pub(super) fn waited(&mut self, wait: WaitId, end: WaitEnd) {
        let Some(open) = self.open.remove(&wait) else {
            return;
        };
        if let Some(operation) = open.operation.and_then(|span| self.operations.get_mut(&span)) {
            operation.wait = None;
        }
        let to = self.now();
        let wait_ = &mut self.trace.waits[wait];
        (wait_.to, wait_.end) = (to, end);
        let (task, line) = (wait_.task, wait_.line);
        self.event(Some(task), line, What::Waited { wait });
    }

    /// The first stack that shows the task's own function names it.
    pub(super) fn name_task(&mut self, id: TaskId, stack: &Stack) {
        let task = &mut self.trace.tasks[id];
        if task.function.is_none() {
            task.function = stack.task_function().map(str::to_owned);
        }
    }
}
