// 改好这个文件：先 Hello，一秒后 World，最后 Bye；等待时不挡住别人。
// Mend this file: Hello, World a second later, then Bye; block nobody.

use std::time::Duration;

use tokio::time::sleep;

/// Prints `Hello` and, a second later, `World`.
pub async fn say_hello(print: impl Fn(&str)) {
    print("Hello");
    sleep(Duration::from_secs(1)).await;
    print("World");
}

/// Says hello, and `Bye` when that is done.
pub async fn program(print: impl Fn(&str)) {
    say_hello(&print).await;
    print("Bye");
}
