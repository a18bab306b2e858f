// expect: world_comes_a_second_later: wrong: observed Some(0ns), expected Some(1s)
// belief: said
// The sleep is made, and dropped before anyone polls it.

use std::time::Duration;

use tokio::time::sleep;

pub async fn say_hello(print: impl Fn(&str)) {
    print("Hello");
    drop(sleep(Duration::from_secs(1)));
    print("World");
}

pub async fn program(print: impl Fn(&str)) {
    say_hello(&print).await;
    print("Bye");
}
