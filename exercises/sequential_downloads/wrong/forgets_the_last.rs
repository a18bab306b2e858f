// expect: one_download_and_one_save: wrong: observed 6s, expected 7s
// After the loop, one picture is still in the hand.

pub async fn copy_all(
    urls: &[&str],
    download: impl AsyncFn(&str) -> String,
    save: impl AsyncFn(String),
) {
    let Some((first, rest)) = urls.split_first() else { return };
    let mut picture = download(first).await;
    for url in rest {
        (picture, _) = tokio::join!(download(url), save(picture));
    }
    drop(picture);
}
