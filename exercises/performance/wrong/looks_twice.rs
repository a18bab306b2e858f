// expect: the_same_page_once: wrong: downloads for ten who ask at once: observed 10, expected 1
// Lets go of the lock, and everyone downloads.

use std::{collections::HashMap, sync::Mutex};

#[derive(Default)]
pub struct Cache {
    pages: Mutex<HashMap<String, String>>,
}

impl Cache {
    pub async fn get<F>(&self, url: &str, fetch: F) -> String
    where
        F: AsyncFn(&str) -> String,
    {
        if let Some(page) = self.pages.lock().unwrap().get(url) {
            return page.clone();
        }
        let page = fetch(url).await;
        self.pages.lock().unwrap().insert(url.to_owned(), page.clone());
        page
    }
}
