use futures::future::join_all;
use std::time::Duration;
use tokio::time::sleep;

const URLS: [&str; 3] = [
    "https://example.com/image1.jpg",
    "https://example.com/image2.jpg",
    "https://example.com/image3.jpg",
];

async fn download(url: &str) {
    println!("开始下载：{url}");
    sleep(Duration::from_secs(2)).await;
    println!("下载完成：{url}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    join_all(URLS.map(download)).await;
}
