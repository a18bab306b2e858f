// 改好这个文件：先 Hello，一秒后 World，最后 Bye；等待时不挡住别人。
// Mend this file: Hello, World a second later, then Bye; block nobody.

use std::time::Duration;

/// Prints `Hello` and, a second later, `World`.
pub async fn say_hello(print: impl Fn(&str)) {
    print("Hello");
    std::thread::sleep(Duration::from_secs(1));
    print("World");
}

/// Says hello, and `Bye` when that is done.
pub async fn program(print: impl Fn(&str)) {
    let hello = say_hello(&print);
    print("Bye");
    hello.await;
}
