// expect: all_at_once: wrong: files being read together: observed 1, expected 3
// A handle that is awaited in the loop lets no other file begin.

use tokio::task::spawn_blocking;

pub async fn read_all<R>(names: Vec<String>, read: R) -> Vec<String>
where
    R: Fn(&str) -> String + Clone + Send + 'static,
{
    let mut texts = Vec::new();
    for name in names {
        let read = read.clone();
        texts.push(spawn_blocking(move || read(&name)).await.unwrap());
    }
    texts
}
