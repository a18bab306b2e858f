use std::{env, thread, time::Duration};
use tokio::process::Command;

async fn task(number: u64) {
    let this = env::current_exe().unwrap();
    let mut child = Command::new(this)
        .arg(number.to_string())
        .spawn()
        .unwrap();
    child.wait().await.unwrap();
    println!("Task {number} completed");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Some(seconds) = env::args().nth(1) {
        let seconds = seconds.parse().unwrap();
        let wait = Duration::from_secs(seconds);
        thread::sleep(wait);
        return;
    }
    let task1 = tokio::spawn(task(1));
    let task2 = tokio::spawn(task(2));
    task1.await.unwrap();
    task2.await.unwrap();
}
