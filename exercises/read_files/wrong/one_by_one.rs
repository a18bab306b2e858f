// expect: all_at_once: wrong: most files being read: observed 1, expected 3
// Every failure is reported, but each file waits for the one before.

use std::io;

pub async fn read_all<F>(names: &[&str], read: F) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> io::Result<String>,
{
    let mut answers = Vec::new();
    for name in names {
        answers.push(read(name).await.map_err(|error| format!("{name}: {error}")));
    }
    answers
}
