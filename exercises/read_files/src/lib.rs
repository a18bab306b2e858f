// 改好 read_all：有文件读不了，其余的照样要读完。
// Mend read_all: when a file cannot be read, the others are read all the same.

use std::io;

use futures::future::try_join_all;

/// Reads all the files at once. The answer holds one entry for each name, in
/// their order: the text, or a line `NAME: WHY` that says why there is none.
pub async fn read_all<F>(names: &[&str], read: F) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> io::Result<String>,
{
    match try_join_all(names.iter().map(|name| read(name))).await {
        Ok(texts) => texts.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error.to_string())],
    }
}
