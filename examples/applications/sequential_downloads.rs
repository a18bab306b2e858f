use std::env;

use applications::{Failure, part, site};
use reqwest::Client;
use tokio::{fs, io::AsyncWriteExt};

const FOLDER: &str = "downloads";

async fn download(
    client: &Client,
    url: &str,
) -> Result<(), Failure> {
    println!("开始下载：{url}");
    let answer = client.get(url).send().await?;
    let image = answer.error_for_status()?;
    let name = part::file_name(image.url())?;
    let image = image.bytes().await?;
    println!("下载完成");

    let (mut file, saved) =
        part::create_new(FOLDER, &name).await?;
    if saved != name {
        eprintln!("{name} → {saved}");
    }
    file.write_all(&image).await?;
    file.flush().await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let mut client = Client::builder();
    let mut urls: Vec<_> =
        env::args().skip(1).collect();
    if urls.is_empty() {
        client = site::client()?;
        urls =
            site::IMAGES.map(Into::into).into();
    }
    let client = client.build()?;
    fs::create_dir_all(FOLDER).await?;

    for url in urls {
        download(&client, &url).await?;
    }
    Ok(())
}
