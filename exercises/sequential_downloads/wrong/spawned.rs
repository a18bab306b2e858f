// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

/// Downloads the pictures one at a time, in their order, and saves them one at
/// a time, in the same order.
pub async fn copy_all(
    urls: &[&str],
    download: impl AsyncFn(&str) -> String,
    save: impl AsyncFn(String),
) {
    let mut saves = Vec::new();
    for url in urls {
        let picture = download(url).await;
        saves.push(tokio::spawn(save(picture)));
    }
    for save in saves {
        save.await.unwrap();
    }
}
