// 改好 Cache：不同的页面同时下载，同一个页面只下载一次。
// Mend Cache: different pages are fetched at the same time, the same page once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::sync::OnceCell;

/// Pages that have been fetched. Shared by many, so `get` takes `&self`.
#[derive(Default)]
pub struct Cache {
    pages: Mutex<HashMap<String, Arc<OnceCell<String>>>>,
}

impl Cache {
    /// The page at this URL. Calls `fetch` only if no one has before.
    pub async fn get<F>(&self, url: &str, fetch: F) -> String
    where
        F: AsyncFn(&str) -> String,
    {
        let page = self.pages.lock().unwrap().entry(url.to_owned()).or_default().clone();
        page.get_or_init(|| fetch(url)).await.clone()
    }
}
