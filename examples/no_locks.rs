use std::{cell::Cell, time::Duration};
use tokio::{join, sync::Mutex, time::sleep};

async fn add_after(count: &Cell<u32>) {
    sleep(Duration::from_secs(1)).await;
    count.set(count.get() + 1);
}

async fn add_across(count: &Cell<u32>) {
    let seen = count.get();
    sleep(Duration::from_secs(1)).await;
    count.set(seen + 1);
}

async fn add_locked(count: &Mutex<u32>) {
    let mut count = count.lock().await;
    let seen = *count;
    sleep(Duration::from_secs(1)).await;
    *count = seen + 1;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let count = Cell::new(0);
    join!(add_after(&count), add_after(&count));
    println!("No await between: {}", count.get());

    let count = Cell::new(0);
    join!(add_across(&count), add_across(&count));
    println!("An await between: {}", count.get());

    let count = Mutex::new(0);
    join!(add_locked(&count), add_locked(&count));
    println!(
        "A lock around it: {}",
        count.into_inner()
    );
}
