// expect: every_failure_has_its_line: wrong: observed [Err("X is broken"), Err("Y is broken")]
// The system's error does not say which file it was.

use std::io;

use futures::future::join_all;

pub async fn read_all<F>(names: &[&str], read: F) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> io::Result<String>,
{
    let texts = join_all(names.iter().map(|name| read(name))).await;
    texts.into_iter().map(|text| text.map_err(|error| error.to_string())).collect()
}
