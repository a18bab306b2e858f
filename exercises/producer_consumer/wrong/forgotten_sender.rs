// expect: it_ends: deadlock: nothing will wake
// belief: the_producers_ends_are_the_end
// The sender that was cloned is still there, and `recv` waits for it.

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
                sender.send(item).await.unwrap();
            }
        });
    }
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
