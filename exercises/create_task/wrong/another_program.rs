// expect: the_program_is_unchanged: wrong: is no longer the one to predict
// The program is made to fit.

use std::time::Duration;

use tokio::{spawn, time::sleep};

/// The printed lines, first to last. Here they stand as in the source.
pub const PREDICTION: &[&str] = &["main: both spawned", "main: the end"];

/// A shorter one.
pub async fn program(print: impl Fn(&str) + Clone + Send + 'static) {
    let slow = spawn(sleep(Duration::from_secs(2)));
    print("main: both spawned");
    slow.await.unwrap();
    print("main: the end");
}
