//! Turns tokio's spans and events into the recorder's calls, and watches the
//! wakes of the root future, of which tokio says nothing.
//!
//! The names are those of tokio 1.54: `src/util/trace.rs`,
//! `src/runtime/task/waker.rs`, `src/time/sleep.rs`.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, RawWaker, RawWakerVTable, Waker},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{layer, prelude::*, registry::LookupSpan};

use crate::recorder::{self, Change};

/// Begins to listen, for the rest of the process's life.
pub(crate) fn listen() {
    // An error means that somebody listens already: this layer, from before.
    let _ = tracing_subscriber::registry().with(Layer).try_init();
}

struct Layer;

impl<S: Subscriber + for<'a> LookupSpan<'a>> tracing_subscriber::Layer<S> for Layer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: layer::Context<'_, S>) {
        let span = id.into_u64();
        let fields = Fields::of(|fields| attributes.record(fields));
        match attributes.metadata().name() {
            "runtime.spawn" => {
                recorder::with(|recorder| {
                    recorder.spawned(span, fields.task, &fields.kind, &fields.file, fields.line);
                    recorder.named(span, fields.name);
                });
            }
            "runtime.resource" => {
                let outer = context.lookup_current().map(|span| span.id().into_u64());
                let place = (fields.file.as_str(), fields.line, fields.column);
                recorder::with(|recorder| recorder.resource(span, outer, &fields.sort, place));
            }
            "runtime.resource.async_op" => {
                let parent = context.span(id).and_then(|span| span.parent());
                let resource = parent.map_or(0, |parent| parent.id().into_u64());
                recorder::with(|recorder| recorder.operation(span, resource, &fields.source));
            }
            _ => {}
        }
    }

    fn on_enter(&self, id: &Id, context: layer::Context<'_, S>) {
        let span = id.into_u64();
        match name(id, &context) {
            "runtime.spawn" => recorder::with(|recorder| recorder.entered(span)),
            "runtime.resource.async_op" => {
                recorder::with(|recorder| recorder.operation_entered(span))
            }
            _ => None,
        };
    }

    fn on_exit(&self, id: &Id, context: layer::Context<'_, S>) {
        let span = id.into_u64();
        match name(id, &context) {
            "runtime.spawn" => recorder::with(|recorder| recorder.exited(span)),
            "runtime.resource.async_op" => {
                recorder::with(|recorder| recorder.operation_exited(span))
            }
            _ => None,
        };
    }

    fn on_close(&self, id: Id, context: layer::Context<'_, S>) {
        let span = id.into_u64();
        match name(&id, &context) {
            "runtime.spawn" => recorder::with(|recorder| recorder.closed(span)),
            "runtime.resource" => recorder::with(|recorder| recorder.resource_closed(span)),
            "runtime.resource.async_op" => {
                recorder::with(|recorder| recorder.operation_closed(span))
            }
            _ => None,
        };
    }

    fn on_event(&self, event: &Event<'_>, context: layer::Context<'_, S>) {
        match event.metadata().target() {
            "tokio::task::waker" => {
                let fields = Fields::of(|fields| event.record(fields));
                match fields.op.as_str() {
                    "waker.clone" => recorder::with(|recorder| recorder.registered(fields.task)),
                    "waker.wake" | "waker.wake_by_ref" => {
                        recorder::with(|recorder| recorder.woken(fields.task))
                    }
                    _ => None,
                };
            }
            "runtime::resource::poll_op" => {
                let fields = Fields::of(|fields| event.record(fields));
                recorder::with(|recorder| recorder.operation_polled(fields.is_ready));
            }
            "runtime::resource::state_update" => {
                let fields = Fields::of(|fields| event.record(fields));
                if let Some(milliseconds) = fields.duration {
                    recorder::with(|recorder| recorder.timer_set(milliseconds));
                }
                if let Some(change) = fields.change()
                    && let Some(resource) = context.event_span(event)
                {
                    let resource = resource.id().into_u64();
                    recorder::with(|recorder| recorder.changed(resource, change));
                }
            }
            _ => {}
        }
    }
}

fn name<S: Subscriber + for<'a> LookupSpan<'a>>(
    id: &Id,
    context: &layer::Context<'_, S>,
) -> &'static str {
    context.span(id).map_or("", |span| span.name())
}

/// The fields of tokio's spans and events that matter here.
#[derive(Default)]
struct Fields {
    kind: String,
    /// What `tokio::task::Builder` called the task.
    name: String,
    sort: String,
    op: String,
    file: String,
    line: u32,
    column: u32,
    source: String,
    locked: Option<bool>,
    readers: bool,
    permits: bool,
    /// `add`, `sub` or `override`.
    how: String,
    task: u64,
    duration: Option<u64>,
    is_ready: bool,
}

impl Fields {
    fn of(record: impl FnOnce(&mut Self)) -> Self {
        let mut fields = Self::default();
        record(&mut fields);
        fields
    }

    fn change(&self) -> Option<Change> {
        match (self.locked, self.how.as_str()) {
            (Some(true), _) => Some(Change::Taken),
            (Some(false), _) => Some(Change::Freed),
            _ if self.readers && self.how == "add" => Some(Change::Shared),
            _ if self.readers && self.how == "sub" => Some(Change::Unshared),
            _ if self.permits && self.how == "add" => Some(Change::Returned),
            _ if self.permits && self.how == "sub" => Some(Change::Permits),
            _ => None,
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // `kind` is recorded by its Display, which comes here.
        if field.name() == "kind" {
            self.kind = format!("{value:?}");
        } else if field.name() == "task.name" {
            self.name = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "kind" => self.kind = value.to_owned(),
            "concrete_type" => self.sort = value.to_owned(),
            "loc.file" => self.file = value.to_owned(),
            "op" => self.op = value.to_owned(),
            "source" => self.source = value.to_owned(),
            "current_readers.op" | "permits.op" => self.how = value.to_owned(),
            _ => {}
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.record_u64(field, value.unsigned_abs());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "loc.line" => self.line = value as u32,
            "loc.col" => self.column = value as u32,
            "current_readers" => self.readers = true,
            "permits" => self.permits = true,
            "task.id" => self.task = value,
            "duration" => self.duration = Some(value),
            _ => {}
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        match field.name() {
            "is_ready" => self.is_ready = value,
            "locked" | "write_locked" => self.locked = Some(value),
            _ => {}
        }
    }
}

/// The root future, polled with a waker that tells the recorder of itself: with
/// another one each time, so that whoever keeps the waker of the last poll sees
/// a change, clones the new one and shows that it still waits.
pub(crate) struct Root<F> {
    future: Pin<Box<F>>,
}

impl<F: Future> Root<F> {
    pub(crate) fn new(future: F) -> Self {
        Self { future: Box::pin(future) }
    }
}

impl<F: Future> Future for Root<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Some(span) = tracing::Span::current().id() else {
            return self.future.as_mut().poll(context);
        };
        let waker = watched(span.into_u64(), context.waker().clone());
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

/// The waker, telling the recorder of its clones and wakes.
pub(crate) fn watched(span: u64, inner: Waker) -> Waker {
    Arc::new(Watched { span, inner }).into_waker()
}

/// A waker that tells the recorder of every clone and every wake.
///
/// By hand, because the safe way, [`std::task::Wake`], says nothing of clones,
/// and a clone is the only sign of a wait on a `JoinHandle`.
struct Watched {
    span: u64,
    inner: Waker,
}

impl Watched {
    const VTABLE: RawWakerVTable = RawWakerVTable::new(
        |data| {
            // SAFETY: `data` came from `Arc::into_raw` below, and the waker
            // that is being cloned still holds its count.
            let watched = unsafe { &*data.cast::<Self>() };
            recorder::with(|recorder| recorder.registered(watched.span));
            unsafe { Arc::increment_strong_count(data.cast::<Self>()) };
            RawWaker::new(data, &Self::VTABLE)
        },
        |data| {
            // SAFETY: as above; waking by value gives the count back.
            let watched = unsafe { Arc::from_raw(data.cast::<Self>()) };
            watched.wake();
        },
        // SAFETY: as above; the count stays.
        |data| unsafe { &*data.cast::<Self>() }.wake(),
        // SAFETY: as above; dropping gives the count back.
        |data| drop(unsafe { Arc::from_raw(data.cast::<Self>()) }),
    );

    fn into_waker(self: Arc<Self>) -> Waker {
        let data = Arc::into_raw(self).cast();
        // SAFETY: the functions above keep the contract of `RawWaker`, and
        // `Waker` is `Send` and `Sync`, so this type is.
        unsafe { Waker::from_raw(RawWaker::new(data, &Self::VTABLE)) }
    }

    fn wake(&self) {
        recorder::with(|recorder| recorder.woken(self.span));
        self.inner.wake_by_ref();
    }
}
