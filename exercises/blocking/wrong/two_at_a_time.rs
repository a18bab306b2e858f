// expect: all_at_once: wrong: files being read together: observed 2, expected 3
// A bound that nobody asked for.

use futures::{StreamExt, stream};
use tokio::task::spawn_blocking;

pub async fn read_all<R>(names: Vec<String>, read: R) -> Vec<String>
where
    R: Fn(&str) -> String + Clone + Send + 'static,
{
    let reads = names.into_iter().map(|name| {
        let read = read.clone();
        async move { spawn_blocking(move || read(&name)).await.unwrap() }
    });
    stream::iter(reads).buffered(2).collect().await
}
