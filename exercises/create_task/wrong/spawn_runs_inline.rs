// expect: spawn_runs_nothing_yet: wrong: spawn only puts the task into the runtime's queue
// belief: said
// As if spawn ran the task up to its first await.

use std::time::Duration;

use tokio::{spawn, time::sleep};

/// The printed lines, first to last. Here they stand as in the source.
pub const PREDICTION: &[&str] = &[
    "slow: start",
    "quick: start",
    "main: both spawned",
    "quick: end",
    "main: quick is done",
    "slow: end",
    "main: the end",
];

/// The program to predict; main ends where it ends. Leave it as it is.
pub async fn program(print: impl Fn(&str) + Clone + Send + 'static) {
    let p = print.clone();
    let slow = spawn(async move {
        p("slow: start");
        sleep(Duration::from_secs(2)).await;
        p("slow: end");
    });
    let p = print.clone();
    let quick = spawn(async move {
        p("quick: start");
        sleep(Duration::from_secs(1)).await;
        p("quick: end");
    });
    print("main: both spawned");

    drop(slow);
    quick.await.unwrap();
    print("main: quick is done");

    sleep(Duration::from_secs(2)).await;
    print("main: the end");
    spawn(async move { print("late: start") });
}
