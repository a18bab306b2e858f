// expect: in_the_order_of_the_names: wrong: observed ["c", "b", "a"]
// A JoinSet answers in the order of the ends.

use tokio::task::JoinSet;

pub async fn read_all<R>(names: Vec<String>, read: R) -> Vec<String>
where
    R: Fn(&str) -> String + Clone + Send + 'static,
{
    let mut set = JoinSet::new();
    for name in names {
        let read = read.clone();
        set.spawn_blocking(move || read(&name));
    }
    set.join_all().await
}
