// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

/// Fetches what the profile page shows: the user's name, the user's posts, and
/// the news. The posts can only be asked for by the name.
pub async fn profile<F>(fetch: F) -> [String; 3]
where
    F: AsyncFn(&str) -> String,
{
    let news = tokio::spawn(fetch("news"));
    let user = fetch("user").await;
    let posts = fetch(&format!("posts of {user}")).await;
    [user, posts, news.await.unwrap()]
}
