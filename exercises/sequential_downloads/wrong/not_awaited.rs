// expect: -: does_not_compile: [E0308]
// belief: a_call_has_the_picture

/// Downloads the pictures one at a time, in their order, and saves them one at
/// a time, in the same order.
pub async fn copy_all(
    urls: &[&str],
    download: impl AsyncFn(&str) -> String,
    save: impl AsyncFn(String),
) {
    for url in urls {
        let picture = download(url);
        save(picture).await;
    }
}
