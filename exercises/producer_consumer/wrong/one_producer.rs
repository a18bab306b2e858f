// expect: a_producer_each: wrong: when the item of the short source was stored
// One producer for all sources: the second waits until the first is empty.

use tokio::sync::mpsc;

pub async fn store_all<S>(sources: Vec<S>, room: usize, mut store: impl AsyncFnMut(u32))
where
    S: Iterator<Item = u32> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(room);
    tokio::spawn(async move {
        for item in sources.into_iter().flatten() {
            sender.send(item).await.unwrap();
        }
    });
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
