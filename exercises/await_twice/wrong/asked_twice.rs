// expect: each_question_once: wrong: observed ["news", "orders of Ann", "user", "user"]
// The user is asked for once too often.

pub async fn dashboard<F>(ask: F) -> (String, String)
where
    F: AsyncFn(&str) -> String,
{
    let orders = async {
        let user = ask("user").await;
        ask(&format!("orders of {user}")).await
    };
    let (_user, orders, news) = tokio::join!(ask("user"), orders, ask("news"));
    (orders, news)
}
