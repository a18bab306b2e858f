// expect: -: does_not_compile: [E0597]
// belief: the_call_has_asked

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
        let address = {
            let mut connection = acquire().await;
            find(&mut connection, name)
        };
        write(address.await).await;
    };
    join_all(names.iter().map(|name| write_to(name))).await;
}
