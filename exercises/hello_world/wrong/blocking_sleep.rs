// expect: others_run_meanwhile: blocked: tick
// The order is right, but the sleep is still the thread's.

use std::{thread, time::Duration};

pub async fn say_hello(print: impl Fn(&str)) {
    print("Hello");
    thread::sleep(Duration::from_secs(1));
    print("World");
}

pub async fn program(print: impl Fn(&str)) {
    say_hello(&print).await;
    print("Bye");
}
