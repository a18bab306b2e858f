// The sender is kept, so the receiver is not told that nobody will send.
use tokio::sync::oneshot;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (answer, question) = oneshot::channel::<u32>();
    println!("{:?}", question.await);
    drop(answer);
}
