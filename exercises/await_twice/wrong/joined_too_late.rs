// expect: the_waits_overlap: wrong: time taken: observed 4s, expected 3s
// The news waits for the user, which it does not need.

pub async fn dashboard<F>(ask: F) -> (String, String)
where
    F: AsyncFn(&str) -> String,
{
    let user = ask("user").await;
    let question = format!("orders of {user}");
    tokio::join!(ask(&question), ask("news"))
}
