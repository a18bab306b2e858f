// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

use std::io;

/// Reads all the files at once. The answer holds one entry for each name, in
/// their order: the text, or a line `NAME: WHY` that says why there is none.
pub async fn read_all<F>(names: &[&str], read: F) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> io::Result<String>,
{
    let reads: Vec<_> = names.iter().map(|name| tokio::spawn(read(name))).collect();
    let mut texts = Vec::new();
    for (name, read) in names.iter().zip(reads) {
        texts.push(read.await.unwrap().map_err(|error| format!("{name}: {error}")));
    }
    texts
}
