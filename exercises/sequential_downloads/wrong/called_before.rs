// expect: one_download_and_one_save: wrong: observed 9s, expected 7s
// The save is called early and awaited late: in between no one polls it.

pub async fn copy_all(
    urls: &[&str],
    download: impl AsyncFn(&str) -> String,
    save: impl AsyncFn(String),
) {
    let mut saving = None;
    for url in urls {
        let picture = download(url).await;
        if let Some(saving) = saving.replace(Box::pin(save(picture))) {
            saving.await;
        }
    }
    if let Some(saving) = saving {
        saving.await;
    }
}
