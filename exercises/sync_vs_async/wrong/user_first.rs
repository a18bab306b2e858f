// expect: waits_overlap: wrong: observed 4s, expected 3s
// The news waits for a name that it does not need.

pub async fn profile<F>(fetch: F) -> [String; 3]
where
    F: AsyncFn(&str) -> String,
{
    let user = fetch("user").await;
    let posts = format!("posts of {user}");
    let (posts, news) = tokio::join!(fetch(&posts), fetch("news"));
    [user, posts, news]
}
