//! The end of a recording: how the program ended, and where it stands if it did
//! not.

use std::time::Duration;

use super::Recorder;
use crate::{model::*, program, stack::Stack, system};

/// A poll that has gone on for so long, in real time, does not return.
const LONG: Duration = Duration::from_secs(1);

/// How often a thread that does not go on is asked where it is.
const LOOKS: usize = 8;

impl Recorder {
    /// A limit is reached: the trace is written, and the process ends here.
    pub(super) fn cut(&mut self, limit: Limit) -> ! {
        self.break_off(Ending::Cut { limit });
        system::leave()
    }

    /// The end, for whatever reason: the trace is written.
    pub(super) fn break_off(&mut self, ending: Ending) {
        let running = match ending {
            Ending::Stuck | Ending::Cut { limit: Limit::Seconds(_) } => self.running(&ending),
            _ => Vec::new(),
        };
        let stuck = match ending {
            Ending::Stuck => self.stuck(&running),
            Ending::Cut { .. } if running.is_empty() => self.dead(),
            _ => running,
        };
        self.close(ending, stuck);
        let _ = program::write(&self.trace, &self.written.trace);
    }

    /// Where the polls stand that do not return.
    fn running(&mut self, ending: &Ending) -> Vec<Stuck> {
        // Of polls within polls on one thread, the innermost.
        let mut polled: Vec<(TaskId, i32)> = Vec::new();
        for &(task, thread, since) in self.polled.iter().rev() {
            // The blocking pool is there for what takes long.
            let is_blocking = self.trace.tasks[task].kind == TaskKind::Blocking;
            if *ending != Ending::Stuck && (is_blocking || since.elapsed() < LONG) {
                continue;
            }
            if !polled.iter().any(|&(_, other)| other == thread) {
                polled.push((task, thread));
            }
        }
        polled.reverse();
        let stuck = polled.into_iter().map(|(task, thread)| {
            let mut stacks = (0..LOOKS).map(|_| {
                let addresses = system::addresses(thread);
                Stack::of_addresses(&addresses, &self.own, &self.functions)
            });
            // Some instructions belong to no line; it will not be there again.
            let stack = stacks.find(|stack| stack.line() != Some(0)).unwrap_or_default();
            let line = stack.line();
            let why = match ending {
                Ending::Stuck => Why::Blocked { line, by: blocker(&stack) },
                _ => Why::Busy { line },
            };
            Stuck { task, wait: None, name: None, why }
        });
        stuck.collect()
    }

    fn close(&mut self, ending: Ending, mut stuck: Vec<Stuck>) {
        self.read_written();
        if !self.partial.is_empty() {
            let text = std::mem::take(&mut self.partial);
            self.print_line(text, None);
        }
        // Both happened a moment ago.
        let is_over = matches!(ending, Ending::Aborted | Ending::Stuck);
        let end = if is_over { self.last } else { self.now() };
        for &wait in self.open.keys() {
            self.trace.waits[wait].to = end;
        }
        self.settle_late_ends();
        self.settle_endings();
        self.removed.sort_unstable();
        for (wait, of) in stuck
            .iter_mut()
            .flat_map(|stuck| {
                let of = match &mut stuck.why {
                    Why::Turn { of } | Why::Behind { of } => Some(of),
                    _ => None,
                };
                [stuck.wait.as_mut(), of]
            })
            .flatten()
            .map(|wait| (*wait, wait))
        {
            *of -= self.removed.iter().filter(|removed| **removed < wait).count();
        }
        for wait in std::mem::take(&mut self.removed).into_iter().rev() {
            self.trace.waits.remove(wait);
            for event in &mut self.trace.events {
                if let What::Wait { wait: index } | What::Waited { wait: index } = &mut event.what
                    && *index > wait
                {
                    *index -= 1;
                }
            }
        }
        self.trace.end = end;
        self.trace.ending = ending;
        self.trace.stuck = stuck;
    }
}

/// What holds up the thread whose stack this is.
fn blocker(stack: &Stack) -> Blocker {
    let kinds = [
        ("std::thread", "join", Blocker::Thread),
        ("condvar", "wait", Blocker::Condvar),
        ("std::sync::mpmc", "", Blocker::StdChannel),
        ("std::sync::mpsc", "", Blocker::StdChannel),
        ("sync::poison::mutex", "", Blocker::StdLock),
        ("sync::poison::rwlock", "", Blocker::StdLock),
        ("sync::mutex", "", Blocker::StdLock),
        ("sync::rwlock", "", Blocker::StdLock),
    ];
    let is_in = |&(module, function, _): &(&str, &str, Blocker)| {
        stack.leaf.iter().any(|symbol| {
            symbol.contains(module) && (function.is_empty() || symbol.name.contains(function))
        })
    };
    let parks = || stack.leaf.iter().any(|symbol| symbol.is_called("park"));
    let other = || if parks() { Blocker::Park } else { Blocker::Other };
    kinds.into_iter().find(is_in).map_or_else(other, |(_, _, by)| by)
}
