// expect: the_answers: wrong: observed ("no such thing", "rain")
// The orders are asked for before the user is known.

pub async fn dashboard<F>(ask: F) -> (String, String)
where
    F: AsyncFn(&str) -> String,
{
    let (_user, orders, news) = tokio::join!(ask("user"), ask("orders of user"), ask("news"));
    (orders, news)
}
