// expect: the_others_are_read: wrong: observed [Ok("text of a.txt"), Ok("text of c.txt")]
// A file that is missing must not go missing from the answer.

use std::io;

use futures::future::join_all;

pub async fn read_all<F>(names: &[&str], read: F) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> io::Result<String>,
{
    let texts = join_all(names.iter().map(|name| read(name))).await;
    texts.into_iter().flatten().map(Ok).collect()
}
