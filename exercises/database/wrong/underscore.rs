// expect: free_while_writing: wrong: connections in use after ten seconds of writing: observed 1, expected 0
// belief: said
// `_` is a pattern that takes nothing: the connection stays where it is.

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
    let write_to = async |name: &str| {
        let mut connection = acquire().await;
        let address = find(&mut connection, name).await;
        let _ = connection;
        write(address).await;
    };
    join_all(names.iter().map(|name| write_to(name))).await;
}
