// expect: bye_comes_last: wrong: Calling an async fn runs nothing
// As if the call had started it.

use std::time::Duration;

use tokio::time::sleep;

pub async fn say_hello(print: impl Fn(&str)) {
    print("Hello");
    sleep(Duration::from_secs(1)).await;
    print("World");
}

pub async fn program(print: impl Fn(&str)) {
    let hello = say_hello(&print);
    sleep(Duration::from_secs(1)).await;
    print("Bye");
    drop(hello);
}
