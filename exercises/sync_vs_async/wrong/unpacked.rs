// expect: -: does_not_compile: [E0529]
// belief: a_list_unpacks

/// Fetches what the profile page shows: the user's name, the user's posts, and
/// the news. The posts can only be asked for by the name.
pub async fn profile<F>(fetch: F) -> [String; 3]
where
    F: AsyncFn(&str) -> String,
{
    let [user, news] = futures::future::join_all([fetch("user"), fetch("news")]).await;
    let posts = fetch(&format!("posts of {user}")).await;
    [user, posts, news]
}
