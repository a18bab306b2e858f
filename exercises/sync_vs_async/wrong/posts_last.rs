// expect: nobody_waits_for_the_slowest: wrong: observed 5s, expected 4s
// The posts wait for the news.

pub async fn profile<F>(fetch: F) -> [String; 3]
where
    F: AsyncFn(&str) -> String,
{
    let (user, news) = tokio::join!(fetch("user"), fetch("news"));
    let posts = fetch(&format!("posts of {user}")).await;
    [user, posts, news]
}
