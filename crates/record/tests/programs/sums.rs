// Many short waits beside one long one, and a wait that begins anew.
use tokio::time::{Duration, Instant, sleep};

async fn steps(step: u64, count: u64) {
    for _ in 0..count {
        sleep(Duration::from_millis(step)).await;
    }
    println!("{count} times {step}");
}

async fn once(all: u64) {
    sleep(Duration::from_millis(all)).await;
    println!("once {all}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::join!(steps(50, 10), once(500), steps(25, 20), steps(100, 5));
    let start = Instant::now();
    let mut wait = Box::pin(sleep(Duration::from_millis(100)));
    tokio::select! {
        biased;
        _ = &mut wait => println!("too early"),
        _ = once(50) => {
            wait.as_mut().reset(start + Duration::from_millis(300));
            wait.await;
            println!("later");
        }
    }
}
