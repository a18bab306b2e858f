// expect: the_same_page_once: wrong: observed 10, expected 1
// No lock, and nothing kept.

#[derive(Default)]
pub struct Cache;

impl Cache {
    pub async fn get<F>(&self, url: &str, fetch: F) -> String
    where
        F: AsyncFn(&str) -> String,
    {
        fetch(url).await
    }
}
