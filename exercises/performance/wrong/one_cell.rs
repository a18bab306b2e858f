// expect: different_pages_at_once: wrong: observed ["page of a", "page of a", "page of a"]
// A OnceCell, but one for all pages.

use tokio::sync::OnceCell;

#[derive(Default)]
pub struct Cache {
    page: OnceCell<String>,
}

impl Cache {
    pub async fn get<F>(&self, url: &str, fetch: F) -> String
    where
        F: AsyncFn(&str) -> String,
    {
        self.page.get_or_init(|| fetch(url)).await.clone()
    }
}
