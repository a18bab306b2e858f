// expect: -: does_not_compile: [E0308]
// belief: an_exception_is_its_text

use std::io;

use futures::future::join_all;

/// Reads all the files at once. The answer holds one entry for each name, in
/// their order: the text, or a line `NAME: WHY` that says why there is none.
pub async fn read_all<F>(names: &[&str], read: F) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> io::Result<String>,
{
    join_all(names.iter().map(|name| read(name))).await
}
