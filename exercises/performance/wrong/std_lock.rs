// expect: different_pages_at_once: blocked: stood still
// belief: a_std_lock_can_be_held

use std::{collections::HashMap, sync::Mutex};

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
        let mut pages = self.pages.lock().unwrap();
        if let Some(page) = pages.get(url) {
            return page.clone();
        }
        let page = fetch(url).await;
        pages.insert(url.to_owned(), page.clone());
        page
    }
}
