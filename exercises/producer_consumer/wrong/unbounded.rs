// expect: held_back: wrong: items made and not yet stored: observed 19
// Nothing is ever full, and the memory pays for it.

use tokio::sync::mpsc;

pub async fn store_all<S>(sources: Vec<S>, _room: usize, mut store: impl AsyncFnMut(u32))
where
    S: Iterator<Item = u32> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for source in sources {
        let sender = sender.clone();
        tokio::spawn(async move {
            for item in source {
                sender.send(item).unwrap();
            }
        });
    }
    drop(sender);
    while let Some(item) = receiver.recv().await {
        store(item).await;
    }
}
