// expect: it_ends: deadlock: nothing will wake
// belief: producers_first
// The producers wait for room, and the loop that makes it waits for them.

use tokio::sync::mpsc;

pub async fn store_all<S>(sources: Vec<S>, room: usize, mut store: impl AsyncFnMut(u32))
where
    S: Iterator<Item = u32> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(room);
    let mut producers = Vec::new();
    for source in sources {
        let sender = sender.clone();
        producers.push(tokio::spawn(async move {
            for item in source {
                sender.send(item).await.unwrap();
            }
        }));
    }
    drop(sender);
    for producer in producers {
        producer.await.unwrap();
    }
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
