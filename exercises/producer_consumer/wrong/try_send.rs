// expect: it_ends: wrong: items stored
// What finds the channel full is lost.

use tokio::sync::mpsc;

pub async fn store_all<S>(sources: Vec<S>, room: usize, mut store: impl AsyncFnMut(u32))
where
    S: Iterator<Item = u32> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(room);
    for source in sources {
        let sender = sender.clone();
        tokio::spawn(async move {
            for item in source {
                let _ = sender.try_send(item);
            }
        });
    }
    drop(sender);
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
