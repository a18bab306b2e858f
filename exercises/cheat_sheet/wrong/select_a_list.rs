// expect: -: does_not_compile: [E0277]
// belief: wait_answers_with_the_done

use std::time::Duration;

use tokio::time::sleep;

/// Asks every source. The answer holds, in the order of the sources, what each
/// of them said, and `None` for those that had not answered after `limit`.
pub async fn ask_all<F>(sources: &[&str], limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    let asking: Vec<_> = sources.iter().map(|source| ask(source)).collect();
    tokio::select! {
        biased;
        answers = asking => answers.into_iter().map(Some).collect(),
        () = sleep(limit) => vec![None; sources.len()],
    }
}
