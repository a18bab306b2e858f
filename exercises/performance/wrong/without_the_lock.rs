// expect: -: does_not_compile: [E0599]
// belief: the_lock_lies_beside

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
        if let Some(page) = self.pages.get(url) {
            return page.clone();
        }
        let page = fetch(url).await;
        self.pages.insert(url.to_owned(), page.clone());
        page
    }
}
