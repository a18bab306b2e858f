// expect: the_others_are_read: wrong: observed [Err("no such file")]
// Everything is read, and thrown away because of one file.

use std::io;

use futures::future::join_all;

pub async fn read_all<F>(names: &[&str], read: F) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> io::Result<String>,
{
    let texts = join_all(names.iter().map(|name| read(name))).await;
    match texts.into_iter().collect::<io::Result<Vec<_>>>() {
        Ok(texts) => texts.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error.to_string())],
    }
}
