// expect: world_comes_a_second_later: wrong: when `Hello` was printed: observed Some(1s), expected Some(0ns)
// The second goes by before Hello.

use std::time::Duration;

use tokio::time::sleep;

pub async fn say_hello(print: impl Fn(&str)) {
    sleep(Duration::from_secs(1)).await;
    print("Hello");
    print("World");
}

pub async fn program(print: impl Fn(&str)) {
    say_hello(&print).await;
    print("Bye");
}
