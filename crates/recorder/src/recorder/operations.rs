//! The waits that tokio tells of itself: on timers, locks, permits, oneshots.

use super::{ASKED, Maker, OPERATIONS, Operation, Recorder, Resource, holds::binding, polled};
use crate::{model::*, stack::Stack};

impl Recorder {
    /// A resource was made.
    pub(crate) fn resource(
        &mut self,
        span: u64,
        outer: Option<u64>,
        sort: &str,
        (file, line, column): (&str, u32, u32),
    ) {
        let timer = ASKED.get().map(|asked| self.timer(asked));
        let line = self.own.line(file, line);
        let name = line.and_then(|line| binding(&self.source, line, column));
        if let Some(name) = &name {
            self.named.entry(name.clone()).or_default().push(span);
        }
        let sort = sort.to_owned();
        self.resources.insert(span, Resource { sort, name, outer, timer, duration: 0, due: None });
    }

    /// A future that will poll a resource was made.
    pub(crate) fn operation(&mut self, span: u64, resource: u64, source: &str) {
        if source == "Sleep::reset"
            && let Some(resource) = self.resources.get_mut(&resource)
        {
            // To another time than it was made with.
            resource.timer = None;
        }
        self.operations.insert(span, Operation { resource, ..Operation::default() });
    }

    pub(crate) fn operation_entered(&mut self, span: u64) {
        OPERATIONS.with_borrow_mut(|operations| operations.push(span));
    }

    /// A timer was set, so many milliseconds from now.
    pub(crate) fn timer_set(&mut self, milliseconds: u64) {
        let Some(span) = OPERATIONS.with_borrow(|operations| operations.last().copied()) else {
            return;
        };
        let Some(operation) = self.operations.get(&span) else {
            return;
        };
        let resource = operation.resource;
        let timer = self.resources.get(&resource).and_then(|resource| resource.timer);
        let tick = self.moment().read / 1_000 + milliseconds;
        let (due, duration) = self.timer_starts(timer, milliseconds);
        if let Some(resource) = self.resources.get_mut(&resource) {
            (resource.duration, resource.due) = (duration, Some((tick, due)));
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
        let (on, timer) = self.what_operation_awaits(resource, inner, &stack);
        let wait = self.wait(id, on, timer, Some(outer), &stack);
        if let Some(operation) = self.operations.get_mut(&outer) {
            operation.wait = Some(wait);
        }
    }

    pub(super) fn what_operation_awaits(
        &self,
        outer: u64,
        inner: u64,
        stack: &Stack,
    ) -> (On, Option<(u64, Micros)>) {
        let timer = self.resources.get(&inner);
        let duration = timer.map_or(0, |timer| timer.duration);
        let due = timer.and_then(|timer| timer.due);
        let Some(resource) = self.resources.get(&outer) else {
            // Made in a `static`, before there was anybody to tell.
            let kinds = [
                ("once_cell", On::Cell),
                ("sync::mutex", On::Mutex),
                ("sync::rwlock", On::RwLock),
                ("semaphore", On::Semaphore),
            ];
            let on = kinds.into_iter().find(|(module, _)| stack.waits_in(module));
            return (on.map_or(On::Wake, |(_, on)| on), None);
        };
        match resource.sort.as_str() {
            "Sleep" if resource.maker() == Some(Maker::Timeout) => (On::Timeout { duration }, due),
            "Sleep" => (On::Sleep { duration }, due),
            "Interval" => (On::Interval { duration }, due),
            "Mutex" => (On::Mutex, None),
            "RwLock" => (On::RwLock, None),
            "Barrier" => (On::Barrier, None),
            "Sender|Receiver" => (On::Oneshot, None),
            "Semaphore" if stack.waits_in("tokio::sync::mpsc") => {
                (On::Channel { sending: true }, None)
            }
            "Semaphore" if stack.waits_in("once_cell") => (On::Cell, None),
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
        let (ready, wait, resource) = (operation.ready, operation.wait, operation.resource);
        if outermost && ready {
            if let Some(wait) = wait {
                self.waited(wait, WaitEnd::Ready);
            }
            let is_semaphore = |it: &Resource| it.sort == "Semaphore" && it.name.is_some();
            if self.resources.get(&resource).is_some_and(is_semaphore) {
                self.takes(resource, false);
            }
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
