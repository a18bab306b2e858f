// 改好 store_all：通道要限住生产者，生产者都走了，循环要结束。
// Mend store_all: the channel holds its producers back, and the loop ends when they are gone.

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
        let sender = sender.clone();
        tokio::spawn(async move {
            let items: Vec<u32> = source.collect();
            for item in items {
                sender.send(item).await.unwrap();
            }
        });
    }
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
