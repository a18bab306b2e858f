use std::time::Duration;
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::{broadcast, watch},
    task::LocalSet,
    time::{self, Instant, sleep},
};

tokio::task_local! {
    static NAME: &'static str;
}

struct App {
    runtime: Runtime,
}

async fn fallible(seconds: u64, fails: bool) -> Result<u64, String> {
    sleep(Duration::from_secs(seconds)).await;
    if fails { Err(format!("failed after {seconds} s")) } else { Ok(seconds) }
}

async fn selecting() {
    let (tx, mut rx) = watch::channel(0);
    let (events, mut receiver) = broadcast::channel(4);
    let feeder = tokio::spawn(async move {
        for value in 1..=2 {
            sleep(Duration::from_millis(300)).await;
            tx.send(value).unwrap();
            events.send(value * 10).unwrap();
        }
    });
    let mut ticks = time::interval(Duration::from_millis(250));
    let deadline = sleep(Duration::from_secs(1));
    tokio::pin!(deadline);
    loop {
        tokio::select! {
            biased;
            _ = &mut deadline => break,
            Ok(()) = rx.changed() => println!("watch {}", *rx.borrow()),
            Ok(value) = receiver.recv() => println!("broadcast {value}"),
            _ = ticks.tick() => println!("tick"),
        }
    }
    feeder.await.unwrap();
}

fn main() {
    let app = App { runtime: Builder::new_current_thread().enable_time().build().unwrap() };
    let start = app.runtime.block_on(async {
        let start = Instant::now();
        println!("{:?}", tokio::try_join!(fallible(1, false), fallible(2, true), fallible(3, false)));
        NAME.scope("scoped", async { println!("{}", NAME.get()) }).await;
        Handle::current().spawn(fallible(1, false)).await.unwrap().unwrap();
        start
    });
    println!("{} s", app.runtime.block_on(async move { start.elapsed() }).as_secs());
    app.runtime.block_on(selecting());
    LocalSet::new().block_on(&app.runtime, async {
        tokio::task::spawn_local(async { println!("local") }).await.unwrap();
    });
}
