// expect: two_at_a_time: wrong: most connections in use: observed 1, expected 2
// One connection answers one query at a time.

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
    let mut connection = acquire().await;
    let mut addresses = Vec::new();
    for name in names {
        addresses.push(find(&mut connection, name).await);
    }
    drop(connection);
    join_all(addresses.into_iter().map(|address| write(address))).await;
}
