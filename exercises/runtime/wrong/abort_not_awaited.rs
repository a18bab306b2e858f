// expect: nobody_is_left: wrong: observed (3, None), expected (3, Some(3s))
// abort asks; the task is dropped later.

use tokio::spawn;

pub async fn program<S, F, H>(numbers: &[u64], save: S, heartbeat: H)
where
    S: Fn(u64) -> F,
    F: Future<Output = ()> + Send + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    let heartbeat = spawn(heartbeat);
    let saves: Vec<_> = numbers.iter().map(|&number| spawn(save(number))).collect();
    for save in saves {
        save.await.unwrap();
    }
    heartbeat.abort();
}
