// 改好 Cache：不同的页面同时下载，同一个页面只下载一次。
// Mend Cache: different pages are fetched at the same time, the same page once.

use std::collections::HashMap;

use tokio::sync::Mutex;

/// Pages that have been fetched. Shared by many, so `get` takes `&self`.
#[derive(Default)]
pub struct Cache {
    pages: Mutex<HashMap<String, String>>,
}

impl Cache {
    /// The page at this URL. Calls `fetch` only if no one has before.
    pub async fn get<F>(&self, url: &str, fetch: F) -> String
    where
        F: AsyncFn(&str) -> String,
    {
        let mut pages = self.pages.lock().await;
        if let Some(page) = pages.get(url) {
            return page.clone();
        }
        let page = fetch(url).await;
        pages.insert(url.to_owned(), page.clone());
        page
    }
}
