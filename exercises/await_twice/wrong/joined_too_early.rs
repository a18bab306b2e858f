// expect: the_waits_overlap: wrong: time taken: observed 5s, expected 3s
// The orders wait for the news, which they do not need.

pub async fn dashboard<F>(ask: F) -> (String, String)
where
    F: AsyncFn(&str) -> String,
{
    let (user, news) = tokio::join!(ask("user"), ask("news"));
    let orders = ask(&format!("orders of {user}")).await;
    (orders, news)
}
