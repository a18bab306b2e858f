// A task's panic is its own; main's ends the program.
use tokio::time::{Duration, sleep};

async fn work() {
    sleep(Duration::from_millis(100)).await;
    panic!("no work today");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let outcome = tokio::spawn(work()).await;
    println!("{}", outcome.unwrap_err().is_panic());
    let none: Option<u32> = None;
    println!("{}", none.expect("there is one"));
}
