//! Whose turn it is: as much at once as the machine has cores, [`WAITING`] more wait,
//! first come, first served. A tab has one piece of work of a kind: a newer one
//! ends the older, so that no tab takes the places of the others.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// How much work waits for its turn at most.
pub const WAITING: usize = 16;

/// The work under way, and what waits.
pub struct Turns {
    /// To work or to wait.
    places: Arc<Semaphore>,
    /// To work. (Tokio's semaphores are fair.)
    cores: Arc<Semaphore>,
    /// What each tab does.
    tabs: Mutex<HashMap<String, Tab>>,
}

struct Tab {
    number: u64,
    /// To drop it is to end the work.
    _ending: oneshot::Sender<()>,
    place: Arc<OwnedSemaphorePermit>,
}

/// A place, to wait for a turn in.
pub struct Place {
    turns: Arc<Turns>,
    tab: String,
    number: u64,
    /// Resolves when the tab wants something newer.
    pub replaced: oneshot::Receiver<()>,
    _place: Arc<OwnedSemaphorePermit>,
}

impl Turns {
    /// Room for as much as there are cores.
    pub fn new() -> Arc<Turns> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let room = |permits| Arc::new(Semaphore::new(permits));
        let (places, cores) = (room(cores + WAITING), room(cores));
        Arc::new(Turns { places, cores, tabs: Mutex::default() })
    }

    /// A place for this tab, whose older work ends; none if too much waits already.
    pub fn place(self: &Arc<Self>, tab: &str) -> Option<Place> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut tabs = self.tabs();
        // The newer work takes the place of the older, which may be the last one.
        let place = match tabs.remove(tab) {
            Some(older) => older.place,
            None => Arc::new(self.places.clone().try_acquire_owned().ok()?),
        };
        let (ending, replaced) = oneshot::channel();
        let newer = Tab { number, _ending: ending, place: place.clone() };
        tabs.insert(tab.to_owned(), newer);
        let tab = tab.to_owned();
        Some(Place { turns: self.clone(), tab, number, replaced, _place: place })
    }

    fn tabs(&self) -> MutexGuard<'_, HashMap<String, Tab>> {
        self.tabs.lock().expect("no holder panics")
    }
}

impl Place {
    /// A turn, if it is there at once.
    pub fn at_once(&self) -> Option<OwnedSemaphorePermit> {
        self.turns.cores.clone().try_acquire_owned().ok()
    }

    /// Waits for a turn.
    pub fn turn(&self) -> impl Future<Output = OwnedSemaphorePermit> + use<> {
        let cores = self.turns.cores.clone();
        async { cores.acquire_owned().await.expect("it is never closed") }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut tabs = self.turns.tabs();
        if tabs.get(&self.tab).is_some_and(|tab| tab.number == self.number) {
            tabs.remove(&self.tab);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tab_has_one_place_and_all_have_as_many_as_there_are() {
        let turns = Turns::new();
        let mut first = turns.place("one").expect("there is room");
        let second = turns.place("one").expect("the first gives way");
        assert!(
            first
                .replaced
                .try_recv()
                .is_err_and(|error| error == oneshot::error::TryRecvError::Closed)
        );
        drop(first);
        assert_eq!(turns.tabs().len(), 1, "the newer one stays");
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let others: Vec<_> =
            (1..cores + WAITING).map(|tab| turns.place(&tab.to_string())).collect();
        assert!(others.iter().all(Option::is_some));
        assert!(turns.place("too many").is_none());
        drop(second);
        let waiting = turns.place("again").expect("there is room");
        let again = turns.place("again").expect("its own place");
        drop(waiting);
        assert!(turns.place("too many").is_none(), "the place is held");
        drop(again);
        assert!(turns.place("too many").is_some());
    }
}
