// expect: held_back: wrong: items made and not yet stored: observed 2
// Backpressure, and not the room that was asked for.

use tokio::sync::mpsc;

pub async fn store_all<S>(sources: Vec<S>, _room: usize, mut store: impl AsyncFnMut(u32))
where
    S: Iterator<Item = u32> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(1);
    for source in sources {
        let sender = sender.clone();
        tokio::spawn(async move {
            for item in source {
                sender.send(item).await.unwrap();
            }
        });
    }
    drop(sender);
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
