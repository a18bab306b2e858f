// expect: it_ends: deadlock: nothing will wake
// belief: fill_then_empty
// `main` waits for room, and nobody is there to make any.

use tokio::sync::mpsc;

pub async fn store_all<S>(sources: Vec<S>, room: usize, mut store: impl AsyncFnMut(u32))
where
    S: Iterator<Item = u32> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(room);
    for source in sources {
        for item in source {
            sender.send(item).await.unwrap();
        }
    }
    drop(sender);
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
