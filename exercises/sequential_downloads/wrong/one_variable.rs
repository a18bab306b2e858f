// expect: -: does_not_compile: [E0308]
// belief: one_variable_for_any_coroutine

/// Downloads the pictures one at a time, in their order, and saves them one at
/// a time, in the same order.
pub async fn copy_all(
    urls: &[&str],
    download: impl AsyncFn(&str) -> String,
    save: impl AsyncFn(String),
) {
    let mut saving = async {};
    for url in urls {
        let picture = download(url).await;
        saving.await;
        saving = save(picture);
    }
    saving.await;
}
