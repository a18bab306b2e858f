// expect: -: does_not_compile: [E0382]
// belief: one_queue_for_all

use tokio::sync::mpsc;

/// Stores the items of all sources, one at a time, and returns when the last
/// one is stored. Each source has a producer of its own; no more than `room`
/// items wait between the producers and `store`.
pub async fn store_all<S>(sources: Vec<S>, room: usize, mut store: impl AsyncFnMut(u32))
where
    S: Iterator<Item = u32> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(room);
    for source in sources {
        tokio::spawn(async move {
            for item in source {
                sender.send(item).await.unwrap();
            }
        });
    }
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
