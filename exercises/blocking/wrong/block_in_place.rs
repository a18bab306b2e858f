// expect: others_go_on: panic: can call blocking only when running on the multi-threaded runtime
// belief: block_in_place_is_to_thread
// It hands the other tasks to another worker, and here there is none.

use tokio::task::block_in_place;

pub async fn read_all<R>(names: Vec<String>, read: R) -> Vec<String>
where
    R: Fn(&str) -> String + Clone + Send + 'static,
{
    names.iter().map(|name| block_in_place(|| read(name))).collect()
}
