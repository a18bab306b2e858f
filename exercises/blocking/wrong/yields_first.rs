// expect: others_go_on: blocked: what another task did: observed "nothing"
// The others have one turn, and then wait as before.

pub async fn read_all<R>(names: Vec<String>, read: R) -> Vec<String>
where
    R: Fn(&str) -> String + Clone + Send + 'static,
{
    let mut tasks = Vec::new();
    for name in names {
        let read = read.clone();
        tasks.push(tokio::spawn(async move {
            tokio::task::yield_now().await;
            read(&name)
        }));
    }
    let mut texts = Vec::new();
    for task in tasks {
        texts.push(task.await.unwrap());
    }
    texts
}
