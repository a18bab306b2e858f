use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Wake, Waker},
    thread,
    time::{Duration, Instant},
};

type Task = Pin<Box<dyn Future<Output = ()>>>;
type Timers = BTreeMap<Instant, Vec<Waker>>;

static READY: Mutex<VecDeque<usize>> =
    Mutex::new(VecDeque::new());
static TIMERS: Mutex<Timers> =
    Mutex::new(BTreeMap::new());

struct TaskWaker(usize);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        READY.lock().unwrap().push_back(self.0);
    }
}

fn sleep(
    duration: Duration,
) -> impl Future<Output = ()> {
    let due = Instant::now() + duration;
    poll_fn(move |cx| {
        if Instant::now() >= due {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        let mut timers = TIMERS.lock().unwrap();
        let sleepers =
            timers.entry(due).or_default();
        sleepers.push(waker);
        Poll::Pending
    })
}

fn wake_next_sleepers() {
    let next = TIMERS.lock().unwrap().pop_first();
    let (due, sleepers) =
        next.expect("nobody will wake a task");
    let now = Instant::now();
    thread::sleep(
        due.saturating_duration_since(now),
    );
    for waker in sleepers {
        waker.wake();
    }
}

#[derive(Default)]
struct EventLoop {
    tasks: HashMap<usize, Task>,
}

impl EventLoop {
    fn spawn<F>(&mut self, future: F)
    where
        F: Future<Output = ()> + 'static,
    {
        let id = self.tasks.len() + 1;
        self.tasks.insert(id, Box::pin(future));
        READY.lock().unwrap().push_back(id);
    }

    fn run(mut self) {
        while !self.tasks.is_empty() {
            let next =
                READY.lock().unwrap().pop_front();
            match next {
                Some(id) => self.poll(id),
                None => wake_next_sleepers(),
            }
        }
    }

    fn poll(&mut self, id: usize) {
        let task = self.tasks.get_mut(&id);
        let Some(task) = task else { return };
        let waker =
            Arc::new(TaskWaker(id)).into();
        let mut cx = Context::from_waker(&waker);
        let poll = task.as_mut().poll(&mut cx);
        if poll.is_ready() {
            self.tasks.remove(&id);
        }
    }
}

async fn task1() {
    println!("Task 1 started");
    sleep(Duration::from_secs(1)).await;
    println!("Task 1 finished");
}

async fn task2() {
    println!("Task 2 started");
    sleep(Duration::from_secs(2)).await;
    println!("Task 2 finished");
}

fn main() {
    let mut event_loop = EventLoop::default();
    event_loop.spawn(task1());
    event_loop.spawn(task2());
    event_loop.run();
}
