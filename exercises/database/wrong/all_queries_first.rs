// expect: each_letter_at_once: wrong: the letters, and when each was begun
// Ann's letter waits until Fay's address is known.

use futures::future::join_all;

/// Looks up everyone's address in the database, and writes to each as soon as
/// it is known.
///
/// `acquire` takes a connection from the pool, waiting until there is one; a
/// connection that is dropped goes back.
pub async fn write_to_all<C>(
    names: &[&str],
    acquire: impl AsyncFn() -> C,
    find: impl AsyncFn(&mut C, &str) -> String,
    write: impl AsyncFn(String),
) {
    let find = async |name: &str| {
        let mut connection = acquire().await;
        find(&mut connection, name).await
    };
    let addresses = join_all(names.iter().map(|name| find(name))).await;
    join_all(addresses.into_iter().map(|address| write(address))).await;
}
