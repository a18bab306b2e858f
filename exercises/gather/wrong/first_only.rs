// expect: in_the_order_of_the_urls: wrong: observed ["page of c"]
// select_all is wait(FIRST_COMPLETED), and drops the rest.

use futures::{FutureExt, future::select_all};

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let downloads = urls.iter().map(|url| fetch(url).boxed_local());
    let (page, _, _) = select_all(downloads).await;
    vec![page]
}
