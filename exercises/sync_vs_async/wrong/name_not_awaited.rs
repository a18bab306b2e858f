// expect: -: does_not_compile: [E0277]
// belief: a_call_has_the_name

/// Fetches what the profile page shows: the user's name, the user's posts, and
/// the news. The posts can only be asked for by the name.
pub async fn profile<F>(fetch: F) -> [String; 3]
where
    F: AsyncFn(&str) -> String,
{
    let user = fetch("user");
    let posts = fetch(&format!("posts of {user}"));
    let news = fetch("news");
    tokio::join!(user, posts, news).into()
}
