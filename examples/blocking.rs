use std::{thread, time::Duration};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

fn load() {
    println!("Load started");
    thread::sleep(Duration::from_secs(3));
    println!("Load finished");
}

async fn load_here() {
    load();
}

async fn tick() {
    for n in 1..=2 {
        sleep(Duration::from_secs(1)).await;
        println!("Tick {n}");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("On this thread:");
    let ticks = tokio::spawn(tick());
    let loads = tokio::spawn(load_here());
    loads.await.unwrap();
    ticks.await.unwrap();

    println!("On another thread:");
    let ticks = tokio::spawn(tick());
    let loads = spawn_blocking(load);
    loads.await.unwrap();
    ticks.await.unwrap();
}
