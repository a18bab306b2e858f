// expect: -: does_not_compile: [E0277]
// belief: await_frees_the_thread

use std::time::Duration;

/// Prints `Hello` and, a second later, `World`.
pub async fn say_hello(print: impl Fn(&str)) {
    print("Hello");
    std::thread::sleep(Duration::from_secs(1)).await;
    print("World");
}

/// Says hello, and `Bye` when that is done.
pub async fn program(print: impl Fn(&str)) {
    let hello = say_hello(&print);
    print("Bye");
    hello.await;
}
