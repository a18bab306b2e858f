// expect: it_ends: wrong: items stored
// An empty channel is not one that has ended.

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
                if sender.send(item).await.is_err() {
                    break;
                }
            }
        });
    }
    tokio::task::yield_now().await;
    while let Ok(item) = receiver.try_recv() {
        store(item).await;
    }
}
