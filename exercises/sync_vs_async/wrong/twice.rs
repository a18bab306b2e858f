// expect: the_right_answers: wrong: requests: observed 4, expected 3
// The name is fetched for the posts and once more for the page.

pub async fn profile<F>(fetch: F) -> [String; 3]
where
    F: AsyncFn(&str) -> String,
{
    let posts = async {
        let user = fetch("user").await;
        fetch(&format!("posts of {user}")).await
    };
    let (user, posts, news) = tokio::join!(fetch("user"), posts, fetch("news"));
    [user, posts, news]
}
