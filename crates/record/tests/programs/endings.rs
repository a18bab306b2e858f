use std::time::Duration;
use tokio::time::sleep;

async fn panics() {
    sleep(Duration::from_millis(100)).await;
    panic!("on purpose");
}

async fn never_polled() {
    println!("this is never printed");
}

async fn outlives_main() {
    sleep(Duration::from_secs(3600)).await;
    println!("nor is this");
}

async fn parent() {
    let child = tokio::spawn(async {
        tokio::task::yield_now().await;
        println!("child");
    });
    child.await.unwrap();
    println!("parent");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task = tokio::spawn(panics());
    println!("panicked: {}", task.await.unwrap_err().is_panic());

    let task = tokio::spawn(never_polled());
    task.abort();
    println!("cancelled: {}", task.await.unwrap_err().is_cancelled());

    tokio::spawn(outlives_main());
    tokio::spawn(parent()).await.unwrap();
}
