// main waits for a task, and the task for main's word.
use tokio::sync::oneshot;
use tokio::task::JoinSet;

async fn worker(go: oneshot::Receiver<()>) {
    go.await.unwrap();
    println!("works");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (go, wait) = oneshot::channel();
    let task = tokio::spawn(worker(wait));
    let mut set = JoinSet::new();
    set.spawn(async move {
        task.await.unwrap();
    });
    while set.join_next().await.is_some() {}
    go.send(()).unwrap();
}
