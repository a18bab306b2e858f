// expect: different_pages_at_once: wrong: most downloads in flight: observed 1, expected 3
// A lock for each page, but the guard of the map lives on beside it.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::{Mutex, OnceCell};

#[derive(Default)]
pub struct Cache {
    pages: Mutex<HashMap<String, Arc<OnceCell<String>>>>,
}

impl Cache {
    pub async fn get<F>(&self, url: &str, fetch: F) -> String
    where
        F: AsyncFn(&str) -> String,
    {
        let mut pages = self.pages.lock().await;
        let page = pages.entry(url.to_owned()).or_default();
        page.get_or_init(|| fetch(url)).await.clone()
    }
}
