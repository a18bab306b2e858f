// 改好 copy_all：上一张在保存，下一张就可以开始下载。
// Mend copy_all: while one picture is being saved, the next may be on its way.

/// Downloads the pictures one at a time, in their order, and saves them one at
/// a time, in the same order.
pub async fn copy_all(
    urls: &[&str],
    download: impl AsyncFn(&str) -> String,
    save: impl AsyncFn(String),
) {
    for url in urls {
        let picture = download(url).await;
        save(picture).await;
    }
}
