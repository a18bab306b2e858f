// expect: the_waits_overlap: wrong: time taken: observed 6s, expected 3s
// The call alone does not start the wait.

pub async fn dashboard<F>(ask: F) -> (String, String)
where
    F: AsyncFn(&str) -> String,
{
    let news = ask("news");
    let user = ask("user").await;
    let orders = ask(&format!("orders of {user}")).await;
    (orders, news.await)
}
