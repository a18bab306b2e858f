//! The waits that tokio tells of itself: on timers, locks, permits, oneshots.

use super::{OPERATIONS, Operation, Recorder, Resource, polled};
use crate::{model::*, stack::Stack};

/// What a timer on the real clock is said to wait for is a multiple of this.
const TIMER_GRAIN: Micros = 10_000;

impl Recorder {
    /// A resource was made at this place of the source.
    pub(crate) fn resource(&mut self, span: u64, sort: &str, line: u32, column: u32) {
        let callee = callee(&self.source, line, column);
        self.resources
            .insert(span, Resource { sort: sort.to_owned(), callee, duration: 0, deadline: None });
    }

    /// A future that will poll a resource was made.
    pub(crate) fn operation(&mut self, span: u64, resource: u64) {
        self.operations.insert(span, Operation { resource, ..Operation::default() });
    }

    pub(crate) fn operation_entered(&mut self, span: u64) {
        OPERATIONS.with_borrow_mut(|operations| operations.push(span));
    }

    /// A timer was set, so many milliseconds from now.
    pub(crate) fn timer_set(&mut self, milliseconds: u64) {
        let now = self.now();
        let Some(span) = OPERATIONS.with_borrow(|operations| operations.last().copied()) else {
            return;
        };
        let Some(operation) = self.operations.get(&span) else {
            return;
        };
        if let Some(resource) = self.resources.get_mut(&operation.resource) {
            // On the real clock, the way to the next tick comes on top.
            let duration = milliseconds * 1000;
            let exact = self.trace.clock == Clock::Paused || duration < TIMER_GRAIN;
            resource.duration = if exact { duration } else { duration / TIMER_GRAIN * TIMER_GRAIN };
            resource.deadline = Some(now + resource.duration);
        }
    }

    /// An operation was polled. Operations nest (a mutex polls its semaphore);
    /// the outermost is the one the program awaits, and it speaks last.
    pub(crate) fn operation_polled(&mut self, ready: bool) {
        let Some((outer, inner)) = OPERATIONS
            .with_borrow(|operations| operations.first().copied().zip(operations.last().copied()))
        else {
            return;
        };
        let Some(operation) = self.operations.get_mut(&outer) else {
            return;
        };
        operation.ready = ready;
        if ready || operation.wait.is_some() {
            if let (Some(wait), Some(id)) = (operation.wait, polled()) {
                self.live[id].touched.push(wait);
            }
            return;
        }
        let (Some(id), resource) = (polled(), operation.resource) else {
            return;
        };
        let inner = self.operations.get(&inner).map_or(resource, |operation| operation.resource);
        let stack = self.stack();
        if stack.is_in_library() {
            self.wait_in_library(id, &stack);
            return;
        }
        let (on, deadline) = self.what_operation_awaits(resource, inner, &stack);
        let wait = self.wait(id, on, deadline, Some(outer), &stack);
        if let Some(operation) = self.operations.get_mut(&outer) {
            operation.wait = Some(wait);
        }
    }

    pub(super) fn what_operation_awaits(
        &self,
        outer: u64,
        inner: u64,
        stack: &Stack,
    ) -> (On, Option<Micros>) {
        let timer = self.resources.get(&inner);
        let duration = timer.map_or(0, |timer| timer.duration);
        let deadline = timer.and_then(|timer| timer.deadline);
        let Some(resource) = self.resources.get(&outer) else {
            return (On::Wake, None);
        };
        match resource.sort.as_str() {
            "Sleep" if resource.callee.starts_with("timeout") => {
                (On::Timeout { duration }, deadline)
            }
            "Sleep" => (On::Sleep { duration }, deadline),
            "Interval" => (On::Interval { duration }, deadline),
            "Mutex" => (On::Mutex, None),
            "RwLock" => (On::RwLock, None),
            "Barrier" => (On::Barrier, None),
            "Sender|Receiver" => (On::Oneshot, None),
            "Semaphore" if stack.waits_in("tokio::sync::mpsc") => {
                (On::Channel { sending: true }, None)
            }
            "Semaphore" => (On::Semaphore, None),
            _ => (On::Wake, None),
        }
    }

    pub(crate) fn operation_exited(&mut self, span: u64) {
        let outermost = OPERATIONS.with_borrow_mut(|operations| {
            operations.pop();
            operations.is_empty()
        });
        let Some(operation) = self.operations.get(&span) else {
            return;
        };
        if outermost
            && operation.ready
            && let Some(wait) = operation.wait
        {
            self.waited(wait, WaitEnd::Ready);
        }
    }

    /// The future that polled the resource was dropped.
    pub(crate) fn operation_closed(&mut self, span: u64) {
        if let Some(Operation { wait: Some(wait), .. }) = self.operations.remove(&span) {
            self.waited(wait, WaitEnd::Dropped);
        }
    }

    pub(crate) fn resource_closed(&mut self, span: u64) {
        self.resources.remove(&span);
    }
}

/// The name that is called at this place of the source: of
/// `time::timeout(limit, work())`, `timeout`.
fn callee(source: &str, line: u32, column: u32) -> String {
    let text = source.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
    let text: String = text.chars().skip(column.saturating_sub(1) as usize).collect();
    let path =
        text.split(|letter: char| !(letter.is_alphanumeric() || "_:".contains(letter))).next();
    path.and_then(|path| path.rsplit(':').next()).unwrap_or_default().to_owned()
}
