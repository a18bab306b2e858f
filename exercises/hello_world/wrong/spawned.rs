// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

use std::time::Duration;

/// Prints `Hello` and, a second later, `World`.
pub async fn say_hello(print: impl Fn(&str)) {
    print("Hello");
    std::thread::sleep(Duration::from_secs(1));
    print("World");
}

/// Says hello, and `Bye` when that is done.
pub async fn program(print: impl Fn(&str)) {
    tokio::spawn(say_hello(&print)).await.unwrap();
    print("Bye");
}
