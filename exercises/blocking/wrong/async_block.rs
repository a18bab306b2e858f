// expect: others_go_on: blocked: what another task did: observed "nothing"
// It joins them, and each still runs on the one thread.

use futures::future::join_all;

pub async fn read_all<R>(names: Vec<String>, read: R) -> Vec<String>
where
    R: Fn(&str) -> String + Clone + Send + 'static,
{
    join_all(names.iter().map(|name| async { read(name) })).await
}
