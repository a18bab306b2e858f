// expect: pages_and_cover: wrong: the pages and the cover
// The quickest download comes first.

use futures::{StreamExt, stream::FuturesUnordered};

pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    let downloads: FuturesUnordered<_> = downloads.into_iter().collect();
    futures::join!(downloads.collect(), async { draw() })
}
