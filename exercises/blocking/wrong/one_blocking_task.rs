// expect: all_at_once: wrong: files being read together: observed 1, expected 3
// One thread for all files: the runtime is free, the files wait for each other.

use tokio::task::spawn_blocking;

pub async fn read_all<R>(names: Vec<String>, read: R) -> Vec<String>
where
    R: Fn(&str) -> String + Clone + Send + 'static,
{
    spawn_blocking(move || names.iter().map(|name| read(name)).collect()).await.unwrap()
}
