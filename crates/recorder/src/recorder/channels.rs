//! Which senders of a channel are alive, and who used them last.

use std::{collections::BTreeMap, panic::Location};

use super::{Recorder, holds, polled, with};
use crate::model::*;

/// A channel of the program's.
#[derive(Debug, Default)]
pub(super) struct Channel {
    /// What its two ends were bound to: `(tx, rx)`.
    pub name: Option<String>,
    /// Those that are alive.
    pub senders: BTreeMap<u64, Sender>,
}

/// A channel was made here; its number.
pub(crate) fn made(place: &Location<'_>) -> u64 {
    let made = |recorder: &mut Recorder| {
        let channel = recorder.next();
        let line = recorder.own.line(place.file(), place.line());
        let name = line.and_then(|line| holds::binding(&recorder.source, line, place.column()));
        recorder.channels.insert(channel, Channel { name, senders: BTreeMap::new() });
        channel
    };
    with(made).unwrap_or_default()
}

/// One more sender; its number.
pub(crate) fn sender_made(channel: u64, place: &Location<'_>) -> u64 {
    let made = |recorder: &mut Recorder| {
        let sender = recorder.next();
        let line = recorder.own.line(place.file(), place.line());
        if let Some(channel) = recorder.channels.get_mut(&channel) {
            channel.senders.insert(sender, Sender { line, task: None });
        }
        sender
    };
    with(made).unwrap_or_default()
}

/// The task that is polled uses a sender.
pub(crate) fn sender_used(channel: u64, sender: u64) {
    with(|recorder| {
        let channel = recorder.channels.get_mut(&channel);
        if let Some(sender) = channel.and_then(|channel| channel.senders.get_mut(&sender)) {
            sender.task = polled();
        }
    });
}

/// A sender is gone.
pub(crate) fn sender_dropped(channel: u64, sender: u64) {
    with(|recorder| {
        if let Some(channel) = recorder.channels.get_mut(&channel) {
            channel.senders.remove(&sender);
        }
    });
}

impl Recorder {
    fn next(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }
}
