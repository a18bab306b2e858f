use std::{
    collections::HashMap,
    future::{pending, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex, mpsc},
    task::{Context, Poll, Wake, Waker},
    thread,
    time::{Duration, Instant},
};

struct TaskWaker(u32, mpsc::Sender<u32>);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        let _ = self.1.send(self.0);
    }
}

static DOOR: Mutex<(bool, Option<Waker>)> = Mutex::new((false, None));

async fn guest() {
    poll_fn(|context| {
        let mut door = DOOR.lock().unwrap();
        if door.0 {
            return Poll::Ready(());
        }
        door.1 = Some(context.waker().clone());
        Poll::Pending
    })
    .await;
    println!("came in");
}

async fn host() {
    let mut door = DOOR.lock().unwrap();
    door.0 = true;
    door.1.take().unwrap().wake();
}

/// Nobody wakes it: it is still there when the program ends.
async fn forgotten() {
    pending().await
}

fn main() {
    let start = Instant::now();
    let (sender, ready) = mpsc::channel();
    let mut tasks: HashMap<u32, Pin<Box<dyn Future<Output = ()>>>> = HashMap::new();
    tasks.insert(0, Box::pin(guest()));
    tasks.insert(1, Box::pin(host()));
    tasks.insert(2, Box::pin(forgotten()));
    (0..3).for_each(|id| sender.send(id).unwrap());
    while let Ok(id) = ready.try_recv() {
        let waker = Waker::from(Arc::new(TaskWaker(id, sender.clone())));
        let task = tasks.get_mut(&id).unwrap();
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            tasks.remove(&id);
        }
        thread::sleep(Duration::from_secs(1));
    }
    println!("{} s, {} left", start.elapsed().as_secs(), tasks.len());
}
