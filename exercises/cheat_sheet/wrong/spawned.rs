// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

use std::time::Duration;

use tokio::time::timeout;

/// Asks every source. The answer holds, in the order of the sources, what each
/// of them said, and `None` for those that had not answered after `limit`.
pub async fn ask_all<F>(sources: &[&str], limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    let mut asking = Vec::new();
    for source in sources {
        asking.push(tokio::spawn(timeout(limit, ask(source))));
    }
    let mut answers = Vec::new();
    for task in asking {
        answers.push(task.await.unwrap().ok());
    }
    answers
}
