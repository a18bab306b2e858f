// expect: two_at_a_time: wrong: most connections in use: observed 1, expected 2
// Nobody holds a connection too long, and nobody overlaps.

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
        drop(connection);
        write(address).await;
    };
    for name in names {
        write_to(name).await;
    }
}
