// expect: -: does_not_compile: [E0308]
// belief: seconds_are_a_number

/// Prints `Hello` and, a second later, `World`.
pub async fn say_hello(print: impl Fn(&str)) {
    print("Hello");
    tokio::time::sleep(1).await;
    print("World");
}

/// Says hello, and `Bye` when that is done.
pub async fn program(print: impl Fn(&str)) {
    let hello = say_hello(&print);
    print("Bye");
    hello.await;
}
