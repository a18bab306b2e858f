// 改好 program：它一返回，运行时就关闭。要存的都存完，心跳也停好，再返回。
// Mend program: when it returns, the runtime shuts down. Lose no save, leave no task.

use tokio::spawn;

/// Saves every number, all at the same time, while the heart beats.
///
/// The heartbeat never ends by itself. When this function returns, every
/// number is saved, and the heartbeat is gone.
pub async fn program<S, F, H>(numbers: &[u64], save: S, heartbeat: H)
where
    S: Fn(u64) -> F,
    F: Future<Output = ()> + Send + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    spawn(heartbeat);
    for &number in numbers {
        spawn(save(number));
    }
}
