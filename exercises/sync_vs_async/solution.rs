// 改好 profile：能一起等的就一起等，有先后的仍要先后。
// Mend profile: what can wait together does, and what depends stays behind.

/// Fetches what the profile page shows: the user's name, the user's posts, and
/// the news. The posts can only be asked for by the name.
pub async fn profile<F>(fetch: F) -> [String; 3]
where
    F: AsyncFn(&str) -> String,
{
    let user_and_posts = async {
        let user = fetch("user").await;
        let posts = fetch(&format!("posts of {user}")).await;
        (user, posts)
    };
    let ((user, posts), news) = tokio::join!(user_and_posts, fetch("news"));
    [user, posts, news]
}
