// expect: the_others_are_read: wrong: observed [Err("b.txt: no such file"), Ok("text of c.txt")
// In the order of the ends, not of the names.

use std::io;

use futures::{StreamExt, stream::FuturesUnordered};

pub async fn read_all<F>(names: &[&str], read: F) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> io::Result<String>,
{
    let read = &read;
    let reads = names
        .iter()
        .map(|name| async move { read(name).await.map_err(|error| format!("{name}: {error}")) });
    reads.collect::<FuturesUnordered<_>>().collect().await
}
