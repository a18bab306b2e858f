// expect: bye_comes_last: wrong: expected ["Hello", "World", "Bye"]
// Bye does not wait for Hello to be done.

use std::time::Duration;

use tokio::time::sleep;

pub async fn say_hello(print: impl Fn(&str)) {
    print("Hello");
    sleep(Duration::from_secs(1)).await;
    print("World");
}

pub async fn program(print: impl Fn(&str)) {
    futures::join!(say_hello(&print), async { print("Bye") });
}
