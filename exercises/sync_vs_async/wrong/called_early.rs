// expect: waits_overlap: wrong: observed 6s, expected 3s
// belief: said
// Calling starts nothing.

pub async fn profile<F>(fetch: F) -> [String; 3]
where
    F: AsyncFn(&str) -> String,
{
    let news = fetch("news");
    let user = fetch("user").await;
    let posts = fetch(&format!("posts of {user}")).await;
    [user, posts, news.await]
}
