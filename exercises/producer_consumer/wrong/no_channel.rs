// expect: held_back: wrong: items made and not yet stored: observed 0
// One loop does both, and nothing is made ahead.

pub async fn store_all<S>(sources: Vec<S>, _room: usize, mut store: impl AsyncFnMut(u32))
where
    S: Iterator<Item = u32> + Send + 'static,
{
    for source in sources {
        for item in source {
            store(item).await;
        }
    }
}
