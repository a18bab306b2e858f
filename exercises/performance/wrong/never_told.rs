// expect: whoever_fetches_may_give_up: deadlock: nothing will wake
// The first leaves a mark, and a bell that it never rings if it is dropped.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::sync::Notify;

#[derive(Clone)]
enum Page {
    Coming(Arc<Notify>),
    Here(String),
}

#[derive(Default)]
pub struct Cache {
    pages: Mutex<HashMap<String, Page>>,
}

impl Cache {
    pub async fn get<F>(&self, url: &str, fetch: F) -> String
    where
        F: AsyncFn(&str) -> String,
    {
        loop {
            let bell = Arc::new(Notify::new());
            let known = self.pages.lock().unwrap().get(url).cloned();
            match known {
                Some(Page::Here(page)) => return page,
                Some(Page::Coming(bell)) => bell.notified().await,
                None => {
                    let mark = Page::Coming(bell.clone());
                    self.pages.lock().unwrap().insert(url.to_owned(), mark);
                    let page = fetch(url).await;
                    self.pages.lock().unwrap().insert(url.to_owned(), Page::Here(page.clone()));
                    bell.notify_waiters();
                    return page;
                }
            }
        }
    }
}
