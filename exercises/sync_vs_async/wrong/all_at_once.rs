// expect: the_right_answers: wrong: the posts of user
// It asks for the posts before it knows whose.

pub async fn profile<F>(fetch: F) -> [String; 3]
where
    F: AsyncFn(&str) -> String,
{
    let (user, posts, news) = tokio::join!(fetch("user"), fetch("posts of user"), fetch("news"));
    [user, posts, news]
}
