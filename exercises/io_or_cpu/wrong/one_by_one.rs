// expect: draws_while_they_wait: wrong: observed Some((1, 0)), expected Some((3, 0))
// The second download begins when the first has ended.

pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    let one_by_one = async {
        let mut pages = Vec::new();
        for download in downloads {
            pages.push(download.await);
        }
        pages
    };
    futures::join!(one_by_one, async { draw() })
}
