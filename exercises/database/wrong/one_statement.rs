// expect: free_while_writing: wrong: connections in use after ten seconds of writing: observed 1, expected 0
// A connection without a name lives to the end of the statement, and the letter is in it.

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
        write(find(&mut acquire().await, name).await).await;
    };
    join_all(names.iter().map(|name| write_to(name))).await;
}
