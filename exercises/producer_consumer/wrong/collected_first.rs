// expect: held_back: wrong: items made and not yet stored: observed 19
// The channel is bounded, the list before it is not.

use tokio::sync::mpsc;

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
    drop(sender);
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
