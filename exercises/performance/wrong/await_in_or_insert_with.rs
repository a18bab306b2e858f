// expect: -: does_not_compile: [E0728]
// belief: await_in_a_closure

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
        pages.entry(url.to_owned()).or_insert_with(|| fetch(url).await).clone()
    }
}
