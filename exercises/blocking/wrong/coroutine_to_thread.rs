// expect: -: does_not_compile: [E0277]
// belief: the_coroutine_goes_to_the_thread

/// Reads all files at the same time and answers with their texts, in the order
/// of the names. `read` keeps its thread until the file is there.
pub async fn read_all<R>(names: Vec<String>, read: R) -> Vec<String>
where
    R: Fn(&str) -> String + Clone + Send + 'static,
{
    let mut tasks = Vec::new();
    for name in names {
        let read = read.clone();
        tasks.push(tokio::task::spawn_blocking(async move { read(&name) }));
    }
    let mut texts = Vec::new();
    for task in tasks {
        texts.push(task.await.unwrap());
    }
    texts
}
